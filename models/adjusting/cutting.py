"""A planned crop made real: pixels in the store, and a sample that says what can be seen in it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from ..geometry import Size
from ..picturefiles import decode, encode, file_digest, parse_colour
from ..samples.sample import Feature, ImageFile, Labels, MaskFile, Sample, read_mask
from ..samples.store import Store, store_key
from ..vocabulary import vocabulary
from .cropping import CROPS, Plan

VERSION = 2  # raise it when equal plans begin to give other pixels
MOVED = ("subject.size", "subject.place")  # true of the whole picture, no longer of the crop
CONFIDENCE = 0.7  # the outline says where the head is; nobody has looked


def cut(plan: Plan, store: Store) -> Sample:
    """The sample `<id>@<shot>`: picture and mask cropped to PNG files in `store`, never enlarged. What is transparent
    stays so."""
    picture, outline = _files(plan, store)
    background = plan.sample.image.background
    sample = replace(
        plan.sample,
        id=plan.id,
        image=ImageFile(str(picture), file_digest(picture), *plan.box.size, background),
        mask=MaskFile(str(outline), file_digest(outline), "alpha" if outline == picture else "grey"),
    )
    whole = list(plan.sample.image.size)
    settings = json.dumps({"from": plan.sample.id, "shot": plan.shot, "box": list(plan.box), "of": whole})
    return described_as(sample, plan.shot).after("crop", settings)


def _files(plan: Plan, store: Store) -> tuple[Path, Path]:
    """The cropped picture and its mask, one file where the mask is the picture's own alpha; decoded and cut only if
    the store lacks one of them."""
    image, mask = plan.sample.image, plan.sample.mask
    source = [image.digest, image.background, mask.digest, mask.channel, list(plan.box)]
    own = mask.channel == "alpha" and mask.path == image.path
    keys = [store_key("crop", VERSION, part, *source) for part in (("picture",) if own else ("picture", "mask"))]
    found = [store.find(key, ".png") for key in keys]
    if None in found:
        pixels, alpha = decode(image.path, image.background)
        outline = () if own else (read_mask(plan.sample, Size(*pixels.size)).crop(plan.box),)
        pixels, alpha = pixels.crop(plan.box), alpha and alpha.crop(plan.box)
        parts = (_seen_through(pixels, alpha, image.background) if alpha else pixels, *outline)
        found = [_kept(store, key, part) for key, part in zip(keys, parts, strict=True)]
    return found[0], found[-1]


def _seen_through(laid: Image.Image, alpha: Image.Image, background: str) -> Image.Image:
    """RGBA that looks like `laid` once it is laid over `background` again: laid = a colour + (1 - a) background."""
    a = np.maximum(np.asarray(alpha, np.float32)[..., None], 1) / 255
    ground = np.array(parse_colour(background), np.float32)
    colours = ground + (np.asarray(laid, np.float32) - ground) / a
    image = Image.fromarray(colours.round().clip(0, 255).astype(np.uint8))
    image.putalpha(alpha)
    return image


def _kept(store: Store, key: str, image: Image.Image) -> Path:
    return store.put(key, ".png", lambda file: encode(image, file, ".png"))


def described_as(sample: Sample, shot: str) -> Sample:
    """Say the new shot everywhere, and nothing that it does not show."""
    features = tuple(f for f in sample.features if f.slot != "shot" and _shows(shot, f.slot))
    description = replace(
        sample.description,
        sentence=_sentence(sample.description.sentence, sample.value("shot"), shot),
        keywords=_tags(sample.description.keywords, shot),
    )
    labels = sample.labels and _relabelled(sample.labels, sample.value("shot"), shot)
    now = Feature("shot", shot, "measured", CONFIDENCE)
    return replace(sample, features=(*features, now), description=description, labels=labels)


def _relabelled(labels: Labels, before: str, shot: str) -> Labels:
    caption = ", ".join(_tags(tuple(labels.caption.split(", ")), shot))
    target, non_target = _tags(labels.target, shot), _tags(labels.non_target, shot)
    return replace(labels, target=target, non_target=non_target, caption=_sentence(caption, before, shot))


def _tags(tags: tuple[str, ...], shot: str) -> tuple[str, ...]:
    """The new shot's tag for the old one's, and no tag of what is out of the picture."""
    words = [(tag, vocabulary().find(tag)) for tag in tags]
    now = vocabulary().word("shot", shot).tag
    kept = (now if word and word.slot == "shot" else tag for tag, word in words if not word or _shows(shot, word.slot))
    return tuple(dict.fromkeys(kept))


def _sentence(text: str, before: str, shot: str) -> str:
    old, new = (vocabulary().word("shot", value).phrase for value in (before, shot))
    return text.replace(old, new).replace(old[:1].upper() + old[1:], new[:1].upper() + new[1:])


def _shows(shot: str, slot: str) -> bool:
    return slot not in MOVED + CROPS[shot].hides and vocabulary().visible(slot, {"shot": shot})
