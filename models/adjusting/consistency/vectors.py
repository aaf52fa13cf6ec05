"""Each picture's character as a vector whose cosines are similarities, looked at once and kept in the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple, Protocol

import numpy as np
from torch import Tensor

from ...embedding import Embedder, embedder_in
from ...errors import BadPicture, TroupeError
from ...halving import InParts
from ...parallel import attended, ordered_map
from ...pixels import Picture
from ...progress import Progress
from ...samples.sample import Sample, read_mask, read_picture
from ...samples.store import Store
from ..measuring import measured
from .memory import Memory
from .region import alone, outline

OUTLINE = 0.15  # share of the outline in the similarity, as texture has in the colours' (`adjusting.identity`)
READ_SIDE = 384  # short side in pixels that is decoded for an embedder at least: CLIP models take 224 to 384
VERSION = 1  # raise it when equal pictures begin to give other vectors
SMALLER = "Choose a smaller model or a lower precision, or close what else uses the memory."


class Seen(NamedTuple):
    """`vector`: (d,), of length one. `outline`: (64,), of length one; None without a mask."""

    vector: np.ndarray
    outline: np.ndarray | None = None


class Look(Protocol):
    """A way to compare pictures. `name`: in words for the report. `identity`: what decides its numbers."""

    name: str
    identity: str

    def see(self, samples: Sequence[Sample], store: Store, progress: Progress) -> Iterator[Seen | str]:
        """One result a sample, in order; for a picture that cannot be read, the reason."""


class ByMeasures:
    """Colours, texture and, where there are masks, the outline of the subject: without learned weights."""

    name = "colours, texture and outline of the subject"
    identity = f"measures {VERSION}"

    def see(self, samples: Sequence[Sample], store: Store, progress: Progress) -> Iterator[Seen | str]:
        def look(sample: Sample) -> Seen | str:
            try:
                vector = _unit(np.frombuffer(measured(sample, store).appearance, np.uint8).astype(float))
                return Seen(vector, self._outline(sample, store))
            except BadPicture as error:
                return error.what

        return ordered_map(look, _announced(samples, progress))

    def _outline(self, sample: Sample, store: Store) -> np.ndarray | None:
        if sample.mask is None:
            return None

        def make() -> np.ndarray | None:
            mask = read_mask(sample, sample.image.size)
            return None if mask is None else outline(mask)

        return Memory(store, f"outline {VERSION}").recall(sample, make)


class ByEmbedding:
    """What a captioner's model sees of the character, cut out where there is a mask."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.identity = f"embedding {VERSION} {embedder.identity}"
        self.name = f"embeddings of {embedder.identity.partition(' ')[0] or 'the captioner'}"

    def see(self, samples: Sequence[Sample], store: Store, progress: Progress) -> Iterator[Seen | str]:
        memory = Memory(store, self.identity)
        looks = ordered_map(lambda sample: (sample, _read(sample, memory)), _announced(samples, progress))
        done = 0
        embed = InParts(lambda some: attended(partial(self._embedded, some), beat), SMALLER)

        def beat() -> None:
            progress(done - 1, len(samples), batch[-1][0].id)

        while batch := list(islice(looks, max(1, self._embedder.batch))):
            done += len(batch)
            new = [(sample, look) for sample, look in batch if isinstance(look, Picture)]
            vectors = dict(zip((s.id for s, _ in new), embed([p for _, p in new]), strict=True))
            for sample, look in batch:
                if isinstance(look, Picture):
                    look = memory.keep(sample, vectors[sample.id])
                yield look if isinstance(look, str) else Seen(look)

    def _embedded(self, pictures: Sequence[Picture]) -> Sequence[np.ndarray]:
        found = _numbers(self._embedder.embed(pictures))
        if found.ndim != 2 or len(found) != len(pictures) or not np.isfinite(found).all():
            raise TroupeError(
                f"The captioner gave no direction for each of {len(pictures)} pictures",
                item=self._embedder.identity,
                remedy="This is a fault of the captioner; leave it unwired here, then colours are compared.",
            )
        return [_unit(vector) for vector in found]


def look_by(captioner: object) -> Look:
    """By embeddings if the captioner has them, else by measures."""
    embedder = embedder_in(captioner)
    return ByMeasures() if embedder is None else ByEmbedding(embedder)


def joined(seen: Sequence[Seen]) -> np.ndarray:
    """(N, d), of length one: with the outlines if every picture has one."""
    vectors = np.stack([s.vector for s in seen])
    if any(s.outline is None for s in seen):
        return vectors
    outlines = np.stack([s.outline for s in seen])
    return np.concatenate([vectors * (1 - OUTLINE) ** 0.5, outlines * OUTLINE**0.5], axis=1)


def _read(sample: Sample, memory: Memory) -> np.ndarray | Picture | str:
    """Runs ahead on threads: what is kept, else the pixels, else why there are none."""
    try:
        kept = memory.find(sample)
        return alone(read_picture(sample, READ_SIDE)) if kept is None else kept
    except BadPicture as error:
        return error.what


def _announced(samples: Sequence[Sample], progress: Progress) -> Iterator[Sample]:
    for done, sample in enumerate(samples):
        progress(done, len(samples), sample.id)
        yield sample


def _numbers(given: object) -> np.ndarray:
    """A tensor wherever it lies and of whatever kind of number, or anything like an array; of what is none a single
    NaN."""
    try:
        return np.asarray(given.detach().double().cpu() if isinstance(given, Tensor) else given, float)
    except (TypeError, ValueError):
        return np.array(np.nan)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
