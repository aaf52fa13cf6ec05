"""Paths in a manifest count from folders that every machine has, each wherever it is mounted there."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import TroupeError
from ..samples.sample import Rejection, Sample

Rename = Callable[[str], str]
NT = os.name == "nt"  # where a colon in any part begins another drive


@dataclass(frozen=True)
class Roots:
    """`folders`: (name, absolute folder) pairs. In a manifest, `mira/front.png` below the one named input is
    `input:mira/front.png`, wherever that folder lies."""

    folders: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        deepest_first = sorted(self.folders, key=lambda pair: -len(Path(pair[1]).parts))
        object.__setattr__(self, "folders", tuple((name, os.path.abspath(folder)) for name, folder in deepest_first))

    def shortened(self, path: str) -> str:
        """Raises `TroupeError` for a path below none of the folders: other machines would not find it."""
        for name, folder in self.folders:
            if path.startswith(folder + os.sep):
                return f"{name}:{path[len(folder) + 1 :].replace(os.sep, '/')}"
        names = ", ".join(f"{name} ({folder})" for name, folder in self.folders)
        raise TroupeError(
            "This file lies outside of the folders that a manifest counts from",
            item=path,
            remedy=f"Move it below one of them: {names}.",
        )

    def found(self, text: str) -> str:
        """Raises `TroupeError` for an unknown folder, and for a path that leads out of it."""
        name, _, relative = text.partition(":")
        folder = dict(self.folders).get(name)
        # A drive or a backslash means something on Windows alone, and never stands in a manifest of ours.
        parts = relative.split("/")
        odd = not {"", ".", ".."}.isdisjoint(parts) or "\\" in relative or ":" in (relative if NT else parts[0])
        if folder is None or odd:
            names = ", ".join(name for name, _ in self.folders)
            raise TroupeError(
                "A manifest names a file where none can be",
                item=repr(text),
                remedy=f"Paths count from one of: {names}; make the manifest anew.",
            )
        return os.path.join(folder, *parts)


def moved(sample: Sample, rename: Rename) -> Sample:
    """The sample with every path of it, and of what it was made from, renamed."""
    mask, source = sample.mask, sample.source
    return replace(
        sample,
        image=replace(sample.image, path=rename(sample.image.path)),
        mask=mask and replace(mask, path=rename(mask.path)),
        source=source and moved(source, rename),
    )


def moved_rejection(rejection: Rejection, rename: Rename) -> Rejection:
    sample, path = rejection.sample, rejection.path
    return replace(rejection, path=path and rename(path), sample=sample and moved(sample, rename))
