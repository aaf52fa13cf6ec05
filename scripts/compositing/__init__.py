"""The shipped compositing weights are trained and judged by scripts, from one command."""
