"""One workflow over all shards of a set, on one or several ComfyUIs that are running."""
