"""A shot becomes a finished picture: backdrop, contact shadow, framed figure, all in one light."""

from __future__ import annotations

import random
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from .backdrops import OVER_BACK, PATTERNS, board
from .body import Figure
from .brush import OVER, Canvas, Pen
from .expressions import EXPRESSIONS
from .geometry import Placement
from .poses import POSES
from .scenes import SCENES
from .skeleton import Joints, View, solve

CLEAR = (236, 232, 224)  # colour kept under fully transparent pixels
SOFTNESS = {"long": 0.5, "full": 0.9, "medium": 2.6, "close-up": 4.2}  # backdrop blur at 640 pixels tall
ZOOM = {"long": 1.0, "full": 1.0, "medium": 1.5, "close-up": 1.8}
TINTS = {"night": (0.93, 0.935, 1.0), "meadow": (1.0, 0.985, 0.95), "woods": (1.0, 0.985, 0.955), "bakery": (1.0, 0.985, 0.96)}


@dataclass(frozen=True)
class Shot:
    """One picture to draw; the words also make its file name."""

    angle: str
    yaw: float
    action: str
    pose: str
    shot: str
    mood: str
    backdrop: str
    colours: tuple[str, ...]
    size: tuple[int, int]
    nudge: tuple[float, float] = (0.0, 0.0)
    caption: str = ""

    @property
    def clear(self) -> bool:
        return self.backdrop == "clear"

    @property
    def smooth(self) -> bool:
        """True when the backdrop is one long slope of colour, which few colours would break into steps."""
        return self.backdrop in ("gradient", "sky", "night", "meadow")

    def stem(self, who: str, number: int) -> str:
        mood = [self.mood] if self.mood and self.mood != self.action else []
        return "_".join([who, self.angle, self.action, self.shot, *mood, f"{number:02d}"])


@dataclass(frozen=True)
class Extent:
    """How far a figure reaches, in drawing units with the ground at y = 0."""

    left: float
    top: float
    right: float
    bottom: float


def _figure(character: ModuleType, shot: Shot) -> Figure:
    pose = POSES[shot.pose]
    return Figure(solve(character.BUILD, pose), View(shot.yaw), pose, EXPRESSIONS[shot.mood or "neutral"])


def _extent(character: ModuleType, figure: Figure) -> Extent:
    """Measured from a quick small drawing, so that every ribbon and tail counts."""
    reach, scale = 330, 0.5
    canvas = Canvas(round(reach * 2 * scale), round(reach * 2 * scale), 1)
    character.draw(Pen(canvas, Placement(scale, 0, reach * scale, 0, scale, (reach * 2 - 110) * scale)), figure)
    box = canvas.alpha.getbbox() or (0, 0, 1, 1)
    return Extent(box[0] / scale - reach, box[1] / scale - reach * 2 + 110, box[2] / scale - reach, box[3] / scale - reach * 2 + 110)


def _framing(character: ModuleType, figure: Figure, shot: Shot) -> Placement:
    """Where drawing units land on the picture, by shot size."""
    width, height = shot.size
    reach = _extent(character, figure)
    head, pelvis = figure.flat(figure.joints.head), figure.flat(figure.joints.pelvis)
    middle = (reach.left + reach.right) / 2
    if shot.shot in ("full", "long"):
        share, ground = (0.82, 0.925) if shot.shot == "full" else (0.47, 0.86)
        scale = min(share * height / max(-reach.top, 0.92 * character.STANDING), 0.88 * width / (reach.right - reach.left))
        x, y = width / 2 - middle * scale, height * ground
    elif shot.shot == "medium":
        top, low = min(reach.top, head[1] - character.CROWN), pelvis[1] + 2
        scale = min(0.93 * height / (low - top), 0.95 * width / (reach.right - reach.left))
        # Keep the head near the middle as far as hands and tail still fit.
        slack = max(0.0, (0.95 * width / scale - (reach.right - reach.left)) / 2)
        focus = min(max(head[0], middle - slack), middle + slack)
        x, y = width / 2 - focus * scale, height - low * scale
    else:
        tall = character.CROWN + character.CHIN
        scale = min(0.76 * height / tall, 0.86 * width / (tall * 1.12))
        x, y = width / 2 - head[0] * scale, height * 0.51 - (head[1] + (character.CHIN - character.CROWN) / 2) * scale
    return Placement(scale, 0, x + shot.nudge[0] * width, 0, scale, y + shot.nudge[1] * height)


def plainer(colours: tuple[str, ...]) -> tuple[str, ...]:
    """A pattern's two colours moved apart, so that it is still there when the picture is drawn anew."""
    if len(colours) != 2:
        return colours
    a, b = (np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)], float) for c in colours)
    darker, lighter = (a, b) if a.sum() < b.sum() else (b, a)
    darker -= np.array([26, 26, 22])
    return tuple("#" + "".join(f"{round(v):02x}" for v in np.clip(c, 0, 255)) for c in (a, b))


def _backdrop(shot: Shot, seed: str) -> np.ndarray:
    """The softened background at picture size, 0..1."""
    width, height = shot.size
    rng = random.Random(seed)
    zoom = ZOOM[shot.shot] if shot.backdrop in SCENES else 1.0
    pen = board(round(width * zoom), round(height * zoom))
    if shot.backdrop in SCENES:
        SCENES[shot.backdrop](pen, rng)
    else:
        PATTERNS[shot.backdrop](pen, plainer(shot.colours), rng)
    image = pen.canvas.rgb.reduce(OVER_BACK)
    left, top = (image.width - width) // 2, round((image.height - height) * 0.45)
    image = image.crop((left, top, left + width, top + height))
    if shot.backdrop in SCENES:
        image = image.filter(ImageFilter.GaussianBlur(SOFTNESS[shot.shot] * height / 640))
    pixels = np.asarray(image, dtype=np.float32) / 255
    grey = pixels.mean(axis=2, keepdims=True)
    return pixels * 0.88 + grey * 0.12


def _shade_ground(pixels: np.ndarray, joints: Joints, figure: Figure, place: Placement) -> np.ndarray:
    """A soft contact shadow under the feet (or seat)."""
    feet = [figure.flat(np.array([p[0], 0.0, p[2]])) for p in (*joints.soles, *joints.toes)]
    if figure.pose.seat:
        feet += [figure.flat(np.array([dx, 0.0, joints.pelvis[2] + dz])) for dx in (-38, 38) for dz in (-24, 20)]
    xs, ys = [f[0] for f in feet], [f[1] for f in feet]
    lift = figure.pose.lift
    fade, spread = 1 / (1 + lift / 40), 15 - min(lift, 40) * 0.1
    x, y = place.a * (min(xs) + max(xs)) / 2 + place.c, place.a * ((min(ys) + max(ys)) / 2 + 2) + place.f
    rx, ry = place.a * ((max(xs) - min(xs)) / 2 + spread), place.a * ((max(ys) - min(ys)) / 2 + spread * 0.36)
    height, width = pixels.shape[:2]
    grid_y, grid_x = np.mgrid[0:height, 0:width]
    far = np.sqrt(((grid_x - x) / (rx * 1.25)) ** 2 + ((grid_y - y) / (ry * 1.35)) ** 2)
    depth = np.clip((1.12 - far) / 0.34, 0, 1)
    depth = (depth * depth * (3 - 2 * depth) * 0.36 * fade)[..., None]
    return pixels * (1 - depth * np.array([0.80, 0.76, 0.62], dtype=np.float32))


def _pixels(values: np.ndarray) -> np.ndarray:
    return np.clip(values * 255 + 0.5, 0, 255).astype(np.uint8)


class Painted(NamedTuple):
    """`image`: RGB, or RGBA when the shot has a clear background. `subject`: where the figure is, 1 bit a pixel."""

    image: Image.Image
    subject: Image.Image


def paint_shot(character: ModuleType, shot: Shot, seed: str) -> Painted:
    """The finished picture and its mask."""
    figure = _figure(character, shot)
    place = _framing(character, figure, shot)
    canvas = Canvas(*shot.size, OVER)
    scaled = Placement(place.a * OVER, 0, place.c * OVER, 0, place.e * OVER, place.f * OVER)
    character.draw(Pen(canvas, scaled), figure)
    colour, cover = canvas.shrunk()
    subject = Image.fromarray(cover > 0.5)
    colour = colour * np.array(TINTS.get(shot.backdrop, (1.0, 1.0, 1.0)), dtype=np.float32)
    if shot.clear:
        bare = np.where(cover[..., None] > 0, colour / np.maximum(cover[..., None], 1e-4), np.array(CLEAR) / 255)
        return Painted(Image.fromarray(np.dstack([_pixels(bare), _pixels(cover)]), "RGBA"), subject)
    behind = _backdrop(shot, seed)
    if shot.shot in ("full", "long") and shot.backdrop != "sky":
        behind = _shade_ground(behind, figure.joints, figure, place)
    return Painted(Image.fromarray(_pixels(behind * (1 - cover[..., None]) + colour)), subject)

