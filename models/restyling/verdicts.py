"""What became of each sample, kept in the store, so that nothing is judged twice."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal, NamedTuple

from ..picturefiles import file_digest
from ..registration.features import known_features
from ..samples.sample import Sample
from ..samples.seeds import sample_seed
from ..samples.store import Store, store_key
from .drawing import RestyleSettings, drawing_key
from .ladder import Ladder

# Raise it when the same pictures are judged in another way: they are judged again, not drawn again.
VERSION = 3

Gate = Literal["", "structure", "features"]


class Trial(NamedTuple):
    """One try at a picture. `manner`: see `ladder.Rung`. `score`: the structure's, None where it was not or could not
    be checked. `failed`: the gate that refused it, "" = none."""

    seed: int
    manner: str
    score: float | None
    failed: Gate
    reason: str


class Drawn(NamedTuple):
    """A judged sample. `picture`: the key of its redrawn picture, "" when every try failed; `digest`: that file's.
    `trials`: in order; the last one passed, if any did."""

    picture: str
    digest: str
    unwarped: bool
    trials: tuple[Trial, ...]


@dataclass(frozen=True)
class Verdicts:
    """`onlooker`: the identity of who looks at the pictures, "" = nobody."""

    store: Store
    ladder: Ladder
    settings: RestyleSettings
    onlooker: str = ""

    def find(self, sample: Sample) -> Drawn | None:
        """The judged picture of an earlier run, if it is still there, to the byte."""
        record = self.store.find(self._key(sample), ".json")
        try:
            drawn = _from_json(record.read_text(encoding="utf-8")) if record else None
        except (OSError, ValueError, TypeError, KeyError):
            return None
        if drawn is None or not drawn.picture:
            return drawn
        path = self.store.find(drawn.picture, ".png")
        return drawn if path and file_digest(path) == drawn.digest else None

    def keep(self, sample: Sample, drawn: Drawn) -> Drawn:
        data = drawn._asdict() | {"trials": [t._asdict() for t in drawn.trials]}
        text = json.dumps(data, ensure_ascii=False).encode()
        self.store.put(self._key(sample), ".json", lambda file: file.write(text))
        return drawn

    def _key(self, sample: Sample) -> str:
        """The first drawing and all that decides what follows it."""
        settings, stylizer = self.settings, self.ladder.stylizer
        first = drawing_key(sample, stylizer, sample_seed(self.ladder.seed, sample.id))
        step = self.ladder.step if self.ladder.goes_closer and settings.retries > 1 else 0
        looked = None
        if self.onlooker:
            looked = self.onlooker, asdict(settings.features), [(f.slot, f.value) for f in known_features(sample)]
        gate = asdict(settings.gate) if settings.gate else None
        return store_key("judge", VERSION, first, gate, settings.retries, step, looked)


def _from_json(text: str) -> Drawn:
    data = json.loads(text)
    return Drawn(**data | {"trials": tuple(Trial(**t) for t in data["trials"])})
