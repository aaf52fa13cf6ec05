"""What a stylizer is: given a picture and its styles, the same picture drawn anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from torch import Tensor

from ..pixels import Picture
from ..samples.sample import Sample, StylePair


@dataclass(frozen=True)
class Request:
    """One picture to redraw. `seed` depends on (run seed, sample id) alone, so the order of a set, a
    resumed run and an added picture never change a result."""

    picture: Picture
    sample: Sample
    style: StylePair
    seed: int


class PreparedStylizer(Protocol):
    """A stylizer that has seen the character it will draw."""

    @property
    def identity(self) -> str:
        """Back end, version, settings and set statistics: equal identities draw equal pictures.
        It is part of the store's key, so whatever changes a picture must change it."""

    def cue(self, sample: Sample) -> str:
        """What it reads of a sample beside pixels, mask and style, e.g. the prompt; part of the store's key."""

    @property
    def repaints(self) -> tuple[str, ...]:
        """Slots (`models/vocabulary`) whose facts no longer hold in what it draws, e.g. `hair.colour`.
        What is measured of a picture never holds for another one and need not be named."""

    @property
    def hears_cancel(self) -> bool:
        """True: `restyle` raises by itself when the user cancels, as the host's samplers do at every step, so it is
        called on the thread that Restyle runs on. Otherwise, or when it is missing, a thread of its own draws and
        is let go on Cancel."""

    @property
    def concurrent(self) -> bool:
        """True: several pictures may be drawn at once, on threads on which torch uses one core each. For stylizers
        that compute on the processor; when it is missing, one picture is drawn after the other."""

    def closer(self, amount: float) -> Closer | None:
        """The same way of drawing, this much nearer to the source (above 0 = as it is, 1 = the source itself), for a
        picture that failed a gate: less denoise, a stronger ControlNet. None, or when it is missing: this
        stylizer has no such dial, and only other seeds are tried."""

    def restyle(self, request: Request) -> Tensor:
        """`(H, W, 3)` in [0, 1], RGB, upright; the same height and width as the request's picture."""


class Closer(NamedTuple):
    """`manner`: what is other than usual, for the report (`denoise 0.48`). `stylizer` has an identity of its own."""

    manner: str
    stylizer: PreparedStylizer


class Stylizer(Protocol):
    """What travels on a TROUPE_STYLIZER wire. Another pack can supply its own."""

    def prepare(self, pictures: Iterable[Picture]) -> PreparedStylizer:
        """Look at all pictures of one character, once, in order: what must be equal over the set
        (palette, tone, exposure) is decided here. `pictures` is streamed; keep statistics, not pixels."""
