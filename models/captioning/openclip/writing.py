"""The sentence that a CoCa model writes about a picture, word by word."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

LONGEST = 30  # tokens, as in open_clip's own `generate`
FEWEST = 3  # words; less is no sentence


def write_sentences(model: nn.Module, latent: Tensor, tokens: Tensor, marks: tuple[int, int]) -> Tensor:
    """Greedy decoding: `(B, d)` and `(B, n, d)` of the image tower to `(B, length)` token numbers, start mark first.

    `marks`: numbers of the start and the end mark. A finished row is filled with end marks. open_clip's `generate`
    needs parts of transformers that version 5 no longer has (mlfoundations/open_clip#1129).
    """
    start, end = marks
    text = torch.full((len(latent), 1), start, device=latent.device)
    for _ in range(min(LONGEST, model.context_length - 1)):
        out = model(None, text, image_latent=latent, image_embs=tokens, output_labels=False)["logits"][:, -1]
        out[:, start] = -torch.inf
        following = torch.where((text[:, -1:] == end), end, out.argmax(-1, keepdim=True))
        text = torch.cat([text, following], 1)
        if (following == end).all():
            break
    return text


def as_sentence(tokens: Tensor, marks: tuple[int, int], decode: Callable[[list[int]], str]) -> str:
    """`A girl in a park.`; "" where the model had nothing to say, so that one is written from the features."""
    words = [t for t in tokens.tolist() if t not in marks]
    text = " ".join(decode(words).split()).strip(" .,")
    if len(text.split()) < FEWEST:
        return ""
    return f"{text[0].upper()}{text[1:]}."
