"""A little drawn person in any pose, and a shelf that makes samples of pictures."""

import io
from math import cos, sin

import pytest
from PIL import Image, ImageChops, ImageDraw

from troupe.models.picturefiles import file_digest
from troupe.models.samples.sample import Feature, ImageFile, MaskFile, Sample, SampleSet
from troupe.models.samples.store import Store

GROUND, SKIN, HAIR, SHIRT, TROUSERS = (235, 235, 230), (240, 200, 170), (60, 60, 90), (180, 70, 60), (50, 60, 110)
# Angles from straight down, in radians: left arm, right arm, left leg, right leg.
POSES = {
    "stand": (-0.35, 0.35, -0.1, 0.1),
    "wave": (-0.35, 2.6, -0.1, 0.1),
    "point": (-0.35, 1.57, -0.1, 0.1),
    "jump": (-2.4, 2.4, -0.6, 0.6),
    "walk": (0.5, -0.5, -0.4, 0.4),
}


class Studio:
    """Draws one person of six heads, 0.8 of the picture tall, and saves it the way pictures get saved."""

    def draw(self, pose="stand", mouth="line", size=(144, 216), ground=GROUND, shirt=SHIRT, hair=HAIR, zoom=1.0):
        scale = 3  # drawn large and made small, for soft edges
        width, height = (n * scale for n in size)
        image = Image.new("RGB", (width, height), ground)
        draw = ImageDraw.Draw(image)
        tall, x, top = height * 0.8 * zoom, width / 2, height * 0.1
        head, hip = tall / 6, top + tall / 2

        def limb(x0, y0, angle, length, thick, colour):
            x1, y1 = x0 + sin(angle) * length, y0 + cos(angle) * length
            draw.line((x0, y0, x1, y1), colour, round(thick))
            for x, y in ((x0, y0), (x1, y1)):
                draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), colour)

        left, right, left_leg, right_leg = POSES.get(pose) or pose
        limb(x - head * 0.25, hip, left_leg, tall * 0.47, head * 0.34, TROUSERS)
        limb(x + head * 0.25, hip, right_leg, tall * 0.47, head * 0.34, TROUSERS)
        draw.rectangle((x - head * 0.2, top + head * 0.9, x + head * 0.2, top + head * 1.3), SKIN)
        draw.rectangle((x - head * 0.5, top + head * 1.2, x + head * 0.5, hip + head * 0.15), shirt)
        limb(x - head * 0.48, top + head * 1.35, left, tall * 0.3, head * 0.22, shirt)
        limb(x + head * 0.48, top + head * 1.35, right, tall * 0.3, head * 0.22, shirt)
        draw.ellipse((x - head * 0.5, top, x + head * 0.5, top + head * 1.05), hair)
        draw.ellipse((x - head * 0.38, top + head * 0.22, x + head * 0.38, top + head), SKIN)
        for eye in (x - head * 0.17, x + head * 0.17):
            draw.ellipse((eye - head * 0.07, top + head * 0.45, eye + head * 0.07, top + head * 0.62), TROUSERS)
        lips = (x - head * 0.14, top + head * 0.72, x + head * 0.14, top + head * 0.9)
        if mouth == "open":
            draw.ellipse(lips, (120, 30, 30))
        else:
            draw.line((lips[0], lips[1], lips[2], lips[1]), (120, 30, 30), scale)
        return image.resize(size, Image.Resampling.LANCZOS)

    def outline(self, image, ground=GROUND):
        """The mask: what is not the ground."""
        apart = ImageChops.difference(image, Image.new("RGB", image.size, ground)).split()
        return ImageChops.lighter(ImageChops.lighter(*apart[:2]), apart[2]).point(lambda v: 255 * (v > 12))

    def saved_again(self, image, quality=60, cut=0.01):
        """As it comes back from a chat: JPEG, with `cut` of the width and height gone on every side."""
        x, y = round(image.width * cut), round(image.height * cut)
        file = io.BytesIO()
        image.crop((x, y, image.width - x, image.height - y)).save(file, "JPEG", quality=quality)
        return Image.open(file).convert("RGB")


@pytest.fixture
def studio():
    return Studio()


class Shelf:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()

    def sample(self, id, image, mask=None, origin="captioner", **facts):
        """A sample of `image` (saved as PNG); facts: shot="full", angle="front", ..."""
        character = id.split("/")[0]
        path = self.save(f"{id.replace('/', '_')}.png", image)
        outline = mask and self.save(f"{id.replace('/', '_')}_mask.png", mask)
        return Sample(
            id,
            character,
            ImageFile(str(path), file_digest(path), *image.size),
            outline and MaskFile(str(outline), file_digest(outline), "grey"),
            tuple(Feature(slot, value, origin) for slot, value in facts.items()),
        )

    def save(self, name, image):
        path = self.folder / name
        image.save(path)
        return path


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "pictures")


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def cast_of_ten(shelf, studio):
    """One person in five poses, near and far, front and back in turn."""
    shots = {"full": 1.0, "close-up": 2.6}
    return SampleSet(
        tuple(
            shelf.sample(
                f"mira/{pose}-{shot}",
                studio.draw(pose, size=(72, 108), zoom=zoom, hair=HAIR if n % 2 else (90, 60, 60)),
                shot=shot,
                angle="front" if n % 2 else "back",
                action=pose,
            )
            for n, pose in enumerate(POSES)
            for shot, zoom in shots.items()
        )
    )
