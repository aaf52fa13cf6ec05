"""Given a set whose samples have styles, the second sample set: every picture redrawn, none drawn twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

from torch import Tensor

from ..errors import TroupeError
from ..parallel import attended, ordered_map
from ..picturefiles import encode, file_digest
from ..pixels import Picture, resized, to_pillow
from ..progress import Progress, silent
from ..registration.gate import GateSettings, Verdict, check_structure
from ..samples.sample import Description, ImageFile, MaskFile, Rejection, Sample, SampleSet, read_picture
from ..samples.seeds import sample_seed
from ..samples.store import Store, store_key
from ..vocabulary import vocabulary
from .protocol import PreparedStylizer, Request, Stylizer

STAGE = "restyle"
# Raise it when this step's own work changes what lands in the store.
VERSION = 1
# Set statistics (palette, tone) do not change visibly above this side, and reading gets 10 times faster.
STATISTICS_SIDE = 256


@dataclass(frozen=True)
class RestyleSettings:
    """`gate`: None leaves the structure unchecked. `retries`: further seeds tried for a picture that failed it."""

    seed: int = 0
    gate: GateSettings | None = GateSettings()
    retries: int = 1


class Restyled(NamedTuple):
    """The second sample set, how many pictures were drawn now (kept or not), how many were found finished."""

    sample_set: SampleSet
    computed: int
    reused: int


class Drawn(NamedTuple):
    """What the store keeps beside a picture. `digest` is empty for one that failed the gate."""

    digest: str
    seed: int
    score: float
    unwarped: bool
    reason: str


def restyle(
    sample_set: SampleSet,
    stylizer: Stylizer,
    settings: RestyleSettings,
    store: Store,
    progress: Progress = silent,
) -> Restyled:
    """Redraw every sample in its `style`. What is in `store` already is not drawn again.

    A picture that cannot be read, or lost its structure in every attempt, is rejected with the reason.
    Raises `TroupeError` for a sample without a style.
    """
    _require_styles(sample_set)
    made: dict[str, Sample | Rejection] = {}
    computed = drawn = 0
    for character in sample_set.characters:
        samples = sample_set.of(character)
        prepared = stylizer.prepare(_statistics_pictures(samples))
        for sample, result, fresh in _draw_all(
            samples, prepared, settings, store, progress, len(made), len(sample_set)
        ):
            made[sample.id] = still_true(result, prepared.repaints)
            computed += fresh
            drawn += fresh and isinstance(result, Sample)
    kept = tuple(made[s.id] for s in sample_set.samples if isinstance(made[s.id], Sample))
    rejected = tuple(r for r in made.values() if isinstance(r, Rejection))
    reused = len(kept) - drawn
    store.trim(keep=frozenset(Path(s.image.path) for s in kept))
    return Restyled(SampleSet(kept, sample_set.rejected + rejected), computed, reused)


def still_true(result: Sample | Rejection, repainted: tuple[str, ...]) -> Sample | Rejection:
    """A redrawn sample without the facts that held for its source alone: measured ones and repainted slots."""
    if isinstance(result, Rejection):
        return result
    words = vocabulary()
    gone = {slot.id for slot in words.slots if slot.kind == "measured"} | set(repainted)

    def holds(text: str) -> bool:
        word = words.find(text)
        return word is None or word.slot not in gone

    features = tuple(f for f in result.features if f.slot not in gone)
    old = result.description
    # A sentence may tell of what is gone, and a caption is written from the facts that are left. A person's stays.
    sentence = old.sentence if old.origin == "person" else ""
    keywords = old.keywords if old.origin == "person" and not sentence else tuple(filter(holds, old.keywords))
    return replace(result, features=features, description=Description(sentence, keywords, old.origin))


def _require_styles(sample_set: SampleSet) -> None:
    sample_set.require_any("Restyle")
    bare = [s.id for s in sample_set.samples if s.style is None]
    if bare:
        raise TroupeError(
            f"{len(bare)} of {len(sample_set)} pictures have no style",
            item=", ".join(bare[:3]),
            remedy="Wire the set through Map Styles before Restyle.",
        )


def _statistics_pictures(samples: tuple[Sample, ...]) -> Iterator[Picture]:
    """Every readable picture of a character, small, in order."""

    def small(sample: Sample) -> Picture | None:
        try:
            picture = read_picture(sample, at_least=STATISTICS_SIDE)
        except TroupeError:
            return None  # rejected with its reason when its turn to be drawn comes
        height, width = picture.rgb.shape[:2]
        scale = min(1.0, STATISTICS_SIDE / max(height, width))
        width, height = max(1, round(width * scale)), max(1, round(height * scale))
        mask = picture.mask if picture.mask is None else resized(picture.mask, width, height)
        return Picture(resized(picture.rgb, width, height), mask)

    return (picture for picture in ordered_map(small, samples) if picture is not None)


def _draw_all(samples, prepared, settings, store, progress, done, total):
    """Yield (sample, result, drawn now?) in order, reading one picture ahead of the stylizer."""

    def look_up(sample: Sample):
        key = _key(sample, prepared, settings)
        found = _find(store, key)
        if found is not None:
            return sample, key, found, None
        try:
            return sample, key, None, read_picture(sample)
        except TroupeError as error:
            return sample, key, Drawn("", 0, 0.0, False, str(error)), None

    # One worker reads ahead: `ordered_map` runs in place with one, so ask for two with one item each.
    for sample, key, drawn, picture in ordered_map(look_up, samples, workers=2, ahead=1):
        progress(done, total, sample.id)
        fresh = drawn is None
        if fresh:
            draw = partial(_draw, sample, picture, key, prepared, settings, store)
            drawn = attended(draw, partial(progress, done, total, sample.id))
        yield sample, _result(sample, drawn, key, store, settings), fresh
        done += 1


def _key(sample: Sample, prepared: PreparedStylizer, settings: RestyleSettings) -> str:
    mask = sample.mask.digest if sample.mask else ""
    gate = asdict(settings.gate) if settings.gate else None
    seed = sample_seed(settings.seed, sample.id)
    source = (sample.image.digest, sample.image.background, mask)
    # The description is in it because stylizers that read text draw from it.
    words = (sample.description.sentence, sample.description.keywords)
    return store_key(
        STAGE, VERSION, source, words, asdict(sample.style), prepared.identity, seed, gate, settings.retries
    )


def _find(store: Store, key: str) -> Drawn | None:
    record = store.find(key, ".json")
    if record is None:
        return None
    try:
        drawn = Drawn(**json.loads(record.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    missing = drawn.digest and store.find(key, ".png") is None
    return None if missing else drawn


def _draw(
    sample: Sample,
    picture: Picture,
    key: str,
    prepared: PreparedStylizer,
    settings: RestyleSettings,
    store: Store,
) -> Drawn:
    """Draw until the structure holds or the attempts are used up; the best attempt is judged."""
    best, best_seed = None, 0
    for attempt in range(settings.retries + 1):
        seed = sample_seed(settings.seed, sample.id, attempt)
        redrawn = prepared.restyle(Request(picture, sample, sample.style, seed))
        redrawn = resized(redrawn, picture.rgb.shape[1], picture.rgb.shape[0])  # source and twin stay a pair
        verdict = _judge(picture.rgb, redrawn, settings.gate)
        if best is None or verdict.score > best.score:
            best, best_seed = verdict, seed
        if verdict.passed:
            break
    digest = _save(best, picture, sample, key, store) if best.passed else ""
    drawn = Drawn(digest, best_seed, round(float(best.score), 4), best.unwarped, best.reason)
    text = json.dumps(drawn._asdict(), ensure_ascii=False).encode()
    store.put(key, ".json", lambda file: file.write(text))
    return drawn


def _judge(source: Tensor, redrawn: Tensor, gate: GateSettings | None) -> Verdict:
    if gate is None:
        return Verdict(redrawn, 1.0, True, False, "structure not checked")
    return check_structure(source, redrawn, gate)


def _save(verdict: Verdict, picture: Picture, sample: Sample, key: str, store: Store) -> str:
    image = to_pillow(verdict.picture)
    if sample.mask and sample.mask.channel == "alpha" and picture.mask is not None:
        image.putalpha(to_pillow(picture.mask).resize(image.size))
    return file_digest(store.put(key, ".png", partial(_write_png, image)))


def _write_png(image, file: IO[bytes]) -> None:
    encode(image, file, ".png")


def _result(sample: Sample, drawn: Drawn, key: str, store: Store, settings: RestyleSettings) -> Sample | Rejection:
    if not drawn.digest:
        return Rejection(sample.id, STAGE, drawn.reason, sample.image.path, sample)
    path = str(store.path(key, ".png"))
    image = ImageFile(path, drawn.digest, sample.image.width, sample.image.height, sample.image.background)
    mask = sample.mask
    if mask and mask.channel == "alpha":
        mask = MaskFile(path, drawn.digest, "alpha")
    facts = {
        "first": sample.style.first.id,
        "second": sample.style.second.id if sample.style.second else "",
        "structure": drawn.score,
        "unwarped": drawn.unwarped,
    }
    made = replace(sample, image=image, mask=mask, source=sample)
    return made.after(STAGE, json.dumps(facts), drawn.seed)
