"""One way to draw; apart from the samples that wear it, because menus name every style there is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SubStyle:
    """One way to draw. `prompt` is added to a description; `instruction` is for models that edit.

    `painterly`: settings of the weight-free stylizer as (name, value) pairs; a first sub-style names a
    `look`, a second one changes the look's settings. `keywords`: what it is matched by.
    """

    id: str
    name: str
    name_zh: str
    family: str
    prompt: str
    negative: str = ""
    instruction: str = ""
    strength: float = 1.0
    keywords: tuple[str, ...] = ()
    painterly: tuple[tuple[str, str | float], ...] = ()
