"""How a picture is drawn at each try: as asked, then with another seed, then each time closer to its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..samples.seeds import sample_seed
from .protocol import Closer, PreparedStylizer

MOST = 0.6  # nearer to its source a picture is hardly drawn anew
ANOTHER_SEED = "another seed"


class Rung(NamedTuple):
    """`manner`: what is other than at the first try, "" for the first itself."""

    stylizer: PreparedStylizer
    seed: int
    manner: str = ""


@dataclass(frozen=True)
class Ladder:
    """`seed`: the run's. `step`: how much closer each try after the second is, in [0, 1]; 0 = other seeds alone."""

    stylizer: PreparedStylizer
    seed: int
    step: float = 0.0

    def rung(self, sample_id: str, attempt: int) -> Rung:
        """Depends on (seed, sample id, attempt) alone."""
        seed = sample_seed(self.seed, sample_id, attempt)
        if attempt == 0:
            return Rung(self.stylizer, seed)
        amount = min(round((attempt - 1) * self.step, 4), MOST)
        closer = self.stylizer.closer(amount) if amount > 0 and self.goes_closer else None
        manner, stylizer = closer or Closer(ANOTHER_SEED, self.stylizer)
        return Rung(stylizer, seed, manner)

    @property
    def goes_closer(self) -> bool:
        return self.step > 0 and getattr(self.stylizer, "closer", None) is not None
