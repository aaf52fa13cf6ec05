"""What the evidence about one trait of one character means: the character's own, or what only varies."""

from __future__ import annotations

from typing import NamedTuple

from .agreement import pictures_needed
from .lexicon import lexicon
from .overrides import Pattern
from .traits import Trait

TARGET, KEPT, ASK, STYLE, WARNED = "target", "kept", "ask", "style", "warned"
OUTFIT, FORCED, DROPPED = "outfit", "forced", "dropped"
# What the trigger word takes over, and what stays in captions.
ABSORBED = (TARGET, FORCED)
# Two pictures that look alike do not yet make a one-sided set.
FEWEST_FOR_WARNING = 3


class Case(NamedTuple):
    """The evidence. `voting` other characters had a vote, `same` of them agree on this trait. `style`: (changed,
    pairs) if the restyle brings it; `kept`: (kept, pairs) of redrawn pictures, None where nobody looked at them;
    `leader`: the tag that most pictures have in this exclusive slot, "" if this one is it."""

    trait: Trait
    character: str
    agree: int
    observable: int
    share: float
    lower: float
    voting: int = 0
    same: int = 0
    style: tuple[int, int] | None = None
    kept: tuple[int, int] | None = None
    outfit: bool = False
    leader: str = ""


class Ruling(NamedTuple):
    """`by`: "you", "pictures", "kind" (of slot), "restyle" or "trigger"."""

    decision: str
    by: str
    why: str


class Overrides(NamedTuple):
    never: tuple[Pattern, ...] = ()
    keep: tuple[Pattern, ...] = ()
    force: tuple[Pattern, ...] = ()

    def ruling(self, trait: Trait) -> Ruling | None:
        for name, patterns, decision in (
            ("never write", self.never, DROPPED),
            ("always keep", self.keep, KEPT),
            ("force target", self.force, FORCED),
        ):
            for pattern in patterns:
                if pattern.fits((trait.slot, trait.like), trait.value, trait.tag):
                    return Ruling(decision, "you", f"{name}: {pattern.text}")
        return None


def rule(case: Case, threshold: float) -> Ruling:
    """The ruling when no person has one."""
    kind = case.trait.kind
    if kind == "noise":
        return Ruling(KEPT, "kind", "about the file, not about the character")
    if case.style:
        return Ruling(STYLE, "restyle", _style(case.style))
    if kind == "class":
        return Ruling(KEPT, "kind", "what the base model calls it; the trigger learns only the difference")
    if case.observable == 0:
        return Ruling(KEPT, "pictures", "only in pictures that cannot show it")
    if kind in ("dynamic", "scene", "measured"):
        return _passing(case, threshold)
    if case.share < threshold:
        return _varies(case)
    return _constant(case, threshold)


def _style(changed: tuple[int, int]) -> str:
    return (
        f"the restyle made it so in {changed[0]} of {changed[1]} pictures: the style, not the character "
        "(force it, if the new character shall have it)"
    )


def _passing(case: Case, threshold: float) -> Ruling:
    """Poses, places and light are never the character's own by themselves; when they never change, that is a fault."""
    many = f"{case.agree} of {case.observable}"
    harmless = lexicon()["harmless"].get(case.trait.slot, ())
    if case.trait.value in harmless or "*" in harmless:
        return Ruling(KEPT, "kind", f"{many}: measured, biases nothing")
    if case.share < threshold:
        return Ruling(KEPT, "kind", f"{many}: changes from picture to picture")
    if case.agree < FEWEST_FOR_WARNING:
        return Ruling(KEPT, "kind", f"{many}: too few pictures to tell")
    if case.voting == 0:
        return Ruling(WARNED, "kind", f"{many}: one-sided set, the trigger will learn it")
    if case.same == case.voting:
        return Ruling(WARNED, "kind", f"{many}, and so all other characters: one-sided set, nobody's own")
    if case.trait.kind == "dynamic":
        return Ruling(ASK, "kind", f"{many}, unlike other characters: a habit (force it), or too few pictures?")
    return Ruling(WARNED, "kind", f"{many}, unlike other characters: the trigger will learn it")


def _varies(case: Case) -> Ruling:
    why = f"varies: {case.agree} of {case.observable}"
    if case.outfit:
        return Ruling(OUTFIT, "pictures", f"{why}, constant in one outfit")
    if case.leader and case.trait.slot in lexicon()["colours"]:
        why += f"; if that is one thing under two names, replace: {case.trait.tag} -> {case.leader}"
    return Ruling(KEPT, "pictures", why)


def _constant(case: Case, threshold: float) -> Ruling:
    many = f"{case.agree} of {case.observable} that can show it"
    if case.trait.kind == "unknown":
        if case.voting and 2 * case.same > case.voting:
            return Ruling(KEPT, "pictures", f"{many}, and so most other characters: nobody's own")
        if not case.voting:
            return Ruling(ASK, "pictures", f"{many}, but nobody knows this tag: is it the character (force it)?")
    if case.lower < threshold:
        return Ruling(ASK, "pictures", f"{many}: {_too_few(threshold)}")
    why = [many]
    if case.voting:
        alike = case.same == case.voting
        why.append("others share it" if alike else "others differ" if not case.same else "some others share it")
    if case.kept:
        why.append(f"the restyle kept it in {case.kept[0]} of {case.kept[1]}")
    return Ruling(TARGET, "pictures", "; ".join(why))


def _too_few(threshold: float) -> str:
    needed = pictures_needed(threshold)
    return f"sure from {needed} without exception" if needed else "no number of pictures proves a threshold of 1"
