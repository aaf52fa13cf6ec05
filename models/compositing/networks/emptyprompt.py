"""What the text encoder of a Stable Diffusion checkpoint says to an empty prompt.

CLIP's text transformer (Radford et al. 2021) written out: it runs once, on one text, and transformers has
renamed the weights of its own between versions, the checkpoints' names stand.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

LENGTH = 77
# Of every CLIP text encoder: 768 wide with 12 heads, 1024 with 16, 1280 with 20.
HEAD = 64


@torch.no_grad()
def empty_prompt(weights: dict[str, Tensor]) -> Tensor:
    """`(77, D)` float32. `weights` by CLIP's names without `text_model.`: `embeddings...`, `encoder.layers.0...`.

    Raises `KeyError` with the name of a weight that is missing.
    """
    weights = {name: tensor.float() for name, tensor in weights.items() if tensor.is_floating_point()}
    words = weights["embeddings.token_embedding.weight"]
    # The vocabulary ends with the marks of beginning and end; Stable Diffusion 1 fills up with the latter.
    begin, end = len(words) - 2, len(words) - 1
    x = words[[begin] + [end] * (LENGTH - 1)] + weights["embeddings.position_embedding.weight"][:LENGTH]
    for i in range(layers_of(weights)):
        of = f"encoder.layers.{i}."
        x = x + _attention(_normed(x, weights, f"{of}layer_norm1"), weights, f"{of}self_attn.")
        x = x + _thought(_normed(x, weights, f"{of}layer_norm2"), weights, f"{of}mlp.")
    return _normed(x, weights, "final_layer_norm")


def layers_of(names) -> int:
    return 1 + max((int(n.split(".")[2]) for n in names if n.startswith("encoder.layers.")), default=-1)


def _attention(x: Tensor, weights: dict[str, Tensor], of: str) -> Tensor:
    """Every word looks at itself and at those before it."""
    q, k, v = (_linear(x, weights, f"{of}{n}_proj").unflatten(-1, (-1, HEAD)).transpose(0, 1) for n in "qkv")
    mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    return _linear(mixed.transpose(0, 1).flatten(1), weights, f"{of}out_proj")


def _thought(x: Tensor, weights: dict[str, Tensor], of: str) -> Tensor:
    x = _linear(x, weights, f"{of}fc1")
    return _linear(x * torch.sigmoid(1.702 * x), weights, f"{of}fc2")  # OpenAI's quick GELU


def _linear(x: Tensor, weights: dict[str, Tensor], name: str) -> Tensor:
    return F.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _normed(x: Tensor, weights: dict[str, Tensor], name: str) -> Tensor:
    return F.layer_norm(x, x.shape[-1:], weights[f"{name}.weight"], weights[f"{name}.bias"])
