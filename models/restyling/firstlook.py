"""What a stylizer is shown of a character before it draws: every readable picture, small, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..errors import TroupeError
from ..parallel import ordered_map
from ..pixels import Picture, shrunk
from ..samples.sample import Sample, read_picture

# Set statistics (palette, tone) do not change visibly above this side, and reading gets 10 times faster.
STATISTICS_SIDE = 256


def small_pictures(samples: tuple[Sample, ...], beat: Callable[[str], None]) -> Iterator[Picture]:
    """At most STATISTICS_SIDE pixels long, in order. `beat(text)` is called before each and raises to cancel."""
    for sample, picture in zip(samples, ordered_map(_small_picture, samples), strict=True):
        beat(f"looking at {sample.id}")
        if picture is not None:
            yield picture


def _small_picture(sample: Sample) -> Picture | None:
    try:
        rgb, mask = read_picture(sample, at_least=STATISTICS_SIDE)
    except TroupeError:
        return None  # rejected with its reason when its turn to be drawn comes
    return Picture(shrunk(rgb, STATISTICS_SIDE), mask if mask is None else shrunk(mask, STATISTICS_SIDE))
