"""Tar shards: written sample by sample, never held in memory, and read back into the store."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from PIL import Image

from ..errors import TroupeError
from ..picturefiles import encode
from ..samples.examining import LARGEST_FILE
from ..samples.sample import Rejection
from ..samples.store import Store
from ..samples.walking import printable, suffix_of
from .entries import Entries
from .entry import Entry
from .tree import Tree

# A folder of its own, so that loaders take no other file for a shard; datasets takes the name for the split.
FOLDER = "train"
# webdataset's documents advise about a gigabyte: large enough to stream, small enough to share out.
LARGEST_SHARD = 1 << 30
MASK, RECORD = ".mask.png", ".json"
BLOCK = 512


class Shards:
    """The packing of `webdataset.WebDataset`. `largest`: of a shard, in bytes; a sample is never torn apart."""

    def __init__(self, largest: int = LARGEST_SHARD) -> None:
        self.largest = largest

    def pack(self, folder: Path, entries: Entries) -> tuple[str, ...]:
        """New shards behind those that are there; these stay as they are, since they may be links to another set's."""
        masked = self._masked(folder, entries)
        (folder / FOLDER).mkdir(exist_ok=True)
        first, names, left = _next_number(folder), [], iter(entries)
        entry = next(left, None)
        while entry:
            names.append(f"{FOLDER}/{first + len(names):06d}.tar")
            with (
                open(folder / names[-1], "xb") as file,
                tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar,
            ):
                while entry and (file.tell() == 0 or file.tell() + _size(folder, entry) <= self.largest):
                    _add_sample(tar, folder, entry, masked)
                    entry = next(left, None)
        return tuple(names)

    def _masked(self, folder: Path, entries: Entries) -> bool:
        """Whether the samples get masks: as in the shards that are there, since loaders want the same fields in all."""
        wanted, there = bool(entries.summary.masks), self.contents(folder)
        kept = any(name.endswith(MASK) for name in there)
        if wanted and there and not kept:
            raise TroupeError(
                "The shards that are there have no masks, so none can be added with masks",
                remedy="Switch masks off, or write the whole set anew.",
            )
        return wanted or kept

    def contents(self, folder: Path) -> frozenset[str]:
        return frozenset(member.name for _, member in _members(_shards(folder)))

    def texts(self, folder: Path) -> dict[str, str]:
        """The captions, by the names of their members."""
        found = {}
        for tar, member in _members(_shards(folder)):
            if member.name.endswith(".txt") and member.size <= LARGEST_FILE:
                found[member.name] = tar.extractfile(member).read().decode("utf-8", "replace")
        return found

    def unpacked(self, tree: Tree, store: Store) -> Tree:
        """Of all tar files at any depth, whoever wrote them. A member's name is only ever a name here: its bytes lie in
        the store under their digest."""
        places: dict[str, Path] = {}
        left_out = list(tree.left_out)
        for shard in (place for file, place in tree.places.items() if file.endswith(".tar")):
            for tar, member in _members([shard], left_out):
                name, suffix = printable(member.name).replace("\0", ""), _suffix(member.name)
                if reason := _unfit(member):
                    left_out.append(Rejection(name, "load", reason))
                    continue
                places[_free(name, shard.stem, places)] = kept(tar.extractfile(member), suffix, store)
        return Tree(tree.name, places, tuple(left_out))


def _shards(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("*.tar"))


def _next_number(folder: Path) -> int:
    numbers = (re.fullmatch(r"\d+", path.stem) for path in _shards(folder))
    return max((int(m[0]) + 1 for m in numbers if m), default=0)


def _members(
    shards: Sequence[Path], left_out: list[Rejection] | None = None
) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    """The files in `shards`, one after the other; `left_out` learns of links and devices, which are never followed.

    Of plain tar files only: what is packed once more may unfold to any size.
    """
    for shard in shards:
        try:
            with tarfile.open(shard, "r:") as tar:
                size = shard.stat().st_size
                for member in tar:
                    if member.isfile() and member.offset_data + (0 if member.issparse() else member.size) > size:
                        raise EOFError("the shard is cut off")
                    if member.isfile():
                        yield tar, member
                    elif not member.isdir() and left_out is not None:
                        left_out.append(
                            Rejection(printable(member.name), "load", "it is a link or a device and no file")
                        )
        except (tarfile.TarError, EOFError, OSError, ValueError, OverflowError) as error:
            raise TroupeError(
                "A shard is damaged or no plain tar file",
                item=shard.name,
                remedy="Copy it again, or write the set anew.",
            ) from error


def _unfit(member: tarfile.TarInfo) -> str:
    """Why a member is not unfolded, or an empty text."""
    if member.issparse():
        return "it is sparse: larger than the shard holds"
    return f"larger than {LARGEST_FILE >> 30} GB" if member.size > LARGEST_FILE else ""


def _suffix(name: str) -> str:
    """As the store's file can have it: a member may be called anything."""
    suffix = suffix_of(name)
    return suffix if re.fullmatch(r"\.\w{1,20}", suffix, re.ASCII) else ""


def _free(name: str, shard: str, taken: Mapping[str, Path]) -> str:
    """The member's own name, or one behind its shard's, numbered where that is taken too."""
    wanted = (name, f"{shard}/{name}", *(f"{shard}-{n}/{name}" for n in range(2, len(taken) + 3)))
    return next(free for free in wanted if free not in taken)


def _size(folder: Path, entry: Entry) -> int:
    """About the bytes that a sample takes, its record and the heads of its members included."""
    files = (folder / file for file in (entry.file, entry.mask) if file)
    return sum(path.stat().st_size for path in files) + 8 * BLOCK


def _add_sample(tar: tarfile.TarFile, folder: Path, entry: Entry, masked: bool) -> None:
    """Its members, one behind the other; the files that they were are gone then."""
    key = entry.file.partition(".")[0]
    for name in (entry.file, f"{key}.txt"):
        with open(folder / name, "rb") as file:
            _add(tar, name, file)
        (folder / name).unlink()
    record = json.dumps(_record(entry), ensure_ascii=False).encode()
    _add(tar, key + RECORD, io.BytesIO(record))
    if masked:
        _add(tar, key + MASK, _mask(folder, entry))


def _mask(folder: Path, entry: Entry) -> IO[bytes]:
    """White for a picture without one: samples with other fields than the rest stop loaders."""
    data = io.BytesIO()
    if entry.mask:
        data.write((folder / entry.mask).read_bytes())
        (folder / entry.mask).unlink()
    else:
        encode(Image.new("L", (entry.width, entry.height), 255), data, ".png")
    data.seek(0)
    return data


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes]) -> None:
    """With neither owner nor time, so that the same samples are the same shard."""
    info = tarfile.TarInfo(name)
    info.size = file.seek(0, io.SEEK_END)
    file.seek(0)
    tar.addfile(info, file)


def _record(entry: Entry) -> dict[str, object]:
    """The same keys with the same types in every sample, as loaders want it."""
    return {
        "caption": entry.caption,
        "character": entry.character,
        "trigger": entry.trigger,
        "subset": entry.subset,
        "original": entry.original,
        "repeats": entry.repeats,
        "features": [f"{fact.slot}={fact.value}" for fact in entry.facts],
        "styles": list(entry.styles),
        "sample": entry.made_from.sample,
    }


def kept(file: IO[bytes], suffix: str, store: Store) -> Path:
    """In the store under the digest of its bytes, which are read twice and never held."""
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    file.seek(0)
    key = digest.hexdigest()
    return store.find(key, suffix) or store.put(key, suffix, lambda out: shutil.copyfileobj(file, out))
