"""The prompts as one matrix of unit vectors, computed once for a model and kept in the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from ...samples.store import Store, store_key
from .prompts import Prompts
from .trimming import encode_text

# Raise it when the same prompts give another matrix.
FORMAT = 1
AT_ONCE = 64  # sentences; more is no faster, on CPUs measured from 32 on


def text_matrix(prompts: Prompts, model: nn.Module, tokenize: Callable[[list[str]], Tensor]) -> Tensor:
    """`(lines, d)` float32: for every line of the prompts the mean over its phrases in every template, made a unit
    vector again (Radford et al. 2021, section 3.1.4)."""
    sentences = [[t.format(phrase) for phrase in line for t in prompts.templates] for line in prompts.lines]
    flat = [sentence for line in sentences for sentence in line]
    vectors = torch.cat([_encoded(flat[i : i + AT_ONCE], model, tokenize) for i in range(0, len(flat), AT_ONCE)])
    means = [part.mean(0) for part in vectors.split([len(line) for line in sentences])]
    return nn.functional.normalize(torch.stack(means), dim=-1)


def kept_text_matrix(store: Store | None, named: Sequence[str], make: Callable[[], Tensor]) -> Tensor:
    """The matrix from the store, or `make()`; `named`: all that it depends on. A damaged file counts as absent."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file, save

    key = store_key("open_clip text", FORMAT, *named)
    path = store.find(key, ".safetensors") if store else None
    if path:
        try:
            return load_file(path)["text"]
        except (SafetensorError, OSError, KeyError):
            pass
    matrix = make()
    if store:
        blob = save({"text": matrix.contiguous()})
        store.put(key, ".safetensors", lambda file: file.write(blob))
    return matrix


def _encoded(sentences: list[str], model: nn.Module, tokenize: Callable[[list[str]], Tensor]) -> Tensor:
    device = next(model.parameters()).device
    return encode_text(model, tokenize(sentences).to(device)).float().cpu()
