"""Where each feature goes, to look at: to the trigger word, into the caption, or nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PIL import Image

from ..samples.drawing import ALARM, SOFT
from ..samples.holes import pictures
from ..samples.tablepicture import Row, Section, table_picture
from ..vocabulary import vocabulary
from .decide import SlotDecision
from .label import Labelled
from .rules import ABSORBED, ASK, DROPPED, KEPT, OUTFIT, STYLE, WARNED

MOST_CHARACTERS, MOST_ROWS = 3, 14
GOOD = "#3f8f5f"
# What a person is shown first: the character itself, then what wants a decision.
WHERE = {**dict.fromkeys(ABSORBED, ("to the trigger", GOOD)), ASK: ("you decide", ALARM), WARNED: ("look at it", ALARM)}
OTHERS = {
    KEPT: ("in the caption", SOFT),
    STYLE: ("style, in the caption", SOFT),
    OUTFIT: ("outfit, in the caption", SOFT),
    DROPPED: ("left out", SOFT),
}


def tag_picture(labelled: Labelled) -> Image.Image:
    """A table for each of the first three characters; the report has every row."""
    samples = labelled.sample_set
    triggers = {s.character: s.labels.trigger for s in samples.samples}
    sections = [
        Section(f'{character or "no name"}, trigger "{trigger}"', tuple(_rows(labelled.decisions, character)))
        for character, trigger in list(triggers.items())[:MOST_CHARACTERS]
    ]
    warnings = len(labelled.warnings)
    told = f", {warnings} warning{'s' * (warnings != 1)}" if warnings else ""
    example = samples.samples[0].labels.caption
    return table_picture("Tags", f"{pictures(len(samples))}{told}", sections, f"e.g. {example}")


def _rows(decisions: Sequence[SlotDecision], character: str) -> Iterator[Row]:
    mine = [d for d in decisions if d.character == character and not _measured(d)]
    loud = [d for d in mine if d.decision in WHERE]
    quiet = sorted((d for d in mine if d.decision not in WHERE), key=lambda d: -d.agree)
    shown = [*sorted(loud, key=lambda d: (list(WHERE).index(d.decision), -d.agree)), *quiet]
    for d in shown[:MOST_ROWS]:
        where, colour = (WHERE | OTHERS)[d.decision]
        yield Row(where, d.tag, f"{d.agree} of {d.observable}", colour)
    if len(shown) > MOST_ROWS:
        yield Row("", f"and {len(shown) - MOST_ROWS} more in the report")


def _measured(decision: SlotDecision) -> bool:
    slot = vocabulary().slot(decision.slot)
    return slot is not None and slot.kind == "measured"
