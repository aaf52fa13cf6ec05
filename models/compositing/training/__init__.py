"""Both networks trained jointly until they have converged."""
