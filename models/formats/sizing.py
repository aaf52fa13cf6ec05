"""How large a picture is written: which part of it, at which size."""

from __future__ import annotations

from ..geometry import Box, Size
from .buckets import Fit, cover_bucket, select_bucket, whole
from .catalogue import find_format
from .settings import WriteSettings

# Neighbouring fixed buckets differ so little that up to 4:1 less than this is cut; banners lose far more.
MOST_CUT = 0.1


def fit_picture(size: Size, settings: WriteSettings) -> Fit:
    """What is written of a picture of `size` (as displayed); enlarged only when asked for."""
    if settings.resize == "none":
        return whole(size)
    if settings.resize == "bucket":
        return _fit_seen(size, settings) if find_format(settings.format).own_buckets else _fit_bucket(size, settings)
    side = size.long if settings.resize == "longest side" else size.short
    scale = settings.resolution / side
    return whole(size if scale > 1 and not settings.upscale else size.scaled(scale))


def _fit_seen(size: Size, settings: WriteSettings) -> Fit:
    """What the trainer makes of the picture; where it would enlarge it, the same part at the size that it has.

    SimpleTuner puts some of its own buckets into another one when it sees them again: such a picture is left whole, so
    that it is cut once.
    """
    look = find_format(settings.format).look
    seen = look(size, settings)
    enlarged = seen.resized.area > size.area and not settings.upscale
    fit = Fit(size, Box(*map(round, seen.crop_in(size))).clipped(size)) if enlarged else seen
    return fit if look(fit.size, settings).size == seen.size else whole(size)


def _fit_bucket(size: Size, settings: WriteSettings) -> Fit:
    """A fixed bucket where the picture is large enough and near enough to its shape, so that a set has few sizes
    and batches fill up; else what the trainer would cut by itself.

    The trainer, run with the configuration that is written beside the pictures, cuts the result no further.
    """
    covered = cover_bucket(size, settings.resolution)
    grows = covered.resized.width > size.width or covered.resized.height > size.height
    if (grows or covered.cut_away > MOST_CUT) and not settings.upscale:
        return select_bucket(size, settings.resolution, no_upscale=True)
    return covered
