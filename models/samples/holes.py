"""What a set shows of each character, angle by shot, and in plain words what it does not show yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..vocabulary import vocabulary
from .reading import load_notes
from .sample import Sample, SampleSet

ENOUGH = 20  # fewer pictures of one character make a LoRA that knows single pictures by heart
# What guides to character LoRAs agree on: three of each, or the one pose becomes part of the character.
ENOUGH_ACTIONS = ENOUGH_EXPRESSIONS = 3
UNKNOWN = "unknown"
# Views and framings that every set wants; a long shot shows the whole body too, an extreme close-up the face.
ANGLES = ("front", "three-quarter", "side", "back")
SHOTS = {"close-up": ("close-up", "extreme close-up"), "medium": ("medium",), "full": ("full", "long")}
# The back of a head teaches nothing that the back of the body does not.
NOT_MISSED = frozenset({("back", "close-up")})


@dataclass(frozen=True)
class Coverage:
    """`cells`: pictures by (angle, shot), "unknown" where nothing is known. `actions`, `expressions`: value and
    count, the most frequent first, known ones only. `noted`: pictures with remarks from loading."""

    character: str
    count: int
    cells: tuple[tuple[str, str, int], ...]
    actions: tuple[tuple[str, int], ...]
    expressions: tuple[tuple[str, int], ...]
    noted: int = 0

    def at(self, angle: str = "", shot: str = "") -> int:
        """Pictures of this angle and shot; "" = any."""
        return sum(n for a, s, n in self.cells if angle in ("", a) and shot in ("", s))

    @property
    def holes(self) -> tuple[str, ...]:
        """What is missing, the gravest first."""
        return tuple(hole for holes in self.holes_by_kind.values() for hole in holes)

    @property
    def holes_by_kind(self) -> dict[str, list[str]]:
        """The same for each of angle, shot, cell (an angle and a shot that never meet), action and expression."""
        return {
            "angle": _axis(self, "angle"),
            "shot": _axis(self, "shot"),
            "cell": _cells(self),
            "action": _kinds("action", self.actions, ENOUGH_ACTIONS),
            "expression": _kinds("expression", self.expressions, ENOUGH_EXPRESSIONS),
        }

    @property
    def warning(self) -> str:
        """One sentence for a set that is too small, "" for one that is not."""
        if self.count >= ENOUGH:
            return ""
        few = f"{pictures(self.count)}, at least {ENOUGH} are wanted"
        return f"{few}: {', '.join(self.holes)}" if self.holes else few


def coverage(sample_set: SampleSet) -> tuple[Coverage, ...]:
    """One for each character, in the order of the set."""
    by_character: dict[str, list[Sample]] = {}
    for sample in sample_set.samples:
        by_character.setdefault(sample.character, []).append(sample)
    return tuple(coverage_of(name, samples) for name, samples in by_character.items())


def coverage_of(character: str, samples: list[Sample]) -> Coverage:
    cells = Counter((s.value("angle") or UNKNOWN, s.value("shot") or UNKNOWN) for s in samples)
    return Coverage(
        character,
        len(samples),
        tuple((angle, shot, n) for (angle, shot), n in cells.items()),
        _counted(s.value("action") for s in samples),
        _counted(s.value("expression") for s in samples),
        sum(bool(load_notes(s)) for s in samples),
    )


def values_shown(slot: str, found: tuple[Coverage, ...]) -> tuple[str, ...]:
    """All values of `slot`, and "unknown" if there is such a picture: the rows or columns of a table."""
    index = 0 if slot == "angle" else 1
    present = {cell[index] for c in found for cell in c.cells}
    known = tuple(w.value for w in vocabulary().values(slot))
    return known + tuple(sorted(present - {*known, UNKNOWN})) + ((UNKNOWN,) if UNKNOWN in present else ())


def pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"


def _counted(values) -> tuple[tuple[str, int], ...]:
    counts = Counter(v for v in values if v)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _axis(c: Coverage, slot: str) -> list[str]:
    """Missing angles or shots; where most pictures say nothing about it, that is the hole."""
    label = vocabulary().slot(slot).label
    known = c.count - (c.at(angle=UNKNOWN) if slot == "angle" else c.at(shot=UNKNOWN))
    if known == 0:
        return [f"no {label} is known"]
    if known * 2 < c.count:
        return [f"the {label} of only {known} in {c.count} pictures is known"]
    if slot == "angle":
        return [f"no picture {_from(angle)}" for angle in ANGLES if not c.at(angle=angle)]
    return [f"no {_framed(shot)}" for shot in SHOTS if not _shot_count(c, "", shot)]


def _cells(c: Coverage) -> list[str]:
    """Angles and shots that are there, but never in one picture."""
    return [
        f"no {_framed(shot)} {_from(angle)}"
        for angle in ANGLES
        for shot in SHOTS
        if c.at(angle=angle) and _shot_count(c, "", shot) and (angle, shot) not in NOT_MISSED
        if not _shot_count(c, angle, shot)
    ]


def _shot_count(c: Coverage, angle: str, shot: str) -> int:
    return sum(c.at(angle, member) for member in SHOTS[shot])


def _kinds(slot: str, counts: tuple[tuple[str, int], ...], enough: int) -> list[str]:
    if not counts:
        return [f"no {slot} is known"]
    if len(counts) >= enough:
        return []
    names = ", ".join(value for value, _ in counts)
    return [f"only {len(counts)} {slot}{'s' if len(counts) > 1 else ''} ({names})"]


def _from(angle: str) -> str:
    return vocabulary().word("angle", angle).phrase.removeprefix("seen ")


def _framed(shot: str) -> str:
    return vocabulary().word("shot", shot).phrase.removeprefix("a ")
