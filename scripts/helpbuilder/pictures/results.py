"""Runs the graphs on a host; their pictures and texts by the names that the graphs give them."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from workflowbuilder.export import to_api
from workflowbuilder.graph import Graph

from devkit.api import HostApi
from devkit.basefolder import make_base
from devkit.demo import run_prompt
from devkit.hosts import Host
from devkit.places import ROOT
from devkit.serverprocess import HostProcess

from .graphs import FEW, SOME, compositing, read_back, styles, training_set

# Of each angle one, all of one size; and four that stand on the ground.
FEW_FILES = ("front_stand_close-up_neutral_23", "three-quarter_wave_medium_laugh_06", "side_crouch_full_22")
FEW_FILES += ("back_wave_medium_28",)
SOME_FILES = (
    "front_stand_full_01",
    "front_wave_full_laugh_05",
    "three-quarter_stand_full_smile_02",
    "side_walk_full_07",
)


@dataclass
class Results:
    pictures: dict[str, list[Image.Image]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)


def results(host: Host, base: Path) -> Results:
    """`base`: a base directory of the host; what was drawn in an earlier run is found again in its store."""
    make_base(base)
    _copy("mira", FEW_FILES, base / "input" / FEW)
    _copy("bram", SOME_FILES, base / "input" / SOME)
    process, found = HostProcess(host, base, extra=("--cpu",)), Results()
    try:
        process.start()
        ask = _asker(process, found)
        ask(training_set())
        ask(read_back(found.texts["folder"][0]))
        ask(styles())
        ask(compositing())
    finally:
        process.stop()
    return found


def _copy(character: str, names: tuple[str, ...], folder: Path) -> None:
    (folder / "masks").mkdir(parents=True, exist_ok=True)
    own = ROOT / "assets" / "samples" / character
    for name in names:
        for file in (*own.glob(f"{character}_{name}.*"), *own.glob(f"masks/{character}_{name}.*")):
            shutil.copy(file, folder / file.relative_to(own))


def _asker(process: HostProcess, found: Results) -> Callable[[Graph], None]:
    api = HostApi(process.url)
    object_info = api.get("/object_info")

    def ask(graph: Graph) -> None:
        run = run_prompt(process, to_api(graph, object_info))
        for node in graph.nodes:
            shown = run.outputs.get(str(node.id), {}) if node.title else {}
            if "images" in shown:
                found.pictures[node.title] = [Image.open(io.BytesIO(api.view(item))) for item in shown["images"]]
            if "text" in shown:
                found.texts[node.title] = list(shown["text"])

    return ask
