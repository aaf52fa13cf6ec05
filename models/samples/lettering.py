"""Text on pictures: fitted to its place, and never with a sign that would come out as an empty box."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from PIL import ImageFont

from ..vocabulary import vocabulary

# Pillow brings a clear font of ASCII signs. For all others: what Windows, macOS and Linux come with, by file name,
# alphabets first, Chinese, Japanese and Korean after them.
SYSTEM_FONTS = (
    "DejaVuSans.ttf", "segoeui.ttf", "arial.ttf", "Arial.ttf", "Helvetica.ttc", "NotoSans-Regular.ttf",
    "LiberationSans-Regular.ttf", "msyh.ttc", "PingFang.ttc", "Hiragino Sans GB.ttc", "STHeiti Light.ttc",
    "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf", "DroidSansFallback.ttf", "uming.ttc",
    "simhei.ttf", "simsun.ttc", "YuGothM.ttc", "msgothic.ttc", "malgun.ttf", "Arial Unicode.ttf",
)  # fmt: skip
ELLIPSIS = "…"
NO_FONT = "Some names are shortened: no font for their script was found on this machine."
LONGEST = 400  # signs of a text that are looked at; no page has room for more in one place
PROBE = 16  # size at which signs are tested; the answer holds for all sizes


def font_for(text: str, size: int) -> ImageFont.FreeTypeFont:
    """A font that has every sign of `text`; Pillow's own where there is none."""
    return _load(_font_name(text) or "", size)


def readable(text: str, stand_in: str = "?") -> str:
    """`text` in one line as it can be drawn here: a run of signs that no font has becomes its English word, or goes.

    `stand_in` is what a text is called of which nothing is left.
    """
    text = " ".join(text.split())
    if _font_name(text) is not None:
        return text
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    runs = re.split("([^\x20-\x7e]+)", plain)
    english = [run if run.isascii() else _translated(run) for run in runs]
    kept = " ".join("".join(english).strip(" /_-.").split())
    return kept if any(c.isalnum() for c in kept) else stand_in


def width_of(text: str, size: int) -> float:
    return font_for(text, size).getlength(text)


def elided(text: str, size: int, width: float, middle: bool = False) -> str:
    """`text`, cut with an ellipsis where it is wider than `width`; `middle` keeps both ends, which ids need."""
    text = " ".join(text.split())
    if len(text) > LONGEST:
        text = text[: LONGEST // 2] + text[-LONGEST // 2 :] if middle else text[:LONGEST]
    font = font_for(text + ELLIPSIS, size)
    if font.getlength(text) <= width:
        return text

    def cut(keep: int) -> str:
        head = (keep + 1) // 2 if middle else keep
        return text[:head].rstrip() + ELLIPSIS + text[len(text) - (keep - head) :].lstrip() * (keep > head)

    fitting = bisect_right(range(len(text)), width, key=lambda keep: font.getlength(cut(keep)))
    return cut(max(0, fitting - 1))


def wrapped(text: str, size: int, width: float, lines: int) -> list[str]:
    """At most `lines` lines of at most `width` pixels; what does not fit ends in an ellipsis."""
    text, font = text[:LONGEST], font_for(text[:LONGEST] + ELLIPSIS, size)
    found: list[str] = []
    line = ""
    for word in _breakable(text, font, width):
        longer = f"{line} {word}" if line else word
        if line and font.getlength(longer) > width:
            found.append(line)
            longer = word
        line = longer
    found += [line] if line else []
    if len(found) <= lines:
        return found
    return [*found[: lines - 1], elided(f"{found[lines - 1]}{ELLIPSIS} ", size, width)]


def _breakable(text: str, font: ImageFont.FreeTypeFont, width: float) -> Iterator[str]:
    """Words; one that is wider than the line in pieces."""
    for word in text.split():
        while font.getlength(word) > width and len(word) > 1:
            fits = bisect_right(range(1, len(word)), width, key=lambda n, w=word: font.getlength(w[:n]))
            yield word[: max(1, fits)]
            word = word[max(1, fits) :]
        yield word


def _translated(run: str) -> str:
    word = vocabulary().find(run)
    return word.value if word else ""


def _font_name(text: str) -> str | None:
    """ "" is Pillow's own font, None says that no font has all signs."""
    signs = frozenset(c for c in text if not c.isspace())
    return next((name for name in ("", *SYSTEM_FONTS) if _has_all(name, signs)), None)


@lru_cache(maxsize=4096)
def _has_all(name: str, signs: frozenset[str]) -> bool:
    return _exists(name) and all(_has(name, sign) for sign in signs)


@lru_cache(maxsize=16384)
def _has(name: str, sign: str) -> bool:
    """A font draws all signs that it lacks as the same box."""
    font = _load(name, PROBE)
    return bytes(font.getmask(sign)) != bytes(font.getmask("\U0010ffff"))


@lru_cache(maxsize=64)
def _exists(name: str) -> bool:
    try:
        _load(name, PROBE)
    except OSError:
        return False
    return True


@lru_cache(maxsize=64)
def _load(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
