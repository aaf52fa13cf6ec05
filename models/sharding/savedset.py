"""Sample sets that were saved under a name, each in a folder of its own: whole, or in shards until they are joined."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..devicenames import is_device
from ..errors import TroupeError
from ..picturefiles import file_digest
from ..samples.sample import SampleSet
from ..samples.welltyped import fits
from .manifest import manifest_digest, read_manifest, write_manifest
from .roots import Roots
from .seal import Seal, found_seal, read_seal
from .shard import Shard, read_name
from .work import merge, shard_path

WHOLE = "set.jsonl"
NAME = re.compile(r"[\w\- ]{1,80}")
NAMED = 3  # files that an error lists


class Saved(NamedTuple):
    """`anew`: whether it was written now, or found there as it should be."""

    path: Path
    seal: Seal
    anew: bool


def set_folder(root: Path, name: str) -> Path:
    """Raises `TroupeError` for a name that is no folder's."""
    if not NAME.fullmatch(name) or name != name.strip() or is_device(name):
        raise TroupeError("The set's name cannot be a folder's", item=repr(name), remedy='Write one such as "mira".')
    return root / name


def path_of(folder: Path, shard: Shard) -> Path:
    """The only shard of a set is the set."""
    return shard_path(folder, shard) if shard.count > 1 else folder / WHOLE


def save(folder: Path, shard: Shard, sample_set: SampleSet, key: str, roots: Roots) -> Saved:
    """A manifest that says the same already, and was made by the same `key`, is left alone."""
    path = path_of(folder, shard)
    found = found_seal(path)
    same = found and found.key == key and found.digest == manifest_digest(sample_set, roots) == file_digest(path)
    return Saved(path, found, False) if same else Saved(path, write_manifest(path, sample_set, roots, key), True)


def load(folder: Path, shard: Shard, roots: Roots) -> SampleSet:
    """The whole set's part. Its characters look as in every other part, and as in the whole.

    Raises `TroupeError` where the set is not there or not joined yet, where it has fewer samples than shards, and
    where pictures are gone.
    """
    path = folder / WHOLE
    _require_whole(folder)
    total = read_seal(path).samples
    if total < shard.count > 1:
        raise TroupeError(
            f"{total} pictures cannot be cut into {shard.count} shards",
            item=folder.name,
            remedy=f"Choose {max(total, 1)} shards at most.",
        )
    part = _read(path, roots, shard.places(total))
    _require_files(part)
    return part


def _read(path: Path, roots: Roots, places: range) -> SampleSet:
    """Both files may have been changed by anybody since they were written."""
    try:
        part = read_manifest(path, roots, places)
        wrong = [item.id for item in (*part.samples, *part.rejected, *part.deciding) if not fits(item, type(item))]
    except (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as error:
        raise _damaged(path, str(error)) from error
    if wrong:
        raise _damaged(path, f"{wrong[0]!r:.80} and all that is told of it")
    return part


def _damaged(path: Path, what: str) -> TroupeError:
    return TroupeError("This saved set is damaged", item=f"{path.parent.name}: {what}", remedy="Save it again.")


def join(folder: Path, count: int = 0) -> Seal:
    """The whole set out of its `count` shards (0: as many as there are); what was saved whole needs no joining.

    Raises `TroupeError` that names the shards that are missing and those that do not fit to most others.
    """
    if count == 1 or (count == 0 and not any(_shards(folder, 0)) and found_seal(folder / WHOLE)):
        return read_seal(folder / WHOLE)
    count = count or _only_count(folder)
    seals = [seal for _, seal in _shards(folder, count)]
    key = Counter(seal.key for seal in seals).most_common(1)[0][0] if seals else ""
    return merge(folder, count, key, folder / WHOLE)


def fingerprint(folder: Path) -> str:
    """Another text where a manifest in `folder` was written, changed or deleted."""
    try:
        files = [entry for entry in os.scandir(folder) if entry.name.endswith((".jsonl", ".done"))]
        return repr(sorted((entry.name, entry.stat().st_mtime_ns) for entry in files))
    except OSError:
        return ""


def _shards(folder: Path, count: int) -> Iterator[tuple[Shard, Seal]]:
    """The finished ones of `count` shards, or of any number where that is 0."""
    for path in sorted(folder.glob("shard-*.jsonl")):
        shard = read_name(path.stem.removeprefix("shard-"))
        seal = found_seal(path) if shard and count in (0, shard.count) else None
        if seal:
            yield shard, seal


def _only_count(folder: Path) -> int:
    counts = sorted({shard.count for shard, _ in _shards(folder, 0)})
    if len(counts) == 1:
        return counts[0]
    said = f"there are shards of {' and of '.join(map(str, counts))}" if counts else "there is no finished shard"
    remedy = "Say which by shard_count." if counts else "First save its shards with Save Sample Set."
    raise TroupeError("It is not clear which shards to join", item=f"{folder.name}: {said}", remedy=remedy)


def _require_whole(folder: Path) -> None:
    if not (folder / WHOLE).exists() and any(_shards(folder, 0)):
        raise TroupeError(
            "This set is in shards that are not joined", item=folder.name, remedy="Run Merge Sample Set Shards first."
        )


def _require_files(part: SampleSet) -> None:
    samples = (*part.samples, *part.deciding)
    paths = dict.fromkeys(file.path for sample in samples for file in (sample.image, sample.mask) if file)
    gone = [path for path in paths if not os.path.isfile(path)]
    if gone:
        raise TroupeError(
            f"{len(gone)} of {len(paths)} files of this set are not there",
            item=", ".join(gone[:NAMED]) + (", ..." if len(gone) > NAMED else ""),
            remedy="Run what saved the set again; several servers must share ComfyUI's folders input and output.",
        )
