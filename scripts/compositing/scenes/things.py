"""Every kind of thing: who draws it, how tall it really is, and on what it stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from . import animals, deskware, furnishings, people, roadside, tableware, vehicles
from .brush import Drawn

Draw = Callable[[np.random.Generator, int], Drawn]


class Thing(NamedTuple):
    """`height`: metres of the drawn picture, low and high. `share`: how often it is the subject; 0 = scenery only.

    `places`: names of places where it stands (`places.py`). `lane`: which part of such a place it keeps to.
    """

    kind: str
    draw: Draw
    height: tuple[float, float]
    places: tuple[str, ...]
    lane: str
    share: float


OUT = ("street", "park", "field", "beach", "plaza", "parking", "snow")
FLOORS = ("room", "corridor", "hall")
WALKS = (*OUT, *FLOORS, "street", "plaza")
TOPS = ("table", "desk", "counter", "shelf", "above")
SKY = ("field", "beach", "park", "hills", "street", "sea")

THINGS = (
    Thing("person", people.person, (1.55, 1.9), WALKS, "walk", 37),
    Thing("child", partial(people.person, child=True), (0.85, 1.4), WALKS, "walk", 6),
    Thing("squatting person", partial(people.person, pose="squat"), (0.95, 1.2), WALKS, "walk", 2),
    Thing(
        "seated person", partial(people.person, pose="sit"), (1.22, 1.42), ("park", "plaza", "room", "hall"), "walk", 4
    ),
    Thing("cyclist", partial(people.person, pose="ride"), (1.6, 1.85), ("street", "park", "parking"), "drive", 2),
    Thing("dog", animals.quadruped, (0.35, 0.8), (*OUT, "room"), "walk", 3),
    Thing("seated dog", partial(animals.seated_pet, kind="dog"), (0.4, 0.75), (*OUT, "room"), "walk", 1.5),
    Thing("cat", partial(animals.quadruped, kind="cat"), (0.28, 0.38), ("street", "park", "room", "room"), "walk", 1.5),
    Thing("seated cat", animals.seated_pet, (0.35, 0.48), ("room", "room", "park"), "walk", 1.5),
    Thing("horse", partial(animals.quadruped, kind="horse"), (1.9, 2.4), ("field", "hills"), "open", 1.5),
    Thing("cow", partial(animals.quadruped, kind="cow"), (1.4, 1.7), ("field", "hills"), "open", 1),
    Thing("sheep", partial(animals.quadruped, kind="sheep"), (0.75, 1.0), ("field", "hills"), "open", 1),
    Thing("bird", animals.bird, (0.2, 0.4), ("park", "beach", "plaza", "field"), "open", 1.5),
    Thing("flying bird", partial(animals.bird, flying=True), (0.25, 0.6), SKY, "sky", 1.5),
    Thing("car", vehicles.car, (1.4, 1.6), ("street", "parking", "street", "snow"), "drive", 4),
    Thing("van", vehicles.van, (2.2, 3.1), ("street", "parking"), "drive", 1.5),
    Thing("bicycle", vehicles.bicycle, (1.0, 1.15), ("street", "park", "plaza", "parking"), "walk", 2),
    Thing("boat", vehicles.boat, (2.5, 7.0), ("sea", "sea", "beach"), "water", 2),
    Thing("sign", roadside.sign, (2.2, 2.8), ("street", "parking"), "walk", 1),
    Thing("hydrant", roadside.hydrant, (0.7, 0.9), ("street", "plaza"), "walk", 0.7),
    Thing("bench", furnishings.bench, (0.8, 0.95), ("park", "plaza", "street"), "walk", 1),
    Thing("chair", furnishings.chair, (0.8, 1.0), ("room", "room", "hall", "plaza"), "walk", 2),
    Thing("sofa", furnishings.sofa, (0.75, 0.95), ("room",), "back", 1),
    Thing("plant", furnishings.plant, (0.5, 1.4), ("room", "corridor", "plaza"), "back", 1.2),
    Thing("suitcase", roadside.suitcase, (0.6, 1.05), ("street", "hall", "corridor", "room", "plaza"), "walk", 2),
    Thing("bag", roadside.bag, (0.28, 0.5), ("hall", "room", "park", "plaza"), "walk", 1),
    Thing("carton", deskware.box, (0.3, 0.7), ("room", "corridor", "hall", "street"), "walk", 1),
    Thing("football", deskware.ball, (0.2, 0.25), ("park", "field", "room", "beach"), "open", 1),
    Thing("stone", roadside.stone, (0.2, 0.9), ("field", "beach", "park", "hills"), "open", 0.3),
    Thing("bottle", tableware.bottle, (0.2, 0.33), TOPS, "top", 3),
    Thing("cup", tableware.cup, (0.08, 0.12), TOPS, "top", 2.2),
    Thing("glass", tableware.tumbler, (0.1, 0.2), TOPS, "top", 1.2),
    Thing("bowl", tableware.bowl, (0.07, 0.13), ("table", "counter", "shelf"), "top", 1.2),
    Thing("fruit", tableware.fruit, (0.07, 0.14), ("table", "counter", "above", "above"), "top", 2.2),
    Thing("book", deskware.book, (0.14, 0.26), ("desk", "shelf", "table"), "top", 1.5),
    Thing("laptop", deskware.laptop, (0.22, 0.27), ("desk", "table"), "top", 1.5),
    Thing("keyboard", deskware.keyboard, (0.1, 0.15), ("desk", "desk", "above"), "top", 1),
    Thing("screen", deskware.screen, (0.38, 0.5), ("desk",), "top", 0.8),
    Thing("lamp", deskware.lamp, (0.35, 0.6), ("desk", "table"), "top", 0.8),
    Thing("parcel", deskware.box, (0.1, 0.3), ("table", "counter", "above"), "top", 1),
    Thing("teddy", deskware.teddy, (0.2, 0.4), ("shelf", "desk", "table"), "top", 0.8),
    Thing("vase", furnishings.plant, (0.25, 0.5), ("table", "desk", "shelf", "counter"), "top", 1.2),
    Thing("picture", furnishings.picture, (0.35, 0.9), ("wall",), "wall", 1),
    Thing("clock", furnishings.clock, (0.25, 0.4), ("wall",), "wall", 1),
    Thing("tree", roadside.tree, (4.0, 9.0), (), "side", 0),
)

BY_KIND = {thing.kind: thing for thing in THINGS}
_SHARES = np.array([thing.share for thing in THINGS]) / sum(thing.share for thing in THINGS)


def any_thing(rng: np.random.Generator) -> Thing:
    """A subject, people in nearly every second picture as in photographs."""
    return THINGS[rng.choice(len(THINGS), p=_SHARES)]
