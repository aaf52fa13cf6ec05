"""A stage over one shard leaves a sealed manifest; the shards of a stage are joined when all are there and fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ..errors import TroupeError
from ..picturefiles import file_digest
from ..samples.sample import SampleSet
from .manifest import lines, write_lines, write_manifest
from .roots import Roots
from .seal import Seal, found_seal, join_runs, seal_path
from .shard import Shard, all_shards

NAMED = 8  # shards that an error lists


def shard_path(folder: Path, shard: Shard) -> Path:
    return folder / f"shard-{shard.name}.jsonl"


def run_shard(folder: Path, shard: Shard, key: str, make: Callable[[], SampleSet], roots: Roots) -> Seal:
    """`make()` unless the shard is there already and was made by the same `key`: stage, settings, input manifest."""
    return kept_shard(folder, shard, key, lambda path: write_manifest(path, make(), roots, key))


def kept_shard(folder: Path, shard: Shard, key: str, write: Callable[[Path], Seal]) -> Seal:
    """The same for whatever lines `write` puts into the shard's file."""
    path = shard_path(folder, shard)
    found = found_seal(path)
    return found if found and found.key == key else write(path)


def unfinished(folder: Path, count: int, key: str) -> tuple[Shard, ...]:
    """The shards that are missing, half-written, or made by something else."""
    seals = ((shard, found_seal(shard_path(folder, shard))) for shard in all_shards(count))
    return tuple(shard for shard, seal in seals if seal is None or seal.key != key)


def merge(folder: Path, count: int, key: str, target: Path) -> Seal:
    """One manifest of `count` shards, byte for byte what a single shard of everything would have been.

    The lines are copied, not read. Raises `TroupeError` that names the shards that are missing, were made by other
    settings or another input, or are damaged; `target` is then as it was.
    """
    shards = all_shards(count)
    paths = [shard_path(folder, shard) for shard in shards]
    seals = [found_seal(path) for path in paths]
    _refuse("are missing", [p for p, seal in zip(paths, seals, strict=True) if seal is None], count)
    others = [p for p, seal in zip(paths, seals, strict=True) if seal.key != key]
    _refuse("were made with other settings or from another input", others, count)
    damaged = [p for p, seal in zip(paths, seals, strict=True) if file_digest(p) != seal.digest]
    for path in damaged:
        seal_path(path).unlink(missing_ok=True)  # or running them again would find them done
    _refuse("are damaged", damaged, count)
    samples = _joined(paths, [range(seal.samples) for seal in seals])
    rejected = _joined(paths, [seal.all_rejected for seal in seals])
    return write_lines(target, samples, rejected, key, join_runs(run for seal in seals for run in seal.runs))


def _joined(paths: Sequence[Path], places: Sequence[range]) -> Iterator[bytes]:
    for path, part in zip(paths, places, strict=True):
        yield from lines(path, part)


def _refuse(why: str, paths: Sequence[Path], count: int) -> None:
    if not paths:
        return
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    raise TroupeError(
        f"{len(paths)} of {count} shards {why}",
        item=", ".join(path.stem for path in paths[:NAMED]) + more,
        remedy="Run these shards again, then join them.",
    )
