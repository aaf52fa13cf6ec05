"""What runs the benchmarks, and what they have in common."""
