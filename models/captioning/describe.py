"""Every sample of a set described: image features, a sentence and keywords, each picture looked at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, NamedTuple

from ..errors import BadPicture
from ..halving import InParts
from ..parallel import attended, ordered_map
from ..pixels import Picture
from ..progress import Progress, silent
from ..samples.sample import Description, Rejection, Sample, SampleSet, read_picture
from ..samples.store import Store
from .answered import observations_of
from .protocol import Captioner, Observation
from .remembered import Memory
from .sentence import keywords_of, write_sentence

STAGE = "describe"
# Short side in pixels that is decoded at least: more than today's captioners look at (CLIP 224 to 448, Florence-2 768).
READ_SIDE = 768

MACHINES = ("captioner", "measured")

SMALLER = "Choose a smaller model or a lower precision, or close what else uses the memory; the described are kept."

Rewrite = Literal["fill gaps", "replace machine text"]


class Look(NamedTuple):
    """A sample with what is known of its picture: an observation kept earlier, its pixels, or why it has none."""

    sample: Sample
    kept: Observation | None = None
    picture: Picture | None = None
    reason: str = ""


@dataclass
class Beat:
    """Says which picture is looked at, and again while that lasts."""

    progress: Progress
    total: int
    done: int = 0
    name: str = ""

    def at(self, look: Look) -> Look:
        self.name = look.sample.id
        self.again()
        self.done += 1
        return look

    def again(self) -> None:
        self.progress(min(self.done, self.total - 1), self.total, self.name)


def describe(
    sample_set: SampleSet,
    captioner: Captioner,
    store: Store | None,
    *,
    rewrite: Rewrite = "fill gaps",
    progress: Progress = silent,
) -> SampleSet:
    """The same samples in the same order, with what `captioner` saw; unreadable pictures are rejected.

    Facts from people, sidecars and paths stay as they are, and so does a person's text; its missing half is filled.
    `rewrite`: whether text of an earlier machine stays ("fill gaps") or is written anew. What the captioner saw is
    kept in `store` by picture, mask and captioner, so a second run looks at new pictures only.
    """
    sample_set.require_any("Describe")
    memory = Memory(store, captioner.identity)
    seen: dict[str, Observation] = {}
    lost: list[Rejection] = []
    beat = Beat(progress, len(sample_set))
    ask = InParts(partial(_asked, captioner, beat), SMALLER)
    with closing(ordered_map(partial(_look, memory), sample_set.samples)) as looks:
        for batch in _batched(map(beat.at, looks), captioner.batch):
            lost += [Rejection(s.id, STAGE, why, s.image.path, s) for s, _, _, why in batch if why]
            seen.update((look.sample.id, look.kept) for look in batch if look.kept)
            seen.update(_observed(ask, [look for look in batch if look.picture], memory))
    settings = {"captioner": captioner.identity, "rewrite": rewrite}
    done = sample_set.without(lost)
    return done.mapped(lambda s: described(s, seen[s.id], rewrite).after(STAGE, _settings(settings, seen[s.id])))


def described(sample: Sample, observation: Observation, rewrite: Rewrite = "fill gaps") -> Sample:
    """One sample with an observation merged into it."""
    sample = sample.with_features(observation.features)
    old = sample.description
    if rewrite == "replace machine text":
        old = _without_machine_text(old)
    sentence = old.sentence or observation.sentence or write_sentence(sample)
    keywords = old.keywords or tuple(dict.fromkeys((*keywords_of(sample), *observation.keywords)))
    origin = old.origin if old.sentence or old.keywords else "captioner"
    filled = old.filled
    if origin == "person" and not (old.sentence and old.keywords):
        filled = "keywords" if old.sentence else "sentence"
    return replace(sample, description=Description(sentence, keywords, origin, filled))


def _settings(common: dict[str, str], observation: Observation) -> str:
    """One sample's entry in its history."""
    return json.dumps(common | ({"note": observation.note} if observation.note else {}))


def note_of(sample: Sample) -> str:
    """Why something is missing from what the captioner said last; "" where nothing is."""
    settings = next((step.settings for step in reversed(sample.history) if step.stage == STAGE), "{}")
    return json.loads(settings).get("note", "")


def _without_machine_text(old: Description) -> Description:
    if old.origin == "person":
        return Description(old.own_sentence, old.own_keywords, "person")
    return Description() if old.origin in MACHINES else old


def _look(memory: Memory, sample: Sample) -> Look:
    """Runs ahead on threads."""
    kept = memory.find(sample)
    if kept:
        return Look(sample, kept)
    try:
        return Look(sample, picture=read_picture(sample, READ_SIDE))
    except BadPicture as error:
        return Look(sample, reason=error.what)


def _batched(looks: Iterable[Look], size: int) -> Iterator[list[Look]]:
    """Lists with `size` pictures to look at, the last with fewer; what needs no look rides along."""
    batch: list[Look] = []
    for look in looks:
        batch.append(look)
        if sum(held.picture is not None for held in batch) == size:
            yield batch
            batch = []
    yield batch


def _asked(captioner: Captioner, beat: Beat, looks: Sequence[Look]) -> Sequence[Observation]:
    """All at once; a model may look at them for a long time, and Cancel is heard meanwhile."""
    ask = partial(captioner.observe, [look.picture for look in looks], [look.sample for look in looks])
    answer = ask() if getattr(captioner, "hears_cancel", False) else attended(ask, beat.again)
    return observations_of(answer, captioner, len(looks))


def _observed(
    ask: InParts[Look, Observation], looks: Sequence[Look], memory: Memory
) -> Iterator[tuple[str, Observation]]:
    for look, observation in zip(looks, ask(looks), strict=True):
        if not observation.note:
            memory.keep(look.sample, observation)
        yield look.sample.id, observation
