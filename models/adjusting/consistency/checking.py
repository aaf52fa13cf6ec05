"""Given a set, the same set with how alike each picture is to its character's others, and the outliers named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from ...progress import Progress, silent
from ...samples.sample import Rejection, Sample, SampleSet
from ...samples.store import Store
from ..identity import FAR, FEWEST
from .comparing import Compared, Kind, compare
from .fact import STAGE, Consistency, noted
from .vectors import Look, Seen, joined, look_by

Mode = Literal["report only", "reject outliers"]
MODES: tuple[Mode, ...] = ("report only", "reject outliers")


class Portrait(NamedTuple):
    """One character's pictures compared: `samples` and what was found of each, in the order of the set.
    `compared`: None where there are fewer than two."""

    character: str
    samples: tuple[Sample, ...]
    found: tuple[Consistency, ...]
    compared: Compared | None


class Checked(NamedTuple):
    """`unreadable`: id -> reason; such a picture stays in the set as it was."""

    sample_set: SampleSet
    portraits: tuple[Portrait, ...]
    look: str
    unreadable: dict[str, str]

    @property
    def outliers(self) -> int:
        return sum(f.outlier for p in self.portraits for f in p.found)


def check_consistency(
    sample_set: SampleSet,
    captioner: object,
    store: Store,
    *,
    mode: Mode = "report only",
    limit: float = FAR,
    progress: Progress = silent,
) -> Checked:
    """Compare each character's pictures by `captioner`'s embeddings if it has them, else by colours and outline.

    A picture that lies more than `limit` robust deviations below the usual likeness is an outlier; where a character
    has fewer than 6 pictures nobody is. Each picture's finding goes into its history. The order of the set does not
    matter. Raises `EmptySet` for a set without pictures.
    """
    sample_set.require_any("Check Consistency")
    look = look_by(captioner)
    seen: dict[str, Seen] = {}
    unreadable: dict[str, str] = {}
    for sample, result in zip(sample_set.samples, look.see(sample_set.samples, store, progress), strict=True):
        if isinstance(result, str):
            unreadable[sample.id] = result
        else:
            seen[sample.id] = result
    known = SampleSet(tuple(s for s in sample_set.samples if s.id in seen))
    portraits = tuple(_portrait(c, known.of(c), seen, look, limit) for c in known.characters)
    found = {s.id: f for p in portraits for s, f in zip(p.samples, p.found, strict=True)}
    checked = sample_set.mapped(lambda s: noted(s, found[s.id]) if s.id in found else s)
    outliers = (s for s in checked.samples if s.id in found and found[s.id].outlier)
    lost = [Rejection(s.id, STAGE, reason(found[s.id]), s.image.path, s) for s in outliers]
    return Checked(checked.without(lost) if mode == MODES[1] else checked, portraits, look.name, unreadable)


def reason(found: Consistency) -> str:
    """Why a picture is an outlier, with the numbers."""
    return (
        f"unlike the character's other pictures: likeness {found.likeness:.2f} where {found.usual:.2f} is usual "
        f"for such views, {found.deviations:.1f} deviations below (by {found.look})"
    )


def kind_of(sample: Sample) -> Kind:
    return sample.value("angle"), sample.value("shot")


def _portrait(character: str, samples: tuple[Sample, ...], seen: dict[str, Seen], look: Look, limit: float) -> Portrait:
    compared = _compared(sorted(samples, key=lambda s: s.id), seen) if len(samples) > 1 else None
    if compared is None:
        alone = Consistency(1.0, 1.0, 0.0, False, look.name, samples[0].image.digest)
        return Portrait(character, samples, (alone,), None)
    place = {id: n for n, id in enumerate(sorted(s.id for s in samples))}
    enough = len(samples) >= FEWEST
    found = (_found(s, compared, place[s.id], look.name, limit if enough else np.inf) for s in samples)
    return Portrait(character, samples, tuple(found), compared)


def _compared(samples: Sequence[Sample], seen: dict[str, Seen]) -> Compared:
    return compare(joined([seen[s.id] for s in samples]), [kind_of(s) for s in samples])


def _found(sample: Sample, compared: Compared, n: int, look: str, limit: float) -> Consistency:
    deviations = round(float(compared.deviations[n]), 2)
    likeness, usual = round(float(compared.likeness[n]), 4), round(compared.usual, 4)
    return Consistency(likeness, usual, deviations, deviations > limit, look, sample.image.digest)
