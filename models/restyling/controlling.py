"""What a ControlNet can be shown of the picture that it keeps in its lines."""

from __future__ import annotations

EDGES, AS_IT_IS = "edges (Canny)", "the picture as it is"
LOOKS_AT = (EDGES, AS_IT_IS)
# The host's Canny begins with these.
LOW, HIGH = 0.4, 0.8
