"""Which style belongs to what, as a value that can be kept and given back, so that added pictures reshuffle nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import TroupeError
from ..samples.store import store_key

FORMAT = 1

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StyleMap:
    """`firsts`: (character or sample id, first style's id). `seconds`: (value of slot `axis`, second style's id)."""

    axis: str = ""
    firsts: Pairs = ()
    seconds: Pairs = ()

    @property
    def digest(self) -> str:
        """Equal maps have equal digests, in whatever order they were made."""
        return store_key("style map", FORMAT, self.axis, dict(self.firsts), dict(self.seconds))

    def to_json(self) -> str:
        body = {"axis": self.axis, "firsts": dict(self.firsts), "seconds": dict(self.seconds), "digest": self.digest}
        return json.dumps({"troupe_style_map": FORMAT, **body}, ensure_ascii=False, indent=2)

    @classmethod
    def from_json(cls, text: str) -> StyleMap:
        """Raises `TroupeError` for anything but a map of this version; without a digest it may be edited by hand."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:  # broken, too deep, or a number of 5,000 digits
            raise _bad(f"{error}") from None
        if not isinstance(data, Mapping) or data.get("troupe_style_map") != FORMAT:
            raise _bad(f'it must begin with {{"troupe_style_map": {FORMAT}, ...')
        axis = data.get("axis", "")
        if not isinstance(axis, str):
            raise _bad('"axis" is no text')
        made = cls(axis, _pairs(data, "firsts"), _pairs(data, "seconds"))
        styles = [style for _, style in made.seconds]
        twice = next((style for style in styles if styles.count(style) > 1), None)
        if twice:
            raise _bad(f'the second sub-style "{twice}" stands twice in it, and it is one to one')
        if data.get("digest", made.digest) != made.digest:
            raise _bad('its digest does not fit; if you changed it on purpose, take the "digest" out')
        return made


def _pairs(data: Mapping[str, Any], name: str) -> Pairs:
    pairs = data.get(name, {})
    if not isinstance(pairs, Mapping) or not all(isinstance(v, str) for v in pairs.values()):
        raise _bad(f'"{name}" is no object of texts')
    return tuple(pairs.items())


def _bad(why: str) -> TroupeError:
    return TroupeError("The previous style map cannot be used", item=why, remedy="Leave it empty to map afresh.")
