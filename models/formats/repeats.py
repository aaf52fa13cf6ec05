"""How often a trainer shows each picture, so that a training has the wanted number of steps."""

from __future__ import annotations


def repeats_for(pictures: int, subsets: int, target_steps: int, batch_size: int, epochs: int) -> int:
    """The repeats of a subset of `pictures`, at least 1.

    A training shows `pictures * repeats * epochs` pictures of a subset, `batch_size` at a step. The steps are
    shared equally between the subsets, so a character with few pictures is not learnt less than another:

        repeats = target_steps * batch_size / (epochs * subsets * pictures)
    """
    return max(1, round(target_steps * batch_size / (epochs * subsets * pictures)))
