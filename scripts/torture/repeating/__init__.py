"""The same work done again in other circumstances, and what came out of it compared."""
