"""Any bytes at all for everything that reads: what comes is a value, a rejection or an error with a remedy."""
