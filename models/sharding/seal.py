"""The mark beside a manifest that says: finished, made by this, so long, and with this hash."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path

from ..errors import TroupeError
from ..picturefiles import write_whole
from ..samples.welltyped import fits

BLOCK = 100  # lines between two places that a reader can jump to

Run = tuple[str, int]  # so many samples of one character, one behind the other


@dataclass(frozen=True)
class Seal:
    """`key`: what made the manifest. `digest`: SHA-256 of it; `size` in bytes. `samples`, `rejected`: how many lines of
    each. `blocks`: where every BLOCK-th line begins, in bytes. `runs`: whose samples they are, in order."""

    key: str
    digest: str
    size: int
    samples: int
    rejected: int
    blocks: tuple[int, ...]
    runs: tuple[Run, ...]

    @property
    def all_rejected(self) -> range:
        """The places of the rejections' lines."""
        return range(self.samples, self.samples + self.rejected)

    def places_of(self, characters: Collection[str]) -> dict[str, list[range]]:
        """Where the samples of each of them are."""
        found: dict[str, list[range]] = {}
        start = 0
        for character, count in self.runs:
            if character in characters:
                found.setdefault(character, []).append(range(start, start + count))
            start += count
        return found


def join_runs(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Neighbours of one character become one run."""
    return tuple((who, sum(count for _, count in same)) for who, same in groupby(runs, key=itemgetter(0)))


def seal_path(manifest: Path) -> Path:
    return manifest.with_name(f"{manifest.name}.done")


def write_seal(manifest: Path, seal: Seal) -> None:
    text = json.dumps(dataclasses.asdict(seal)).encode()
    write_whole(seal_path(manifest), lambda file: file.write(text), "The manifest's seal")


def found_seal(manifest: Path) -> Seal | None:
    """None where there is none, or where it does not fit the file: then the manifest is to be made (again)."""
    try:
        plain = json.loads(seal_path(manifest).read_bytes())
        seal = Seal(**{**plain, "blocks": tuple(plain["blocks"]), "runs": tuple(map(tuple, plain["runs"]))})
        fitting = fits(seal, Seal) and manifest.stat().st_size == seal.size and _holds_together(seal)
        return seal if fitting else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _holds_together(seal: Seal) -> bool:
    """Whoever reads by it never looks for a line where there is none. Lines of other things than samples have no
    runs."""
    lines, counts = seal.samples + seal.rejected, [count for _, count in seal.runs]
    counted = min(seal.samples, seal.rejected, *counts, 0) == 0 and sum(counts) in (0, seal.samples)
    starts = (0, *seal.blocks, seal.size)
    return counted and len(seal.blocks) == -(-lines // BLOCK) and all(a < b for a, b in pairwise(starts))


def read_seal(manifest: Path) -> Seal:
    seal = found_seal(manifest)
    if seal is None:
        there = manifest.exists()
        raise TroupeError(
            "This manifest is not finished" if there else "There is no such manifest",
            item=str(manifest),
            remedy="Run what makes it again." if there else "Look for a .jsonl file with a .done file beside it.",
        )
    return seal
