"""What an embedder is: given pictures, a direction for each, so that pictures of like things point the same way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor

from .pixels import Picture


class Embedder(Protocol):
    """A captioner may be one; nothing that it says of a picture depends on the company that the picture is in."""

    @property
    def identity(self) -> str:
        """Back end, version and settings; part of the store's key."""

    @property
    def batch(self) -> int:
        """How many pictures `embed` wants at once."""

    def embed(self, pictures: Sequence[Picture]) -> Tensor:
        """`(n, d)` float32 unit vectors, one a picture, in order; their cosines say how alike two pictures are."""


def embedder_in(captioner: object) -> Embedder | None:
    """`captioner` itself if it embeds, else None: captioners of other packs need not."""
    return captioner if callable(getattr(captioner, "embed", None)) else None
