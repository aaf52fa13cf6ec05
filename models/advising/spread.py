"""What a set shows too little and too much of: its views, shots, actions and expressions against what is advised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..advice import Advice
from ..samples.holes import ENOUGH, Coverage, coverage_of, pictures
from ..samples.sample import Sample, SampleSet
from ..vocabulary import vocabulary

AXES = ("shot", "angle", "action", "expression")
# Guides to character LoRAs, read in 2026: 20 to 30 pictures, 40 % close-ups, 30 % medium, 30 % full; fewer than 15 are
# too few, with more than 40 they must vary (civitai.com/articles/26698). Half again as much as the largest share
# that they give to anything is too much of it.
TOO_FEW, MANY = 15, 40
MOST_SHARE = 0.6
# With 95 % close-ups the body stays unknown, with 95 % from afar the face drifts (civitai.com/articles/31467).
NEARLY_ALL = 0.95
FEWEST = 5  # pictures of which it is known; a share of fewer says nothing

_REMEDIES = {
    "angle": "Add pictures that are seen that way.",
    "shot": "Add pictures with these framings.",
    "cell": "Add such pictures where you can; they matter less than a whole view or shot.",
    "action": "Add pictures of other actions, three at least, or the one pose is learnt with the character.",
    "expression": "Add pictures with other expressions, three at least, or the one face is all it can make.",
}
_CROPPED = "Add pictures with these framings, or let Adjust crop them from full shots (crop_to_shot)."
_UNKNOWN = "Put Describe before this with a captioner that sees, or name it in the files: mira/front_run.png."


class Share(NamedTuple):
    """`count` of `known` pictures show `value` in `slot`."""

    slot: str
    value: str
    count: int
    known: int

    @property
    def of_all(self) -> float:
        return self.count / self.known

    @property
    def too_much(self) -> bool:
        """Where another value is known too; where none is, the others are missing, which is said elsewhere."""
        return self.known >= FEWEST and MOST_SHARE < self.of_all < 1


def spread_advice(sample_set: SampleSet) -> tuple[Advice, ...]:
    """For each character; the order of the pictures does not matter."""
    if not sample_set.samples:
        return (Advice("fix", "count", "The set is empty.", "Load pictures of one character, 20 or more."),)
    return tuple(a for c in sorted(sample_set.characters) for a in _of_character(c, sample_set.of(c)))


def shares(samples: Sequence[Sample], slot: str) -> tuple[Share, ...]:
    """The most frequent first. Pictures that cannot show the slot (a back view has no expression) do not count."""
    hidden = vocabulary().slot(slot).hidden_when
    values = ((s, s.value(slot)) for s in samples)
    counts = Counter(v for s, v in values if v and not any(s.value(by) == value for by, value in hidden))
    known = sum(counts.values())
    return tuple(Share(slot, v, n, known) for v, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _of_character(character: str, samples: Sequence[Sample]) -> Iterator[Advice]:
    found = coverage_of(character, list(samples))
    yield from _count(found)
    yield from _missing(found)
    for slot in AXES:
        yield from (_too_many(character, share, samples) for share in shares(samples, slot) if share.too_much)


def _count(c: Coverage) -> Iterator[Advice]:
    if c.count < ENOUGH:
        what = f"{pictures(c.count)}; at least {ENOUGH} are wanted, or single pictures are learnt by heart."
        remedy = "Add pictures of other views, actions and framings; what is missing is listed."
        yield Advice("fix" if c.count < TOO_FEW else "improve", "count", what, remedy, c.character)
    elif c.count > MANY:
        what = f"{pictures(c.count)}: more than {MANY} help only where they differ."
        remedy = "Let Adjust choose 25 to 40 of them, or make sure that they vary."
        yield Advice("note", "count", what, remedy, c.character)


def _missing(c: Coverage) -> Iterator[Advice]:
    for kind, holes in c.holes_by_kind.items():
        if not holes:
            continue
        text = ", ".join(holes)
        remedy = _REMEDIES[kind]
        if "known" in text:
            remedy = _UNKNOWN
        elif kind == "shot" and c.at(shot="full"):
            remedy = _CROPPED
        severity = "note" if kind == "cell" else "improve"
        yield Advice(severity, "missing", text[0].upper() + text[1:] + ".", remedy, c.character)


def _too_many(character: str, share: Share, samples: Sequence[Sample]) -> Advice:
    word = vocabulary().word(share.slot, share.value)
    label = vocabulary().slot(share.slot).label
    name = word.phrase if word else share.value
    what = f"{share.count} of {share.known} pictures are {name}: {share.of_all:.0%}, and {MOST_SHARE:.0%} is much."
    remedy = f"Add others, or drop some of these: the LoRA will draw this {label} unasked."
    ids = tuple(sorted(s.id for s in samples if s.value(share.slot) == share.value))
    return Advice("fix" if share.of_all >= NEARLY_ALL else "improve", "too many", what, remedy, character, ids)
