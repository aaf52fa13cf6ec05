"""Data sets that somebody else wrote: lists, configurations, shards, parquet, manifests."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

from ...models.formats.loadedreport import loaded_report
from ...models.formats.manifest import read_manifest
from ...models.formats.reading import read_dataset
from ...models.samples.serial import to_json
from ...models.samples.store import Store
from ...tests.support import hostile
from .files import small_picture
from .target import answered, for_each, named, writable

CONFIGURATIONS = (
    "metadata.jsonl", "metadata.csv", "dataset.toml", "config.json", "job.yaml", "captions.json",
    "multidatabackend.json", "concepts.json", "list.jsonl",
)  # fmt: skip


def configuration(data: bytes, folder: Path) -> None:
    """A list or a trainer's configuration beside a picture with a caption."""
    name, text = named(data, CONFIGURATIONS)
    _put(folder, {"3_mira/a.png": small_picture(), "3_mira/a.txt": b"mira, smile", name: text})
    _read(folder)


def shard(data: bytes, folder: Path) -> None:
    _put(folder, {"a.tar": data})
    _read(folder)


def parquet(data: bytes, folder: Path) -> None:
    _put(folder, {"train.parquet": data})
    _read(folder)


def manifest(data: bytes, folder: Path) -> None:
    """What Troupe itself may have written."""
    _put(folder, {"3_mira/a.png": small_picture(), "3_mira/a.txt": b"mira", "manifest.json": data})
    answered(read_manifest, folder)
    _read(folder)


def _put(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / "set" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _read(folder: Path) -> None:
    loaded = answered(read_dataset, folder / "set", Store(folder / "store"))
    if loaded:
        writable(to_json(loaded.samples))
        loaded_report(loaded).encode()


def configuration_seeds() -> Iterator[bytes]:
    kohya = b'[general]\nshuffle_caption = true\n[[datasets]]\n[[datasets.subsets]]\nimage_dir = "3_mira"\n'
    musubi = b'[general]\ncaption_extension = ".txt"\n[[datasets]]\nimage_directory = "3_mira"\nnum_repeats = 2\n'
    onetrainer = b'[{"name": "mira", "path": "3_mira", "balancing": 3, "text": {"prompt_source": "sample"}}]'
    toolkit = b'config:\n  process:\n  - datasets:\n    - folder_path: "3_mira"\n      caption_ext: txt\n'
    simple = b'[{"id": "a", "type": "local", "instance_data_dir": "3_mira", "caption_strategy": "textfile"}]'
    rows = (b'{"file_name": "3_mira/a.png", "text": "mira"}\n', b"file_name,text\n3_mira/a.png,mira\n")
    texts = (kohya, musubi, onetrainer, toolkit, simple, *rows, b'{"3_mira/a.png": {"caption": "mira", "tags": "a"}}')
    return for_each(CONFIGURATIONS, (*texts, *list(hostile.json_texts().values())[::4]))


def shard_seeds() -> Iterator[bytes]:
    record = json.dumps({"caption": "mira", "repeats": 2, "features": ["angle=front"]}).encode()
    members = {"a.png": small_picture(), "a.txt": b"mira", "a.json": record, "../b.png": small_picture()}
    for format in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=format) as tar:
            for name, data in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        yield out.getvalue().rstrip(b"\0") + bytes(1024)
    yield from (b"", bytes(512), bytes(10_240), b"\x1f\x8b\x08\0" + bytes(60))


def parquet_seeds() -> Iterator[bytes]:
    yield from (b"", b"PAR1", b"PAR1PAR1")
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        return
    out = io.BytesIO()
    columns = {"image": [{"bytes": small_picture(), "path": "a.png"}], "text": ["mira"], "repeats": [2]}
    pyarrow.parquet.write_table(pyarrow.table(columns), out, compression="none")
    yield out.getvalue()


def manifest_seeds() -> Iterator[bytes]:
    entry = {
        "file": "3_mira/a.png", "caption": "mira", "width": 24, "height": 24, "character": "mira", "trigger": "mira",
        "made_from": {"sample": "mira/a", "file": "a.png", "sha256": "0"}, "facts": [], "target": [],
    }  # fmt: skip
    whole = {"troupe_dataset": 1, "format": "kohya", "settings": {"name": "mira"}, "pictures": [entry], "rejected": []}
    yield json.dumps(whole).encode()
    yield from (json.dumps({**whole, "pictures": value}).encode() for value in hostile.values()[:9])
    yield from hostile.json_texts().values()
