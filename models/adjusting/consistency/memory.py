"""Vectors of pictures in the store, so that no picture is looked at twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...samples.sample import Sample
from ...samples.store import Store, store_key

FORMAT = 1


@dataclass(frozen=True)
class Memory:
    """`identity`: who looked, and how."""

    store: Store
    identity: str

    def find(self, sample: Sample) -> np.ndarray | None:
        """A damaged file counts as absent."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        path = self.store.find(self._key(sample), ".safetensors")
        try:
            return load_file(path)["vector"].astype(float) if path else None
        except (SafetensorError, OSError, KeyError):
            return None

    def keep(self, sample: Sample, vector: np.ndarray) -> np.ndarray:
        """`vector` as `find` will give it back, so that a second run decides nothing else."""
        from safetensors.numpy import save

        kept = vector.astype(np.float32)
        blob = save({"vector": np.ascontiguousarray(kept)})
        self.store.put(self._key(sample), ".safetensors", lambda file: file.write(blob))
        return kept.astype(float)

    def recall(self, sample: Sample, make: Callable[[], np.ndarray | None]) -> np.ndarray | None:
        """What is kept, or `make()`, which is then kept unless it is None."""
        found = self.find(sample)
        if found is not None:
            return found
        made = make()
        return None if made is None else self.keep(sample, made)

    def _key(self, sample: Sample) -> str:
        image, mask = sample.image, sample.mask
        return store_key(
            "vector", FORMAT, self.identity, image.digest, image.background, mask and [mask.digest, mask.channel]
        )
