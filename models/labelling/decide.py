"""Every trait of every character with its decision, the evidence, and who decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .agreement import Agreement
from .contrast import Contrast, Others
from .lexicon import lexicon
from .outfits import Outfit
from .rules import ABSORBED, DROPPED, TARGET, Case, Overrides, Ruling, rule
from .traits import NOTHING, Trait, caption_ranks
from .trigger import mentions
from .twins import Twins


class SlotDecision(NamedTuple):
    """`decision`: target, kept, ask, style, warned, outfit, forced or dropped. `agree` pictures show it of
    `observable` that can; the true share lies between `lower` and `upper`. `others`: what other characters have
    there. `decided_by`: you, pictures, kind (of slot), restyle or trigger."""

    character: str
    slot: str
    value: str
    tag: str
    decision: str
    agree: int
    observable: int
    lower: float
    upper: float
    others: str
    decided_by: str
    why: str


class Evidence(NamedTuple):
    """Everything that the statistics found, for `decide`."""

    traits: list[Trait]
    names: list[str]
    agreement: Agreement
    contrast: Contrast
    twins: Twins
    outfits: tuple[Outfit, ...]


def decide(
    evidence: Evidence, overrides: Overrides, triggers: Mapping[str, str], threshold: float
) -> list[SlotDecision]:
    """One decision for each row of the agreement, in its order."""
    cases = _cases(evidence)
    rulings = [overrides.ruling(case.trait) or _says_trigger(case, triggers) or rule(case, threshold) for case in cases]
    rulings = _refined(evidence, rulings)
    others = Others(evidence.agreement, evidence.traits, evidence.names)
    bounds = zip(evidence.agreement.lower.tolist(), evidence.agreement.upper.tolist(), strict=True)
    return [
        SlotDecision(
            case.character, case.trait.slot, case.trait.value, case.trait.tag, ruling.decision,
            case.agree, case.observable, lower, upper, others.say(row), ruling.by, ruling.why,
        )
        for row, (case, ruling, (lower, upper)) in enumerate(zip(cases, rulings, bounds, strict=True))
    ]  # fmt: skip


def _cases(evidence: Evidence) -> list[Case]:
    a, c, twins = evidence.agreement, evidence.contrast, evidence.twins
    worn = {(outfit.character, trait) for outfit in evidence.outfits for trait in outfit.traits}
    leaders = _leaders(evidence)
    columns = (a.character, a.trait, a.agree, a.observable, a.share, a.lower, c.voting, c.same)
    cases = []
    for who, what, agree, observable, share, lower, voting, same in zip(*(x.tolist() for x in columns), strict=True):
        trait = evidence.traits[what]
        leader = leaders.get((who, trait.slot), what)
        case = Case(trait, evidence.names[who], agree, observable, share, lower, voting, same)
        cases.append(
            case._replace(
                style=twins.style.get(what),
                kept=twins.kept.get((who, what)),
                outfit=(who, what) in worn,
                leader="" if leader == what else evidence.traits[leader].tag,
            )
        )
    return cases


def _leaders(evidence: Evidence) -> dict[tuple[int, str], int]:
    """For each character and exclusive slot the trait that most pictures have."""
    a = evidence.agreement
    order = np.lexsort((-caption_ranks(evidence.traits)[a.trait], a.agree))
    rows = zip(a.character[order].tolist(), a.trait[order].tolist(), strict=True)
    return {(who, evidence.traits[what].slot): what for who, what in rows if evidence.traits[what].exclusive}


def _says_trigger(case: Case, triggers: Mapping[str, str]) -> Ruling | None:
    """A tag that holds the trigger word would bring it in a second time."""
    trigger = triggers[case.character]
    if mentions(case.trait.tag, trigger, loosely=True):
        return Ruling(DROPPED, "trigger", f'the trigger word "{trigger}" says it')
    return None


def _refined(evidence: Evidence, rulings: list[Ruling]) -> list[Ruling]:
    """What says more about an absorbed trait is absorbed with it: "very long hair" would give "long hair" away.

    Not so for things that are changed: a skirt may be the character's own while its colours vary.
    """
    a = evidence.agreement
    pairs = list(zip(a.character.tolist(), a.trait.tolist(), strict=True))
    absorbed = {pair for pair, ruling in zip(pairs, rulings, strict=True) if ruling.decision in ABSORBED}
    refined = []
    for (who, what), ruling in zip(pairs, rulings, strict=True):
        general = evidence.traits[what].implies
        if general != NOTHING and (who, general) in absorbed and ruling.by == "pictures":
            general_trait = evidence.traits[general]
            if ruling.decision != TARGET and general_trait.slot not in lexicon()["outfit"]:
                ruling = Ruling(TARGET, "pictures", f'says more about "{general_trait.tag}", which is absorbed')
        refined.append(ruling)
    return refined
