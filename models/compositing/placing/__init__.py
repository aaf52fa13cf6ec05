"""From the position network's answer to boxes: where the thing goes, where else it could, or that no place is good."""
