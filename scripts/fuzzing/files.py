"""Files that people and programs leave: texts beside pictures, lists, tables, weights, pictures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ...models.captioning.openclip.prompts import read_prompts
from ...models.compositing.checkpoint import checkpoint_notes
from ...models.compositing.groups.manifest import read_manifest as read_groups
from ...models.compositing.networks.warmstart import read_base
from ...models.compositing.training.state import left_over, load_state
from ...models.errors import BadPicture
from ...models.picturefiles import decode
from ...models.restyling.diffusing.modelfiles import require_checkpoint, require_lora
from ...models.reviewing.review import review
from ...models.samples.examining import examine
from ...models.samples.reading import ReadOptions, load_notes, read_sample_set
from ...models.samples.sample import Description, ImageFile, Sample, SampleSet
from ...models.samples.serial import to_json
from ...models.weightsfile import read_header
from ...tests.support import hostile
from ...tests.support.pictures import figure
from .target import answered, for_each, named, writable

SIDE = 24
BESIDE = ("a.json", "a.txt", "a.caption", "metadata.jsonl", "metadata.json")
LISTS = ("groups.json", "groups.jsonl")
REVIEWS = ("mira.csv", "mira.json")


@lru_cache(maxsize=1)
def small_picture() -> bytes:
    return hostile.encoded(figure(1, SIDE), "PNG")


def sidecar(data: bytes, folder: Path) -> None:
    """It costs a note at most, never the picture."""
    name, text = named(data, BESIDE)
    (folder / "a.png").write_bytes(small_picture())
    (folder / name).write_bytes(text)
    found = read_sample_set(folder, ReadOptions())
    assert len(found) == 1 and not found.rejected
    load_notes(found.samples[0])
    writable(to_json(found))


def groups(data: bytes, folder: Path) -> None:
    name, text = named(data, LISTS)
    for picture in ("a.png", "b.png"):
        (folder / picture).write_bytes(small_picture())
    (folder / name).write_bytes(text)
    answered(read_groups, folder)


def weights(data: bytes, folder: Path) -> None:
    """Weighed by every reader, and built by none."""
    path = folder / "model.safetensors"
    path.write_bytes(data)
    for reads in (checkpoint_notes, read_header, read_base, require_lora, require_checkpoint):
        answered(reads, path)
    answered(load_state, path, "this training")
    left_over(path, "this training")


def prompts(data: bytes, folder: Path) -> None:
    path = folder / "prompts.json"
    path.write_bytes(data)
    answered(read_prompts, path)


def table(data: bytes, folder: Path) -> None:
    """A review that a person changed, and what is remembered beside it."""
    name, text = named(data, REVIEWS)
    sample = Sample("mira/a", "mira", ImageFile(str(folder / "a.png"), "0" * 64, SIDE, SIDE), description=_SAID)
    (folder / "a.png").write_bytes(small_picture())
    (folder / name).write_bytes(text)
    reviewed = answered(review, SampleSet((sample,)), folder, "mira")
    if reviewed:
        assert len(reviewed.shown) == 1
        again = review(SampleSet((sample,)), folder, "mira")
        assert (again.sample_set, again.new) == (reviewed.sample_set, 0), "doing it twice changed something"


_SAID = Description("A girl.", ("girl", "smile"))


def picture(data: bytes, folder: Path) -> None:
    path = folder / "a.png"
    path.write_bytes(data)
    for reads in (examine, decode):
        try:
            reads(str(path))
        except BadPicture as error:
            assert error.what


def sidecar_seeds() -> Iterator[bytes]:
    texts = (b'{"caption": "waving", "hair.colour": "silver", "tags": ["a"], "character": "Mira"}', b"a girl, smile")
    row = b'{"file_name": "a.png", "caption": "waving", "angle": "front"}'
    return for_each(BESIDE, (*texts, row, *hostile.json_texts().values()))


def group_seeds() -> Iterator[bytes]:
    group = b'{"background": "a.png", "composite": "b.png", "box": [1, 1, 9, 9], "mask": "a.png", "gain": [1, 1, 1]}'
    return for_each(LISTS, (group, b'{"groups": [' + group + b"]}", *hostile.json_texts().values()))


def weight_seeds() -> Iterator[bytes]:
    yield hostile.safetensors({"a": hostile.tensor()}, bytes(8))
    yield hostile.safetensors(
        {"__metadata__": {"format": "troupe-compositing-1", "config": "{}"}, "a": hostile.tensor()}, bytes(8)
    )
    yield hostile.safetensors({"lora_unet_x.lora_up.weight": hostile.tensor()}, bytes(8))
    yield from hostile.models().values()


def prompt_seeds() -> Iterator[bytes]:
    yield b'{"format": 1, "groups": [{"slot": "hair.colour", "values": {"red": ["red hair"]}, "templates": ["{}"]}]}'
    yield from hostile.json_texts().values()


def table_seeds() -> Iterator[bytes]:
    whole = (
        b'\xef\xbb\xbfkeep,picture,caption,angle\r\nyes,mira/a,"girl, smile",front\r\n# a comment\r\nno,gone,"x"\r\n'
    )
    memory = b'{"troupe_review": 1, "written": {"mira/a": {"caption": "girl, smile"}}}'
    return for_each(REVIEWS, (whole, memory, whole.replace(b",", b";"), *hostile.json_texts().values()))


def picture_seeds() -> Iterator[bytes]:
    yield from (hostile.encoded(figure(1, SIDE), format) for format in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"))
    yield from (data for data in hostile.odd().values() if len(data) < 4096)
