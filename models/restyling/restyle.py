"""Given a set whose samples have styles, the second sample set: every picture redrawn, none drawn twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..errors import TroupeError
from ..progress import Progress, silent
from ..registration.features import Onlooker
from ..samples.sample import Rejection, Sample, SampleSet
from ..samples.store import Store
from .drawing import RestyleSettings
from .protocol import Stylizer
from .redrawing import Redrawing
from .verdicts import Trial


class Restyled(NamedTuple):
    """The second sample set; how many pictures were drawn now (kept or not), and how many were found finished.
    `trials`: by sample id, every try at it, unless it could not be read or drawn."""

    sample_set: SampleSet
    computed: int
    reused: int
    trials: Mapping[str, tuple[Trial, ...]]


def restyle(
    sample_set: SampleSet,
    stylizer: Stylizer,
    settings: RestyleSettings,
    store: Store,
    progress: Progress = silent,
    onlooker: Onlooker | None = None,
) -> Restyled:
    """Redraw every sample in its `style`. What is in `store` already is not drawn again.

    A picture that cannot be read, or failed a gate in every try, is rejected with the reason. `onlooker`: who says
    whether a picture still shows what its source does. Raises `TroupeError` for a sample without a style, and
    `BadModel` when no picture can be drawn at all.
    """
    _require_styles(sample_set)
    places = {s.id: place for place, s in enumerate(s for c in sample_set.characters for s in sample_set.of(c))}
    run = Redrawing(settings, store, onlooker, progress, places, sample_set.deciding)
    made: dict[str, Sample | Rejection] = {}
    for character in sample_set.characters:
        samples = sample_set.of(character)
        made |= {s.id: result for s, result in run.character(samples, stylizer)}
    kept = tuple(r for s in sample_set.samples if isinstance(r := made[s.id], Sample))
    rejected = tuple(r for s in sample_set.samples if isinstance(r := made[s.id], Rejection))
    reused = sum(s.id not in run.drawn for s in kept)
    return Restyled(SampleSet(kept, sample_set.rejected + rejected), len(run.drawn), reused, run.trials)


def _require_styles(sample_set: SampleSet) -> None:
    sample_set.require_any("Restyle")
    bare = [s.id for s in sample_set.samples if s.style is None]
    if bare:
        raise TroupeError(
            f"{len(bare)} of {len(sample_set)} pictures have no style",
            item=", ".join(bare[:3]),
            remedy="Wire the set through Map Styles before Restyle.",
        )
