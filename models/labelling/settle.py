"""Decide about a whole set what is its characters' own, from what its parts tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import NamedTuple, TypeVar

from .agreement import agreement
from .contrast import contrast
from .decide import Evidence, SlotDecision, decide
from .outfits import Outfit, Worn, changing, find_outfits, pieces
from .part import Changed, Part, Verdict, overrides_of
from .rules import ABSORBED, ASK, DROPPED, Overrides
from .settings import LabelSettings
from .tally import Tally, joined
from .trigger import triggers_of
from .twins import judge_twins
from .words import side_of

Answer = TypeVar("Answer")
# Puts a question to every part and hands on the answers, in any order.
Ask = Callable[[Callable[[Part], Answer]], Iterable[Answer]]

# Tallies that are added up in one go: what is held does not grow with the number of parts.
TOGETHER = 32


class Settled(NamedTuple):
    """`decisions`: by character, slot and value. `verdict`: what the parts need of it."""

    decisions: tuple[SlotDecision, ...]
    evidence: Evidence
    overrides: Overrides
    triggers: Mapping[str, str]
    verdict: Verdict


def settle(ask: Ask, settings: LabelSettings) -> Settled:
    """Exact: it does not matter into which parts the set was cut, or which of them answers first."""
    overrides = overrides_of(settings)
    slots = frozenset().union(*ask(Part.seen_anew))
    tally = _folded(iter(ask(partial(Part.tally, slots=slots))))
    evidence = _weighed(tally, ask, settings.threshold)
    triggers = triggers_of(evidence.names, settings.trigger)
    decisions = decide(evidence, overrides, triggers, settings.threshold)
    traits = (evidence.traits[n] for n in evidence.agreement.trait.tolist())
    sides = {
        (d.character, d.slot, d.value): side_of(t, d, settings.measured_words)
        for t, d in zip(traits, decisions, strict=True)
    }
    decisions = tuple(sorted(decisions, key=lambda d: (d.character, d.slot, d.value)))
    moved = {(d.character, d.tag): d for d in decisions if d.decision in (*ABSORBED, ASK, DROPPED)}
    came, went = (_named(pairs, tally) for pairs in (evidence.twins.came, evidence.twins.went))
    verdict = Verdict(triggers, sides, moved, slots, came, went)
    return Settled(decisions, evidence, overrides, triggers, verdict)


def _folded(tallies: Iterator[Tally]) -> Tally:
    total = joined([next(tallies)])
    while some := list(islice(tallies, TOGETHER)):
        total = joined([total, *some])
    return total


def _weighed(tally: Tally, ask: Ask, threshold: float) -> Evidence:
    """All statistics."""
    names, traits = list(tally.names), list(tally.traits)
    agreed = agreement(tally.votes, traits)
    outfits = _outfits(agreed, traits, names, ask, threshold)
    twins = judge_twins(tally.redrawn, traits, threshold)
    return Evidence(traits, names, agreed, contrast(agreed, traits, threshold), twins, outfits)


def _outfits(agreed, traits: list, names: list[str], ask: Ask, threshold: float) -> tuple[Outfit, ...]:
    rows = changing(agreed, traits, threshold)
    if not rows:
        return ()
    wanted = {names[who]: pieces(agreed, traits, own) for who, own in rows.items()}
    worn: dict[str, Worn] = {}
    for answer in ask(partial(Part.worn, wanted=wanted)):
        for name, more in answer.items():
            before = worn.get(name)
            worn[name] = Worn(*(a + b for a, b in zip(before, more, strict=True))) if before else more
    return find_outfits(agreed, traits, rows, {who: worn[names[who]] for who in rows})


def _named(pairs: Iterable[tuple[int, int]], tally: Tally) -> Changed:
    styles, traits = tally.redrawn.styles, tally.traits
    return frozenset((styles[style], traits[t].slot, traits[t].value) for style, t in pairs)
