"""How a folder of pictures is read, as a person chooses it."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import TroupeError
from ..picturefiles import WHITE, parse_colour

LAYOUTS = ("auto", "one folder per character", "one character")
CAPTIONS = ("as written", "ignore")


@dataclass(frozen=True)
class ReadOptions:
    """How a folder is read.

    layout: one of `LAYOUTS`. character: of one character its name, of several those to read, with commas;
    see `layout.places`. background: laid under transparent pixels. captions: "as written" takes texts beside
    pictures for the person's description, "ignore" reads none of them. minimum_side: smaller ones are rejected.
    """

    layout: str = "auto"
    character: str = ""
    background: str = WHITE
    captions: str = "as written"
    minimum_side: int = 16

    def check(self) -> None:
        """Raise `TroupeError` for a word that is none of the choices."""
        for name, value, choices in (("layout", self.layout, LAYOUTS), ("captions", self.captions, CAPTIONS)):
            if value not in choices:
                raise TroupeError(f"Unknown {name}", item=repr(value), remedy=f"Choose one of: {', '.join(choices)}.")
        parse_colour(self.background)
