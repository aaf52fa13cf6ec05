"""Takes the README's pictures of the graph editor: python docs/editor_pictures.py http://127.0.0.1:8188

Each workflow is run first, so that its nodes show their results. Needs Chromium, and a host: `scripts/troupe.py serve`.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support.browser import Editor, open_editor  # noqa: E402

# Workflow, file, and the size of the window in which all of it can be read.
PICTURES = (
    ("character_lora_dataset", "editor_flagship.jpg", (2800, 970)),
    ("composite_one_picture", "editor_composite.jpg", (1960, 920)),
)
LEFT, TOP, RIGHT, BOTTOM = 70, 60, 40, 70  # pixels that the editor's own bars need
BYTES = 300_000  # at most, per picture

LOOK_AT = """([left, top, right, bottom, width, height, x, y]) => {
    const view = app.canvas.ds
    view.scale = Math.min(width / (right - left), height / (bottom - top))
    view.offset[0] = x / view.scale - left
    view.offset[1] = y / view.scale - top
    app.canvas.setDirty(true, true)
    return null
}"""
# Text is drawn however small, and the map does not lie over the graph.
SETTINGS = {"LiteGraph.Canvas.MinFontSizeForLOD": 0, "Comfy.Minimap.Visible": False}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    wanted = parser.parse_args()
    for name, file, size in PICTURES:
        with open_editor(wanted.url, *size) as editor:
            save(taken(editor, name, size), ROOT / "docs" / "images" / file)


def taken(editor: Editor, name: str, size: tuple[int, int]) -> Image.Image:
    """The window with the whole workflow in it, after a run."""
    for setting, value in SETTINGS.items():
        editor.set(setting, value)
    editor.load(json.loads((ROOT / "workflows" / f"{name}.json").read_text(encoding="utf-8")), name)
    frames = [*editor.nodes(), *editor.groups()]
    corners = [min(f.left for f in frames), min(f.top for f in frames)]
    corners += [max(f.right for f in frames), max(f.bottom for f in frames)]
    editor.evaluate(LOOK_AT, [*corners, size[0] - LEFT - RIGHT, size[1] - TOP - BOTTOM, LEFT, TOP])
    editor.run()
    done = editor.page.get_by_text("Job completed")
    done.wait_for(timeout=600_000)
    done.wait_for(state="hidden")
    return Image.open(io.BytesIO(editor.page.screenshot())).convert("RGB")


def save(picture: Image.Image, path: Path) -> None:
    """As sharp a JPEG as BYTES allow."""
    for quality in range(92, 50, -4):
        data = io.BytesIO()
        picture.save(data, "JPEG", quality=quality, optimize=True)
        if data.tell() <= BYTES:
            break
    path.write_bytes(data.getvalue())
    print(f"{path.relative_to(ROOT)}: {picture.width} x {picture.height}, quality {quality}, {data.tell()} bytes")


if __name__ == "__main__":
    main()
