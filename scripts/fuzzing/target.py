"""One reader under test: bytes in, and nothing out but what it may say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ...models.errors import TroupeError

# What libFuzzer changes well; the corpus also has texts of 100 kB, which are tried as they are.
LONGEST = 4096


class Target(NamedTuple):
    """`feed(data, folder)` hands `data` to a reader, by way of a file below the empty `folder` where it reads files.
    Whatever it raises but a `TroupeError` that says what to do is a fault. `seeds`: what to begin with."""

    name: str
    about: str
    feed: Callable[[bytes, Path], None]
    seeds: Callable[[], Iterable[bytes]]


def answered(read: Callable, *arguments) -> object:
    """What `read` returns, or None where it refuses as it should."""
    try:
        return read(*arguments)
    except TroupeError as error:
        assert error.what and (error.item or error.remedy), f"an error that says nothing: {error!r}"
        str(error).encode()
        return None


def writable(value: object) -> None:
    """Fails for what could not be written down again: half characters."""
    json.dumps(value, ensure_ascii=False).encode()


def text_of(data: bytes) -> str:
    """As it comes from a widget: any text, half characters and all."""
    return data.decode("utf-8", "surrogatepass" if b"\xed" in data else "replace") if _is_text(data) else str(data)


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def named(data: bytes, names: tuple[str, ...]) -> tuple[str, bytes]:
    """The first byte chooses which file the rest becomes."""
    return (names[data[0] % len(names)], data[1:]) if data else (names[0], b"")


def for_each(names: tuple[str, ...], texts: Iterable[bytes]) -> Iterator[bytes]:
    """Seeds for `named`: each text under each name."""
    texts = tuple(texts)
    return (bytes([n]) + text for n in range(len(names)) for text in texts)
