"""Networks on other counts of threads and in other batches: how far what they say moves, beside how far it may.

torch adds up a product of matrices in another order when other threads or another batch share it, so that the last bits
of 24 may differ; MOST_* say what of it may be seen. Nothing of that is chance: each way again gives the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from ....models.compositing.checkpoint import load_model
from ....models.compositing.composing.compose import Composed, compose_many
from ....models.compositing.composing.predict import Placing
from ....models.compositing.composing.settings import ComposeSettings
from ....models.compositing.model import CompositingModel, fresh_model
from ....models.compositing.pairing import Pair, paired
from ....models.compositing.placing.predict import Prediction, predict_positions
from ....models.compositing.training.train import Trained, train
from ....models.picturefiles import decode
from ....models.pixels import from_pillow
from ....models.samples.listing import find_pictures
from ....tests.support.compositing import QUICK, TOY, Shelves, weights
from ..figure import Figure
from .pictures import SHIPPED
from .ways import threads

MODEL = SHIPPED.parent / "compositing" / "tiny.safetensors"
SCENE_SIDE = 320
# A box by so many pixels, of 320: it is rounded to whole ones where nodes hand it out.
MOST_PIXELS = 0.01
# The composite by so much, of 1: a fortieth of a step of 8 bits.
MOST_LIGHT = 1e-4
# Losses of five steps by so much of themselves, and the weights by so much of the longest step they took.
MOST_LOSS, MOST_WEIGHT = 1e-4, 0.05


def network_figures(part: str, long: bool) -> Iterator[Figure]:
    model, pairs = load_model(MODEL)[0], scene_pairs(8 if long else 2)
    with threads(1):
        places = [_placed(model, pair) for pair in pairs]
        alone = [c for pair, place in zip(pairs, places, strict=True) for c in _composed(model, [pair], [place])]
        again = [c for pair, place in zip(pairs, places, strict=True) for c in _composed(model, [pair], [place])]
        together = _composed(model, pairs, places)
    with threads(2):
        moved = [_placed(model, pair) for pair in pairs]
        shared = [c for pair, place in zip(pairs, places, strict=True) for c in _composed(model, [pair], [place])]
    boxes = max(abs(x - y) for a, b in zip(places, moved, strict=True) for x, y in zip(_box(a), _box(b), strict=True))
    yield _figure(part, "boxes, 1 and 2 threads", boxes, MOST_PIXELS, "pixels")
    yield _figure(part, "composites, again", _apart(alone, again), 0, "of 1")
    yield _figure(part, "composites, 1 and 2 threads", _apart(alone, shared), MOST_LIGHT, "of 1")
    yield _figure(part, f"composites, 1 and {len(pairs)} in a batch", _apart(alone, together), MOST_LIGHT, "of 1")
    yield from _training(part)


def scene_pairs(count: int) -> list[Pair]:
    """The shipped scenes with the shipped cut-outs, both small."""
    scenes, things = find_pictures(SHIPPED / "scenes"), find_pictures(SHIPPED / "cutouts")
    return [paired(_scene(scenes[n % len(scenes)]), *_thing(things[n % len(things)]))[0] for n in range(count)]


def _scene(path: Path) -> Tensor:
    image = decode(path).image
    image.thumbnail((SCENE_SIDE, SCENE_SIDE))
    return from_pillow(image)[None]


def _thing(path: Path) -> tuple[Tensor, Tensor]:
    decoded = decode(path)
    for picture in (decoded.image, decoded.alpha):
        picture.thumbnail((SCENE_SIDE // 2, SCENE_SIDE // 2))
    return from_pillow(decoded.image)[None], from_pillow(decoded.alpha)[None]


def _placed(model: CompositingModel, pair: Pair) -> Prediction:
    return predict_positions(model, pair.background, pair.foreground)


def _composed(model: CompositingModel, pairs: Sequence[Pair], places: Sequence[Prediction]) -> list[Composed]:
    """In one batch, in the boxes that were predicted."""
    given = zip(pairs, places, strict=True)
    placings = [Placing(p.background, p.foreground, f.candidates[0].box, f.located) for p, f in given]
    return list(compose_many(model, placings, ComposeSettings(seed=3, steps=2), judge=False))


def _box(prediction: Prediction) -> tuple[float, ...]:
    return tuple(prediction.candidates[0].box)


def _apart(first: Sequence[Composed], second: Sequence[Composed]) -> float:
    return max(float((a.image - b.image).abs().max()) for a, b in zip(first, second, strict=True))


def _training(part: str) -> Iterator[Figure]:
    """Five steps of both networks of a toy, dropout included."""
    begun = weights(fresh_model(TOY))
    (one, first), (same, _), (two, second) = (_trained(n) for n in (1, 1, 2))
    step = float((one - begun).abs().max())
    losses = [torch.tensor([(r.position, r.composition) for r in t.progressed.losses]) for t in (first, second)]
    moved = ((losses[1] - losses[0]).abs() / losses[0].abs().clamp(min=1e-3)).max()
    yield _figure(part, "training of 5 steps, again", float((one - same).abs().max()), 0, "of a weight")
    yield _figure(part, "losses, 1 and 2 threads", float(moved), MOST_LOSS, "of a loss")
    yield _figure(part, "weights, 1 and 2 threads", float((one - two).abs().max()) / step, MOST_WEIGHT, "of the step")


def _trained(count: int) -> tuple[Tensor, Trained]:
    with threads(count):
        model = fresh_model(TOY)
        done = train(model, Shelves(16), Shelves(4, 1000), QUICK)
        return weights(model), done


def _figure(part: str, name: str, value: float, most: float, unit: str) -> Figure:
    return Figure(part, name, value, unit, f"at most {most:g}", value <= most)
