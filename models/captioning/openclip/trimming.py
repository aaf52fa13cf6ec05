"""Sentences to vectors, without computing on the padding where it cannot matter."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def encode_text(model: nn.Module, tokens: Tensor) -> Tensor:
    """`(n, context)` tokens to `(n, d)` unit vectors, as `model.encode_text` gives them.

    In a causal tower that reads a sentence off at its end mark, no position sees the padding behind it: 77 positions
    become as many as the longest sentence has (8 for a short phrase). Towers that see both ways (SigLIP,
    transformers) or read off elsewhere (CoCa's class token) get the whole context.
    """
    tower = getattr(model, "text", model)
    pool = getattr(tower, "pool_type", None) or getattr(tower, "text_pool_type", None)
    causal = getattr(tower, "attn_mask", None) is not None and getattr(tower, "cls_emb", None) is None
    if not causal or pool not in ("argmax", "eos"):
        return model.encode_text(tokens, normalize=True)
    if pool == "argmax":  # the end mark has the highest number
        ends = tokens.argmax(-1)
    else:
        eos = getattr(tower, "eos_id", None) or tower.text_eos_id
        ends = (tokens == eos).int().argmax(-1)
    return nn.functional.normalize(_read_off(tower, tokens, ends), dim=-1)


def _read_off(tower: nn.Module, tokens: Tensor, ends: Tensor) -> Tensor:
    """open_clip's own sequence of layers (`CLIP.encode_text`), on the positions up to the last end mark."""
    length = int(ends.max()) + 1
    dtype = tower.transformer.get_cast_dtype()
    x = tower.token_embedding(tokens[:, :length]).to(dtype) + tower.positional_embedding[:length].to(dtype)
    x = tower.ln_final(tower.transformer(x, attn_mask=tower.attn_mask[:length, :length]))
    x = x[torch.arange(len(x), device=x.device), ends]
    out = tower.text_projection
    return x if out is None else out(x) if isinstance(out, nn.Linear) else x @ out
