"""Memory that runs out: real models that refuse more than so many things at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from ...models.adjusting.consistency.checking import check_consistency
from ...models.captioning.describe import describe
from ...models.compositing.composing.compose import compose_many
from ...models.compositing.composing.predict import Placing
from ...models.compositing.composing.settings import ComposeSettings
from ...models.compositing.config import preset
from ...models.compositing.grid import Frame
from ...models.compositing.locating import located_in
from ...models.compositing.model import fresh_model
from ...models.errors import TroupeError
from ...models.restyling.drawing import RestyleSettings
from ...models.restyling.painterlystylizer import PainterlyStylizer
from ...models.restyling.protocol import Request
from ...models.restyling.restyle import restyle
from ...models.samples.reading import ReadOptions, read_sample_set
from ...models.samples.sample import SampleSet
from ...models.samples.store import Store
from ...models.styles.library import load_library
from ...models.styles.mapping import MapSettings, map_styles
from . import given
from .contents import contents, difference
from .eyes import captioner
from .figure import Figure
from .jobs import NAME, TOY, TRAINING, composites, train

COUNT, ASKED, FITS = 7, 7, 3  # pictures; as many at once as are asked for, and as fit
PLACED, VIEWS = 12, 5
TIGHT = 6  # steps until it gets tight
ROUNDING = 1e-3  # of what a model says of a picture in another company


def figures(long: bool, scratch: Path) -> Iterator[Figure]:
    samples = read_sample_set(given.pictures(scratch / "pictures", COUNT, 160), ReadOptions())
    yield _describing(samples, scratch)
    yield _comparing(samples, scratch)
    yield _composing()
    yield _restyling(samples, scratch)
    yield _training(scratch)


@dataclass
class Narrow:
    """`most`: things that fit at once. `refused`: how many there were each time that they did not; `largest`: of those
    that did."""

    most: int
    refused: list[int]
    largest: int = 0

    def __call__(self, module: nn.Module, given: tuple[Tensor, ...]) -> None:
        if len(given[0]) > self.most:
            self.refused.append(len(given[0]))
            raise torch.OutOfMemoryError(f"CUDA out of memory. Tried to allocate {len(given[0])} pictures.")
        self.largest = max(self.largest, len(given[0]))


@contextmanager
def narrow(module: nn.Module, most: int) -> Iterator[Narrow]:
    """`module` takes no more than `most` things at once."""
    memory = Narrow(most, [])
    hook = module.register_forward_pre_hook(memory)
    try:
        yield memory
    finally:
        hook.remove()


def _figure(name: str, memory: Narrow, wrong: str) -> Figure:
    """Refused once, halved from then on, and everything done."""
    kept = bool(memory.refused) and len(memory.refused) <= 2 and not wrong
    note = wrong or f"{memory.refused} at once did not fit"
    promise = "at once, the rest in parts of that size; everything comes out as it does with more memory"
    return Figure("memory", name, memory.largest, "things", promise, kept, note)


def _describing(samples: SampleSet, scratch: Path) -> Figure:
    wide = describe(samples, captioner(2, ASKED), Store(scratch / "wide"))
    eyes = captioner(2, ASKED)
    with narrow(eyes.clip.model.visual, FITS) as memory:
        described = describe(samples, eyes, Store(scratch / "narrow"))
    return _figure("describe", memory, _unlike(described, wide))


def _unlike(found: SampleSet, wanted: SampleSet) -> str:
    if len(found) != len(wanted) or found.rejected != wanted.rejected:
        return f"{len(found)} of {len(wanted)} pictures came through"
    for a, b in zip(found.samples, wanted.samples, strict=True):
        said, meant = ([(f.slot, f.value) for f in s.features] for s in (a, b))
        if said != meant or a.description != b.description:
            return f"{a.id} is described otherwise"
        if any(abs(f.confidence - g.confidence) > ROUNDING for f, g in zip(a.features, b.features, strict=True)):
            return f"{a.id} is described with another confidence"
    return ""


def _comparing(samples: SampleSet, scratch: Path) -> Figure:
    wide = check_consistency(samples, captioner(2, ASKED), Store(scratch / "wide"))
    eyes = captioner(2, ASKED)
    with narrow(eyes.clip.model.visual, FITS) as memory:
        checked = check_consistency(samples, eyes, Store(scratch / "narrow"))
    found, wanted = ([f.likeness for p in c.portraits for f in p.found] for c in (checked, wide))
    wrong = "" if len(found) == COUNT and _near(found, wanted) else "other likenesses"
    return _figure("check consistency", memory, wrong)


def _near(found: Sequence[float], wanted: Sequence[float]) -> bool:
    return len(found) == len(wanted) and all(abs(a - b) <= ROUNDING for a, b in zip(found, wanted, strict=True))


def _composing() -> Figure:
    model, chance = fresh_model(preset("tiny")).eval(), torch.Generator().manual_seed(5)
    background = torch.rand((96, 128, 3), generator=chance)
    thing = torch.cat([torch.rand((24, 16, 3), generator=chance), torch.ones(24, 16, 1)], -1)
    located = located_in(model, background, thing)
    placings = [Placing(background, thing, Frame(4 + 8 * n, 40, 20 + 8 * n, 64), located) for n in range(PLACED)]
    wide = [made.image for made in compose_many(model, placings, ComposeSettings(), judge=False)]
    with narrow(model.composition, VIEWS) as memory:
        images = [made.image for made in compose_many(model, placings, ComposeSettings(), judge=False)]
    alike = len(images) == PLACED and all((a - b).abs().max() <= ROUNDING for a, b in zip(images, wide, strict=True))
    return _figure("composite", memory, "" if alike else "other composites")


@dataclass(frozen=True)
class Small:
    """The painterly stylizer on a device where pictures of more than `most` pixels do not fit."""

    inner: object
    most: int

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def prepare(self, pictures: object) -> Small:
        return replace(self, inner=self.inner.prepare(pictures))

    def restyle(self, request: Request) -> Tensor:
        if request.picture.rgb[..., 0].numel() > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return self.inner.restyle(request)


def _restyling(samples: SampleSet, scratch: Path) -> Figure:
    """One picture is drawn at a time: one that does not fit is told of, and the others are drawn."""
    samples = map_styles(samples, load_library(), MapSettings(first="ink_wash")).sample_set
    areas = sorted(s.image.size.area for s in samples.samples)
    fitting = areas.count(areas[0])
    store = Store(scratch / "drawn")
    made = restyle(samples, Small(PainterlyStylizer(), areas[0]), RestyleSettings(), store).sample_set
    told = all("memory does not suffice" in r.reason and "smaller" in r.reason for r in made.rejected)
    kept = len(made) == fitting and len(made) + len(made.rejected) == COUNT and told and fitting < COUNT
    later = restyle(samples, PainterlyStylizer(), RestyleSettings(), store)
    kept &= len(later.sample_set) == COUNT and later.computed == COUNT - fitting
    promise = "of 7 drawn, the larger ones dropped with the reason; with more memory only those are drawn"
    return Figure("memory", "restyle", fitting, "pictures", promise, bool(kept), "")


def _training(scratch: Path) -> Figure:
    """Half a batch would be another training: it stops, saved, and says what to set."""
    given.pictures(scratch / "scenes" / "given", 6, 160)
    composites(scratch / "scenes")
    whole, stopped = scratch / "whole", scratch / "stopped"
    for place in (whole, stopped):
        (place / "made").mkdir(parents=True)
        (place / "given").symlink_to(scratch / "scenes" / "made" / "sets" / NAME)
    train(whole)
    steps: list[int] = []

    def watch(done: int, total: int, name: str) -> None:
        if not name.startswith("looking") and done not in steps:
            steps.append(done)

    told, model = "", fresh_model(TOY)
    hook = model.composition.register_forward_pre_hook(lambda *_: _refuse() if len(steps) > TIGHT else None)
    try:
        train(stopped, model, progress=watch)
    except TroupeError as error:
        told = str(error)
    hook.remove()
    last = steps.pop()
    train(stopped, progress=watch)
    wrong = difference(contents(stopped / "made"), contents(whole / "made"))
    clear = "does not fit into the memory" in told and "batch size" in told
    kept = clear and not wrong and last == TIGHT and steps == list(range(TRAINING.steps))
    promise = "done, then stopped with what to set; with more memory it goes on from there to the same weights"
    return Figure("memory", "train", last, "steps", promise, kept, wrong or told)


def _refuse() -> None:
    raise torch.OutOfMemoryError("CUDA out of memory.")
