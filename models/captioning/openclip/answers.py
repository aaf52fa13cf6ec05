"""From what a picture and the prompts have in common to features, each with a confidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from ...samples.sample import Feature
from .prompts import Group, Prompts

DOUBTFUL = 0.25  # an answer to an exclusive question is reported down to here; it is spoken from 0.5 on
NEVER = 1e-6  # keeps logits finite


def answers(logits: Tensor, prompts: Prompts, strictness: float, bias: float | None) -> list[tuple[Feature, ...]]:
    """`logits`: `(B, lines)`, scale times cosine. `bias`: that of a model trained with a sigmoid (SigLIP).

    A confidence of 0.5 means the group's threshold; `strictness` moves it, in logits.
    """
    sizes = [len(group.values) + len(group.rest) for group in prompts.groups]
    found: list[list[Feature]] = [[] for _ in logits]
    for group, part in zip(prompts.groups, logits.float().cpu().split(sizes, 1), strict=True):
        told = _one(group, part, strictness) if group.kind == "one" else _any(group, part, strictness, bias)
        for row, features in zip(found, told, strict=True):
            row.extend(features)
    return [tuple(row) for row in found]


def _one(group: Group, logits: Tensor, strictness: float) -> Iterator[Sequence[Feature]]:
    """The likeliest value, unless it is likelier that none can be seen."""
    values, rest = logits.softmax(1).split((len(group.values), len(group.rest)), 1)
    likely, which = values.max(1)
    sure = sureness(likely, group.threshold, strictness)
    for index, told, hidden in zip(which.tolist(), sure.tolist(), (rest.sum(1) > likely).tolist(), strict=True):
        yield () if hidden or told < DOUBTFUL else (_feature(group, index, told),)


def _any(group: Group, logits: Tensor, strictness: float, bias: float | None) -> Iterator[Sequence[Feature]]:
    """Every value against the rest, or by its own sigmoid: the number of the others changes nothing."""
    values, rest = logits.split((len(group.values), len(group.rest)), 1)
    if bias is None:
        likely, threshold = torch.sigmoid(values - rest.logsumexp(1, keepdim=True)), group.threshold
    else:
        likely, threshold = torch.sigmoid(values + bias), group.sigmoid
    for row in sureness(likely, threshold, strictness).tolist():
        yield [_feature(group, index, told) for index, told in enumerate(row) if told >= 0.5]


def sureness(probability: Tensor, threshold: float, strictness: float) -> Tensor:
    """0.5 at the threshold, 0 and 1 where the probability is; monotonous between."""
    moved = torch.logit(probability, NEVER) - torch.logit(torch.tensor(threshold), NEVER) - strictness
    return torch.sigmoid(moved)


def _feature(group: Group, index: int, sure: float) -> Feature:
    return Feature(group.slot, group.values[index], "captioner", round(sure, 3))
