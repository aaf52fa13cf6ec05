"""What a person chooses of an edit model, by name: the node's lists are read while the host starts."""

from __future__ import annotations

TEXT, QWEN, QWEN_PLUS = "text (Flux Kontext, Flux.2)", "Qwen-Image-Edit", "Qwen-Image-Edit Plus (2509, 2511)"
ENCODERS = (TEXT, QWEN, QWEN_PLUS)
OWN_METHOD = "the model's own"
METHODS = (OWN_METHOD, "offset", "index", "uxo/uno", "index_timestep_zero")
