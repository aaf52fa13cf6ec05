"""The few lines beside a data set that say how to use it."""

from __future__ import annotations

from collections.abc import Sequence

from .protocol import TextFile


def readme(notes: Sequence[str]) -> TextFile:
    head = ("Training pictures for a LoRA, written by Troupe.", "")
    tail = ("Put no other files beside the pictures. manifest.json says where each of them is from.", "")
    return TextFile("README.txt", ("\n".join((*head, *notes, *tail)),))
