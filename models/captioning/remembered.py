"""What a captioner saw in a picture, kept in the store, so that it looks at no picture twice."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ..samples.sample import Feature, Sample
from ..samples.store import Store, store_key
from .protocol import Observation

FORMAT = 1


@dataclass(frozen=True)
class Memory:
    """Observations of the captioner with `identity`; without a store it remembers nothing."""

    store: Store | None
    identity: str

    def find(self, sample: Sample) -> Observation | None:
        """The kept observation, or None. A damaged file counts as absent: the picture is looked at again."""
        path = self.store.find(self._key(sample), ".json") if self.store else None
        try:
            return _from_json(path) if path else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, sample: Sample, observation: Observation) -> None:
        if self.store:
            text = json.dumps(asdict(observation), ensure_ascii=False)
            self.store.put(self._key(sample), ".json", lambda file: file.write(text.encode()))

    def _key(self, sample: Sample) -> str:
        """Whatever changes the pixels that a captioner is shown: file, colour behind transparency, mask."""
        image, mask = sample.image, sample.mask
        seen = [image.digest, image.background, mask and [mask.digest, mask.channel, mask.path == image.path]]
        return store_key("describe", FORMAT, self.identity, *seen)


def _from_json(path: Path) -> Observation:
    data = json.loads(path.read_text(encoding="utf-8"))
    return Observation(tuple(Feature(**f) for f in data["features"]), data["sentence"], tuple(data["keywords"]))
