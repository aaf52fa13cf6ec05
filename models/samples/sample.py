"""What travels on the wires: samples with paths and facts, never pixels."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, Protocol

from ..errors import BadPicture, EmptySet
from ..geometry import Size
from ..pixels import Picture, from_pillow
from .substyle import SubStyle

# Who says so. A person's word is never overwritten by a machine.
Origin = Literal["person", "sidecar", "path", "measured", "captioner"]


@dataclass(frozen=True)
class ImageFile:
    """A picture on disk. `digest`: SHA-256 of its bytes. `width`, `height`: as displayed.
    `background`: the colour that shows through where the picture is transparent."""

    path: str
    digest: str
    width: int
    height: int
    background: str = "#ffffff"

    @property
    def size(self) -> Size:
        return Size(self.width, self.height)


@dataclass(frozen=True)
class MaskFile:
    """Where the subject is, 1 = subject: the alpha channel of a picture, or a grey picture of its own."""

    path: str
    digest: str
    channel: Literal["alpha", "grey"]


@dataclass(frozen=True)
class Feature:
    """One fact about a picture: `slot` = `value`, e.g. `hair.colour` = `silver` (slots: `models/vocabulary`).

    `confidence` in [0, 1]; `measure`: the number behind a measured value, in the slot's unit.
    """

    slot: str
    value: str
    origin: Origin
    confidence: float = 1.0
    measure: float | None = None


@dataclass(frozen=True)
class Description:
    """The text description: a sentence and keywords (tags).

    `filled`: the half that a captioner added to the other one, which is a person's (`origin`).
    """

    sentence: str = ""
    keywords: tuple[str, ...] = ()
    origin: Origin = "captioner"
    filled: Literal["", "sentence", "keywords"] = ""

    @property
    def own_sentence(self) -> str:
        """The sentence, if a person wrote it."""
        return self.sentence if self.origin == "person" and self.filled != "sentence" else ""

    @property
    def own_keywords(self) -> tuple[str, ...]:
        """The keywords, if a person wrote them."""
        return self.keywords if self.origin == "person" and self.filled != "keywords" else ()


@dataclass(frozen=True)
class StylePair:
    """The first sub-style belongs to the text description, the second to one image feature."""

    first: SubStyle
    second: SubStyle | None = None
    feature: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Labels:
    """Target features are the character (absorbed by the trigger word), non-target features are what varies."""

    trigger: str = ""
    target: tuple[str, ...] = ()
    non_target: tuple[str, ...] = ()
    caption: str = ""
    origin: Origin = "captioner"


@dataclass(frozen=True)
class Step:
    """One entry of a sample's history: which stage made it, with which settings (JSON) and seed."""

    stage: str
    settings: str = "{}"
    seed: int | None = None


@dataclass(frozen=True)
class Sample:
    """One picture of one character with everything known about it. `source`: what it was restyled from."""

    id: str
    character: str
    image: ImageFile
    mask: MaskFile | None = None
    features: tuple[Feature, ...] = ()
    description: Description = Description()
    style: StylePair | None = None
    labels: Labels | None = None
    source: Sample | None = None
    history: tuple[Step, ...] = ()

    def feature(self, slot: str) -> Feature | None:
        """The most trusted feature in `slot`."""
        return max(self.all_of(slot), key=lambda f: f.confidence, default=None)

    def all_of(self, slot: str) -> tuple[Feature, ...]:
        return tuple(f for f in self.features if f.slot == slot)

    def value(self, slot: str) -> str:
        """The value in `slot`, or "" when nothing is known."""
        found = self.feature(slot)
        return found.value if found else ""

    def with_features(self, features: Iterable[Feature]) -> Sample:
        """Add what is new; a slot that a person, a sidecar or a path already filled is left alone."""
        held = {f.slot for f in self.features if f.origin in ("person", "sidecar", "path")}
        new = tuple(f for f in features if f.slot not in held)
        renewed = {f.slot for f in new}
        return replace(self, features=tuple(f for f in self.features if f.slot not in renewed) + new)

    def after(self, stage: str, settings: str = "{}", seed: int | None = None) -> Sample:
        return replace(self, history=(*self.history, Step(stage, settings, seed)))


@dataclass(frozen=True)
class Rejection:
    """A picture that dropped out: at which stage, and why, in words for its owner."""

    id: str
    stage: str
    reason: str
    path: str = ""
    sample: Sample | None = None


class ByCharacter(Protocol):
    """What those ask of a set who look at one sample after the other: a `SampleSet`, or one that stays on disk."""

    rejected: tuple[Rejection, ...]

    def __len__(self) -> int: ...

    @property
    def characters(self) -> tuple[str, ...]:
        """In order of first appearance."""

    def of(self, character: str) -> Collection[Sample]: ...

    def require_any(self, stage: str) -> None: ...


@dataclass(frozen=True)
class SampleSet:
    """Samples in a fixed order, and what dropped out on the way here. `deciding`: where the set is a part of a larger
    one, the samples of that one which decide how its characters are drawn; empty: its own do."""

    samples: tuple[Sample, ...] = ()
    rejected: tuple[Rejection, ...] = field(default=())
    deciding: tuple[Sample, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def characters(self) -> tuple[str, ...]:
        """In order of first appearance."""
        return tuple(self._by_character)

    def of(self, character: str) -> tuple[Sample, ...]:
        return self._by_character.get(character, ())

    @cached_property
    def _by_character(self) -> dict[str, tuple[Sample, ...]]:
        """Made once: a farm's set has thousands of characters, and steps ask for each."""
        found: dict[str, list[Sample]] = {}
        for sample in self.samples:
            found.setdefault(sample.character, []).append(sample)
        return {character: tuple(samples) for character, samples in found.items()}

    def require_any(self, stage: str) -> None:
        """Raise `EmptySet` with what became of the pictures when there is nothing to work on."""
        if self.samples:
            return
        lost = "; ".join(f"{r.id}: {r.reason}" for r in self.rejected[:5])
        more = f" and {len(self.rejected) - 5} more" if len(self.rejected) > 5 else ""
        raise EmptySet(
            f"{stage} was given a sample set with no picture left",
            remedy=f"Dropped before: {lost}{more}." if lost else "Check the folder that Load Sample Set reads.",
        )

    def without(self, rejections: Iterable[Rejection]) -> SampleSet:
        """Move the samples named by `rejections` from the set to its rejected."""
        rejections = tuple(rejections)
        gone = {r.id for r in rejections}
        kept = tuple(s for s in self.samples if s.id not in gone)
        return replace(self, samples=kept, rejected=self.rejected + rejections)

    def mapped(self, change: Callable[[Sample], Sample]) -> SampleSet:
        return replace(self, samples=tuple(map(change, self.samples)))


def read_picture(sample: Sample, at_least: int | None = None) -> Picture:
    """The sample's pixels and mask, upright, RGB; `at_least` as in `picturefiles.decode`."""
    from ..picturefiles import decode

    decoded = decode(sample.image.path, sample.image.background, at_least)
    mask = read_mask(sample, Size(*decoded.image.size))
    return Picture(from_pillow(decoded.image), mask if mask is None else from_pillow(mask))


def read_mask(sample: Sample, size: Size):
    """The mask as an `L` picture of `size`, or None. A `BadPicture` says that it is the mask that is at fault."""
    from PIL import Image

    from ..picturefiles import decode

    if sample.mask is None:
        return None
    try:
        decoded = decode(sample.mask.path)
    except BadPicture as error:
        raise BadPicture(f"its mask cannot be used: {error.what}") from error
    mask = decoded.alpha if sample.mask.channel == "alpha" else decoded.image.convert("L")
    if mask is None or mask.size == size:
        return mask
    return mask.resize(size, Image.Resampling.BILINEAR)
