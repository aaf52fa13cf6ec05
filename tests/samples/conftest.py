"""Tiny sample folders: `album("mira/a.png", "mira/a.txt=from behind")` writes them and says where."""

import json

import pytest
from PIL import Image


@pytest.fixture
def album(tmp_path):
    """A name becomes a picture of 32 x 24 pixels, each of another colour, and `name=text` a text file."""
    root = tmp_path / "album"
    root.mkdir()

    def write(*entries, **records):
        for number, entry in enumerate(entries):
            name, is_text, text = entry.partition("=")
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if is_text:
                path.write_text(text, encoding="utf-8")
            else:
                Image.new("RGB", (32, 24), (number % 256, 90, 160)).save(path)
        for stem, record in records.items():
            (root / f"{stem}.json").write_text(json.dumps(record), encoding="utf-8")
        return root

    return write
