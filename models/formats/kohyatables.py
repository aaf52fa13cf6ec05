"""The tables of sd-scripts' configuration files that all its kinds of data set share."""

from __future__ import annotations

from collections.abc import Mapping

from .buckets import STEP, side_limits
from .captions import SEPARATOR
from .entries import Entries
from .settings import WriteSettings
from .tomltext import Table, Value

HEAD_NOTE = f'captions have a kept head: train with --shuffle_caption --keep_tokens_separator "{SEPARATOR}"'


def general_table(entries: Entries, settings: WriteSettings, first: Mapping[str, Value]) -> Table:
    """`first`: what stands before the rest, in the kinds of data set that know it."""
    # Not shuffled: sentences would fall apart, and cached text-encoder outputs forbid it. With a kept head there is no
    # choice: sd-scripts takes the separator out only where it shuffles (process_caption in train_util.py). Captions
    # without a separator then keep their first `keep_tokens` parts.
    shuffled = entries.summary.headed
    head: dict[str, Value] = {"keep_tokens_separator": SEPARATOR} if shuffled else {}
    return "[general]", {**first, "shuffle_caption": shuffled, "keep_tokens": settings.keep_tokens, **head}


def dataset_table(settings: WriteSettings) -> Table:
    least, most = side_limits(settings.resolution)
    return "[[datasets]]", {
        "resolution": settings.resolution,
        "batch_size": settings.batch_size,
        "enable_bucket": True,
        "bucket_no_upscale": not settings.upscale,
        "bucket_reso_steps": STEP,
        "min_bucket_reso": least,
        "max_bucket_reso": most,
    }
