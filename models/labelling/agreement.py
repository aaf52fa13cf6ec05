"""How sure it is that the pictures of a character agree on a trait, counting only pictures that can show it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..vocabulary import vocabulary
from .counts import Counts, counted, summed
from .facts import Facts
from .rows import UNIT
from .traits import Trait
from .visibility import slot_numbers, slots_of_views, view_numbers

# One-sided 90 %. Sets have 20 to 40 pictures, of which often a third shows the eyes: with this, seven pictures that
# all agree prove a share of 0.8 and six do not. At 95 % it would take eleven.
Z = 1.2816


class Votes(NamedTuple):
    """What is counted, in numbers that add up over the parts of a set. `pairs`: of each character with each trait that
    occurs, how many pictures show it and the sum of their confidences in thousandths. `answered[c, s]`: pictures of
    character c with an answer in slot s, `sure[c, s]` the sum of their confidences; `present[c, v]`: described
    pictures of c that can show what belongs to view v."""

    pairs: Counts
    answered: np.ndarray
    sure: np.ndarray
    present: np.ndarray


class Agreement(NamedTuple):
    """Row i: `character[i]` and `trait[i]`, a pair that occurs in the set, in that order. `agree` pictures of
    `observable` show the trait; `share` is weighted by confidence, `lower` and `upper` bound it.
    `answered`, `present`: as in `Votes`."""

    character: np.ndarray
    trait: np.ndarray
    agree: np.ndarray
    observable: np.ndarray
    share: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    answered: np.ndarray
    present: np.ndarray


def wilson(share: np.ndarray | float, n: np.ndarray | float, z: float = Z) -> tuple[np.ndarray, np.ndarray]:
    """The score interval for a share seen in `n` trials (Wilson 1927, Probable inference, JASA 22).

    (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n); no trial knows nothing: (0, 1).
    """
    n = np.asarray(n, np.float64)
    p = np.asarray(share, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = p + z * z / (2 * n)
        spread = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        scale = 1 + z * z / n
        lower, upper = (centre - spread) / scale, (centre + spread) / scale
    return np.where(n > 0, lower.clip(0, 1), 0.0), np.where(n > 0, upper.clip(0, 1), 1.0)


def pictures_needed(threshold: float, z: float = Z) -> int:
    """How many pictures must agree, without exception, to prove `threshold`; 0: no number does."""
    # With p = 1 the lower bound is n / (n + z^2).
    return math.ceil(threshold * z * z / (1 - threshold)) if threshold < 1 else 0


def count(facts: Facts, traits: list[Trait], character: np.ndarray) -> Votes:
    """`character[p]`: number of picture p's character. Linear but for one sort of the pairs.

    A slot with one answer (hair colour): the vote is what the picture says; silence is no vote, for a captioner
    that is not sure says nothing. Things that are there or not (glasses): silence of a described picture is a
    vote against. An observation of confidence 0.5 counts as half a picture.
    """
    characters = int(character.max(initial=-1)) + 1
    slot = slot_numbers(traits)[facts.trait]
    owner, seen = character[facts.picture], facts.visible[view_numbers(traits)[facts.trait], facts.picture]
    pairs = counted(owner, facts.trait, np.stack([seen, np.where(seen, facts.weight, 0)], axis=1))
    # The general trait follows from the exact one: one answer, one vote.
    exclusive = np.array([t.exclusive for t in traits] or [False])[facts.trait]
    votes = seen & exclusive & ~_follows(facts, traits)
    shape = (characters, len(vocabulary().slots) + 1)
    answers = _answers(owner[votes], slot[votes], facts.weight[votes], shape)
    return Votes(pairs, *answers, _present(facts, slot, character, characters))


def agreement(votes: Votes, traits: list[Trait]) -> Agreement:
    """`traits`: those that the votes have numbers of."""
    (who, what, number), answered, sure, present = votes
    agree, weight = number[:, 0], number[:, 1] / UNIT
    slot, one_answer = slot_numbers(traits)[what], np.array([t.exclusive for t in traits] or [False])[what]
    heard = np.maximum(present[who, view_numbers(traits)[what]], agree)
    observable = np.where(one_answer, answered[who, slot], heard)
    # A tagger that gives 0.6 to whatever it sees would give its silence no more.
    mean = np.divide(weight, agree, out=np.zeros(len(agree)), where=agree > 0)
    total = np.where(one_answer, sure[who, slot] / UNIT, mean * observable)
    share = np.divide(weight, total, out=np.zeros(len(agree)), where=total > 0).clip(0, 1)
    return Agreement(who, what, agree, observable, share, *wilson(share, total), answered, present)


def _answers(owner, slot, weight, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """(characters, slots): how many pictures answer, and the sum of their confidences in thousandths."""
    numbers = np.stack([np.ones_like(weight), weight], axis=1)
    counts = summed(owner * shape[1] + slot, numbers, shape[0] * shape[1])
    return counts[:, 0].reshape(shape), counts[:, 1].reshape(shape)


def _present(facts: Facts, slot: np.ndarray, character: np.ndarray, characters: int) -> np.ndarray:
    """(characters, views): in how many pictures silence about it means absence."""
    present = np.zeros((characters, len(facts.visible)), np.int64)
    measured = [s.kind == "measured" for s in vocabulary().slots] + [False]
    for row, (visible, of) in enumerate(zip(facts.visible, slots_of_views().tolist(), strict=True)):
        asked = facts.described
        if measured[of]:
            asked = np.bincount(facts.picture[slot == of], minlength=len(asked)) > 0
        present[:, row] = np.bincount(character[visible & asked], minlength=characters)
    return present


def _follows(facts: Facts, traits: list[Trait]) -> np.ndarray:
    """Facts whose more exact form stands in the same exclusive slot of the same picture."""
    slot = [t.slot for t in traits]
    inner = np.array([t.implies if t.implies >= 0 and slot[t.implies] == t.slot else -1 for t in traits] or [-1])
    key = facts.picture.astype(np.int64) * max(1, len(traits))
    exact = inner[facts.trait] >= 0
    return np.isin(key + facts.trait, (key + inner[facts.trait])[exact])
