"""Pictures of a saved set move out of the store, which is one machine's and may be emptied, to where all machines see
them: links where that is one disk, copies elsewhere, each under the digest of its bytes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import TroupeError
from ..picturefiles import file_digest, write_atomically
from ..progress import Progress, silent
from ..samples.sample import Rejection, Sample, SampleSet


@dataclass(frozen=True)
class Keeper:
    """`store`: folders whose files are kept. `pictures`: where."""

    store: tuple[str, ...]
    pictures: Path

    def sample_set(self, sample_set: SampleSet, progress: Progress = silent) -> SampleSet:
        """The same set, and no file of it in the store."""
        samples = []
        for done, sample in enumerate(sample_set.samples):
            progress(done, len(sample_set), sample.id)
            samples.append(self.sample(sample))
        return replace(sample_set, samples=tuple(samples), rejected=tuple(map(self.rejection, sample_set.rejected)))

    def sample(self, sample: Sample) -> Sample:
        image, mask, source = sample.image, sample.mask, sample.source
        return replace(
            sample,
            image=replace(image, path=self.file(image.path, image.digest)),
            mask=mask and replace(mask, path=self.file(mask.path)),
            source=source and self.sample(source),
        )

    def rejection(self, rejection: Rejection) -> Rejection:
        path, sample = rejection.path, rejection.sample
        return replace(rejection, path=path and self.file(path), sample=sample and self.sample(sample))

    def file(self, path: str, digest: str = "") -> str:
        """Where it is kept; as it was for one that is not in the store, or is gone from it."""
        if not any(path.startswith(folder + os.sep) for folder in self.store) or not os.path.isfile(path):
            return path
        digest = digest or file_digest(path)
        target = self.pictures / digest[:2] / f"{digest}{Path(path).suffix}"
        if not target.exists():
            _link_or_copy(path, target)
        return str(target)


def _link_or_copy(path: str, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):  # another disk, or one without links; or another run was quicker
            os.link(path, target)
        if not target.exists():
            write_atomically(target, _copier(path))
    except OSError as error:
        raise TroupeError(
            "A picture of this set cannot be kept",
            item=path,
            remedy=f"{error.strerror or error}. Free disk space on {target.parent.parent}, and run again.",
        ) from error


def _copier(path: str) -> Callable:
    def copy(file) -> None:
        with open(path, "rb") as source:
            shutil.copyfileobj(source, file)

    return copy
