"""Given one sample, its redrawn picture: from the store if it is there, else drawn, judged and kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from torch import Tensor

from ..errors import BadPicture
from ..picturefiles import decode, file_digest, write_png
from ..pixels import Picture, from_pillow, resized, to_pillow
from ..registration.gate import GateSettings, Verdict, check_structure
from ..samples.sample import ImageFile, MaskFile, Sample, read_picture
from ..samples.seeds import sample_seed
from ..samples.store import Store, store_key
from .protocol import PreparedStylizer, Request

# Raise it when this step's own work changes what lands in the store.
VERSION = 2


@dataclass(frozen=True)
class RestyleSettings:
    """`gate`: None leaves the structure unchecked. `retries`: further seeds tried for a picture that failed it."""

    seed: int = 0
    gate: GateSettings | None = GateSettings()
    retries: int = 1


class Drawn(NamedTuple):
    """What the store remembers of a judged picture. `picture`: its key, "" for one that failed the gate.
    `score`: None where the structure was not or could not be checked."""

    picture: str
    digest: str
    seed: int
    score: float | None
    unwarped: bool
    reason: str


@dataclass(frozen=True)
class Artist:
    """Draws samples of one character with one stylizer, whatever is in the store already excepted."""

    stylizer: PreparedStylizer
    settings: RestyleSettings
    store: Store

    def find(self, sample: Sample) -> Drawn | None:
        """The judged picture of an earlier run, if it is still there, to the byte."""
        record = self.store.find(self._verdict_key(sample), ".json")
        try:
            drawn = Drawn(**json.loads(record.read_text(encoding="utf-8"))) if record else None
        except (OSError, ValueError, TypeError):
            return None
        if drawn is None or not drawn.picture:
            return drawn
        path = self.store.find(drawn.picture, ".png")
        return drawn if path and file_digest(path) == drawn.digest else None

    def draw(self, sample: Sample, on_drawing: Callable[[], None]) -> Drawn:
        """Draw until the structure holds or the attempts are used up; the best attempt is kept.

        `on_drawing` is called for each picture that is really drawn.
        """
        picture = read_picture(sample)
        best, best_key, best_seed = None, "", 0
        for attempt in range(self.settings.retries + 1):
            seed = sample_seed(self.settings.seed, sample.id, attempt)
            key = self._drawing_key(sample, seed)
            redrawn = self._drawing(sample, picture, key, seed, on_drawing)
            verdict = self._judge(picture.rgb, redrawn)
            if best is None or _worth(verdict) > _worth(best):
                best, best_key, best_seed = verdict, key, seed
            if verdict.passed:
                break
        return self._remember(sample, picture, best, best_key, best_seed)

    def result(self, sample: Sample, drawn: Drawn) -> Sample:
        """The sample with its redrawn picture; the old one becomes its source."""
        path = str(self.store.path(drawn.picture, ".png"))
        image = ImageFile(path, drawn.digest, sample.image.width, sample.image.height, sample.image.background)
        mask = sample.mask
        if mask and mask.channel == "alpha":
            mask = MaskFile(path, drawn.digest, "alpha")
        return replace(sample, image=image, mask=mask, source=sample)

    def _drawing_key(self, sample: Sample, seed: int) -> str:
        """What the stylizer saw decides the picture; what the gate wants does not."""
        mask = sample.mask.digest if sample.mask else ""
        source = (sample.image.digest, sample.image.background, mask)
        cue = self.stylizer.cue(sample)
        return store_key("draw", VERSION, source, asdict(sample.style), cue, self.stylizer.identity, seed)

    def _verdict_key(self, sample: Sample) -> str:
        first = self._drawing_key(sample, sample_seed(self.settings.seed, sample.id))
        gate = asdict(self.settings.gate) if self.settings.gate else None
        return store_key("judge", VERSION, first, gate, self.settings.retries)

    def _drawing(self, sample: Sample, picture: Picture, key: str, seed: int, on_drawing: Callable[[], None]) -> Tensor:
        """Drawn for another gate before, or now."""
        if path := self.store.find(key, ".png"):
            with suppress(BadPicture):  # a damaged one is drawn again
                return from_pillow(decode(path).image)
        on_drawing()
        redrawn = self.stylizer.restyle(Request(picture, sample, sample.style, seed))
        redrawn = resized(redrawn, picture.rgb.shape[1], picture.rgb.shape[0])  # source and twin stay a pair
        self._keep(key, redrawn, sample, picture)
        return redrawn

    def _judge(self, source: Tensor, redrawn: Tensor) -> Verdict:
        if self.settings.gate is None:
            return Verdict(redrawn, None, True, False, "structure not checked")
        return check_structure(source, redrawn, self.settings.gate)

    def _remember(self, sample: Sample, picture: Picture, best: Verdict, key: str, seed: int) -> Drawn:
        if best.passed and best.unwarped:
            key = store_key("put back", VERSION, key, asdict(self.settings.gate))
            self._keep(key, best.picture, sample, picture)
        digest = file_digest(self.store.path(key, ".png")) if best.passed else ""
        score = None if best.score is None else round(float(best.score), 4)
        drawn = Drawn(key if best.passed else "", digest, seed, score, best.unwarped, best.reason)
        text = json.dumps(drawn._asdict(), ensure_ascii=False).encode()
        self.store.put(self._verdict_key(sample), ".json", lambda file: file.write(text))
        return drawn

    def _keep(self, key: str, pixels: Tensor, sample: Sample, picture: Picture) -> Path:
        image = to_pillow(pixels)
        if sample.mask and sample.mask.channel == "alpha" and picture.mask is not None:
            image.putalpha(to_pillow(picture.mask).resize(image.size))
        return self.store.put(key, ".png", partial(write_png, image))


def _worth(verdict: Verdict) -> float:
    return 1.0 if verdict.score is None else verdict.score
