"""Files that break programs: pictures, texts and models, made on the spot, a few kilobytes each.

for name, data in hostile.pictures().items(): ...
with hostile.nothing_opened_in(folder): ...       # no file of `folder` is opened, made or changed meanwhile
"""

from __future__ import annotations

import io
import json
import os
import struct
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageCms, PngImagePlugin

from .pictures import figure

FORMATS = {
    ".png": "PNG", ".jpg": "JPEG", ".webp": "WEBP", ".gif": "GIF", ".tif": "TIFF", ".bmp": "BMP", ".avif": "AVIF",
}  # fmt: skip
SIDE = 96
PLACES = 12  # where each format is cut off
HUGE = ((65_000, 65_000), (65_535, 60_000), (40_000, 40_000))


def encoded(image: Image.Image, format: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def whole(format: str) -> bytes:
    return encoded(figure(1, SIDE), format)


# Pictures that nobody can read, by file name


def cut_off() -> dict[str, bytes]:
    """Every format cut off at many places, the first bytes and the last one among them."""
    found = {}
    for suffix, format in FORMATS.items():
        data = whole(format)
        places = {1, 8, 12, 30, len(data) - 1, *(len(data) * n // PLACES for n in range(1, PLACES))}
        found |= {f"cut_{place:05d}{suffix}": data[:place] for place in sorted(places)}
    return found


def no_pictures() -> dict[str, bytes]:
    others = {
        "empty": b"",
        "zeros": bytes(4096),
        "page": b"<!doctype html><html><body>Please log in</body></html>",
        "text": "a portrait of Mira".encode("utf-16"),
        "pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n",
        "script": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n%%EOF\n",
        "vector": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        "layers": b"8BPS\0\1" + bytes(6) + b"\0\3\0\0\0\x20\0\0\0\x20\0\x08\0\3",
        "icon": encoded(figure(1, 32), "ICO"),
        "grey map": encoded(figure(1, 32), "PPM"),
    }
    return {f"{name}{suffix}": data for name, data in others.items() for suffix in (".png", ".jpg")}


def bombs() -> dict[str, bytes]:
    """A few hundred bytes that say they are gigapixels."""
    found = {}
    for width, height in HUGE:
        size = f"{width}x{height}"
        found[f"bomb_{size}.png"] = png(width, height, zlib.compress(bytes(1 << 16)))
        found[f"bomb_{size}.jpg"] = _resized_jpeg(width, height)
        found[f"bomb_{size}.gif"] = b"GIF89a" + struct.pack("<HH", width, height) + whole("GIF")[10:]
        found[f"bomb_{size}.tif"] = _tiff(width, height)
        found[f"bomb_{size}.bmp"] = b"BM" + whole("BMP")[2:18] + struct.pack("<ii", width, height) + whole("BMP")[26:]
    canvas = (16_383).to_bytes(3, "little")  # one less, as the format wants it
    extended = b"VP8X" + struct.pack("<I", 10) + bytes(4) + canvas * 2 + whole("WEBP")[12:]
    found["bomb_canvas.webp"] = b"RIFF" + struct.pack("<I", len(extended) + 4) + b"WEBP" + extended
    return found


def png(width: int, height: int, data: bytes, *more: tuple[bytes, bytes]) -> bytes:
    """8 bits, RGB; `more`: chunks before the pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), *more, (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _resized_jpeg(width: int, height: int) -> bytes:
    data = bytearray(whole("JPEG"))
    start = data.index(b"\xff\xc0")
    data[start + 5 : start + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def _tiff(width: int, height: int) -> bytes:
    tags = ((256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, height), (279, 64))
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + entries + bytes(4)


def swelling_text() -> dict[str, bytes]:
    """Compressed texts and profiles of 64 MB beside the pixels of a whole little picture."""
    pixels, swollen = zlib.compress((b"\0" + bytes(96)) * 32), zlib.compress(bytes(64 << 20), 9)
    return {
        "swelling_text.png": png(32, 32, pixels, (b"zTXt", b"Comment\0\0" + swollen)),
        "swelling_profile.png": png(32, 32, pixels, (b"iCCP", b"sRGB\0\0" + swollen)),
    }


# Pictures that are odd and whole


def odd() -> dict[str, bytes]:
    image = figure(2, SIDE)
    clear = image.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(image.size))
    grey16 = Image.new("I;16", (SIDE, SIDE), 40_000)
    palette = image.quantize(8)
    frames = {"save_all": True, "append_images": [figure(3, SIDE), figure(4, SIDE)], "duration": 40}
    return {
        "sixteen_bits.png": encoded(grey16, "PNG"),
        "sixteen_bits.tif": encoded(grey16, "TIFF"),
        "floats.tif": encoded(Image.new("F", (SIDE, SIDE), 0.5), "TIFF"),
        "print.jpg": encoded(image.convert("CMYK"), "JPEG"),
        "print.tif": encoded(image.convert("CMYK"), "TIFF"),
        "lab.tif": encoded(image.convert("LAB"), "TIFF"),
        "bits.png": encoded(image.convert("1"), "PNG"),
        "palette.png": encoded(palette, "PNG", transparency=0),
        "palette_bytes.png": encoded(palette, "PNG", transparency=bytes(range(0, 256, 32))),
        "grey_alpha.png": encoded(clear.convert("LA"), "PNG"),
        "moving.gif": encoded(image, "GIF", **frames),
        "moving.webp": encoded(image, "WEBP", **frames),
        "moving.png": encoded(image, "PNG", **frames),
        "strip.png": encoded(Image.new("RGB", (65_000, 20), "red"), "PNG"),
        "tower.jpg": encoded(Image.new("RGB", (20, 65_000), "red"), "JPEG"),
        "other_suffix.png": encoded(image, "JPEG"),
        "other_suffix.jpg": encoded(image, "PNG"),
        **{f"turned_{turn}.jpg": encoded(image.resize((96, 64)), "JPEG", exif=_turned(turn)) for turn in range(1, 9)},
        **{f"profile_{n}.{s}": d for n, p in _profiles().items() for s, d in _with_profile(image, p).items()},
        **{f"exif_{n}.jpg": encoded(image, "JPEG", exif=b"Exif\0\0" + e) for n, e in enumerate(_broken_exif())},
    }


def _turned(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


def _profiles() -> dict[str, bytes]:
    ours = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    return {"srgb": ours, "lab": lab, "cut": ours[:200], "zeros": bytes(500), "noise": bytes(range(256)) * 4}


def _with_profile(image: Image.Image, profile: bytes) -> dict[str, bytes]:
    grey = image.convert("L")
    return {"jpg": encoded(image, "JPEG", icc_profile=profile), "png": encoded(grey, "PNG", icc_profile=profile)}


def _broken_exif() -> list[bytes]:
    """Loops, offsets beyond the end, and counts of four milliards."""
    entry = struct.pack("<HHII", 0x0112, 3, 1, 6)
    loop = b"II*\0\x08\0\0\0" + b"\1\0" + entry + b"\x08\0\0\0"
    beyond = b"II*\0" + struct.pack("<I", 1 << 30)
    many = b"II*\0\x08\0\0\0" + b"\xff\xff" + entry
    long = b"II*\0\x08\0\0\0" + b"\1\0" + struct.pack("<HHII", 0x0112, 3, 0xFFFFFFFF, 0xFFFFFFF0) + bytes(4)
    rational = b"II*\0\x08\0\0\0" + b"\1\0" + struct.pack("<HHII", 0x0112, 5, 1, 2) + bytes(4)
    word = b"II*\0\x08\0\0\0" + b"\1\0" + struct.pack("<HHI4s", 0x0112, 2, 4, b"six\0") + bytes(4)
    return [b"", b"II", bytes(40), loop, beyond, many, long, rational, word]


NAMES = (
    "😀🎨.png", "مرحبا.png", "\u202egnp.exe.png", "米拉.png", "e\u0301.png", "trailing .png", "dot..png", " lead.png",
    "con.png", "NUL.png", "com1.tar.png", "quote'\".png", "semi;rm -rf.png", "new\nline.png", "tab\t.png", "%s%n.png",
    "a" * 251 + ".png", "é" * 125 + ".png", "-rf.png", "back\\slash.png", "..png", "…png.png", "{0}.png", "[a].png",
)  # fmt: skip


# Texts


def deep(opened: str = "[", closed: str = "]", depth: int = 100_000) -> str:
    return opened * depth + closed * depth


def values() -> list[object]:
    """What a number, a text or a list is replaced by."""
    numbers = [float("nan"), float("inf"), -float("inf"), 1e308, -1, 0, 10**400, True, None]
    places = ["../../etc/passwd", "/etc/passwd", "C:\\x", "..", "a/b", "con"]
    texts = ["", "\0", "\ud800", "\x1b[31mred", "a" * 10_000, "\u202e", "%s{0}", "a, " * 3_000]
    return [*numbers, *places, *texts, [], {}, [[]], [{}], {"": None}, ["\ud800", 1, None], {"../x": 1e999}]


def json_texts() -> dict[str, bytes]:
    """Named by what is wrong with them."""
    found = {
        "empty": b"",
        "zeros": bytes(64),
        "latin": '{"caption": "Straße"}'.encode("latin-1"),
        "utf-16": '{"caption": "Straße"}'.encode("utf-16"),
        "utf-32": '{"caption": "Straße"}'.encode("utf-32"),
        "deep list": deep().encode(),
        "deep object": deep('{"a":', "}").encode(),
        "deep value": b'{"caption": ' + deep().encode() + b"}",
        "digits": b'{"caption": ' + b"9" * 50_000 + b"}",
        "digits alone": b"9" * 50_000,
        "cut": b'{"caption": "a',
        "twice": b'{"caption": "a", "caption": 3}',
        "page": b"<html></html>",
        "bare": b"NaN",
    }
    keys = ("caption", "tags", "character", "angle", "file_name", "hair.colour", "\ud800", "../up")
    for number, value in enumerate(values()):
        found[f"value {number}"] = json.dumps(dict.fromkeys(keys, value)).encode()
        found[f"{'value' if isinstance(value, dict) else 'list or such'} alone {number}"] = json.dumps(value).encode()
    return found


# Models


def safetensors(header: object, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(dtype: str = "F32", shape: tuple[int, ...] = (2,), offsets: tuple[int, int] = (0, 8)) -> dict[str, object]:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def models() -> dict[str, bytes]:
    """No whole file of weights."""
    good = safetensors({"a": tensor()}, bytes(8))
    return {
        "empty": b"",
        "seven bytes": bytes(7),
        "zeros": bytes(4096),
        "page": b"<!doctype html><html><body>Please log in</body></html>",
        "pointer": b"version https://git-lfs.github.com/spec/v1\n",
        "pickle": b"\x80\x04\x95" + bytes(60),
        "zip": b"PK\3\4" + bytes(60),
        "length beyond": safetensors({"a": tensor()}, bytes(8), length=1 << 40),
        "length of all": safetensors({"a": tensor()}, bytes(8), length=(1 << 64) - 1),
        "length short": safetensors({"a": tensor()}, bytes(8), length=5),
        "header a page": safetensors(b"<html></html>"),
        "header a list": safetensors([1, 2]),
        "header deep": safetensors(deep('{"a":', "}", 50_000).encode()),
        "header no text": safetensors(b"\xff\xfe\xfd" * 9),
        "overlapping": safetensors({"a": tensor(), "b": tensor(offsets=(4, 12))}, bytes(12)),
        "a hole": safetensors({"a": tensor(), "b": tensor(offsets=(16, 24))}, bytes(24)),
        "offsets turned": safetensors({"a": tensor(offsets=(8, 0))}, bytes(8)),
        "offsets beyond": safetensors({"a": tensor(offsets=(0, 1 << 40))}, bytes(8)),
        "shape too large": safetensors({"a": tensor(shape=(1 << 40,))}, bytes(8)),
        "shape overflows": safetensors({"a": tensor(shape=(1 << 63, 1 << 63))}, bytes(8)),
        "shape negative": safetensors({"a": tensor(shape=(-1,))}, bytes(8)),
        "dtype unknown": safetensors({"a": tensor("F33")}, bytes(8)),
        "dtype a number": safetensors({"a": {**tensor(), "dtype": 7}}, bytes(8)),
        "metadata a list": safetensors({"__metadata__": [], "a": tensor()}, bytes(8)),
        "metadata of numbers": safetensors({"__metadata__": {"format": 1}, "a": tensor()}, bytes(8)),
        "more behind": good + bytes(9),
        **{f"cut at {n}": good[:n] for n in range(1, len(good), 5)},
    }


# Watching what is opened

_watched: list[tuple[str, list[str]]] = []


def _hear(event: str, arguments: tuple) -> None:
    if event == "open" and _watched and isinstance(arguments[0], str | bytes | os.PathLike):
        path = os.path.realpath(os.fsdecode(arguments[0]))
        for folder, opened in _watched:
            if path == folder or path.startswith(folder + os.sep):
                opened.append(path)


_hears: list[bool] = []


@contextmanager
def nothing_opened_in(folder: Path) -> Iterator[None]:
    """Fails where a file of `folder` is opened by whatever path, and where the folder is another one afterwards."""
    if not _hears:  # an audit hook stays for good
        sys.addaudithook(_hear)
        _hears.append(True)
    before, watch = _state(folder), (os.path.realpath(folder), [])
    _watched.append(watch)
    try:
        yield
    finally:
        _watched.remove(watch)
    assert watch[1] == [], f"opened outside of the chosen folder: {watch[1]}"
    assert _state(folder) == before, "changed outside of the chosen folder"


def _state(folder: Path) -> list[tuple[str, int, int]]:
    """Of everything below `folder` and beside it."""
    found = [p for p in folder.rglob("*") if not p.is_dir()]
    return sorted((str(p), p.lstat().st_size, p.lstat().st_mtime_ns) for p in found)


def commented_png(text: str) -> bytes:
    """A whole picture with a text inside."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("parameters", text)
    return encoded(figure(5, SIDE), "PNG", pnginfo=notes)
