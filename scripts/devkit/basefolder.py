"""A base directory for the host: its own inputs, outputs and settings, with the pack linked into custom_nodes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from .places import ROOT

FOLDERS = ("custom_nodes", "input", "output", "models", "user/default", "temp")
# Without it the first page is a dialog of templates on top of everything.
SETTINGS = {"Comfy.TutorialCompleted": True}
# What a copied pack need not have, where linking is not possible.
NOT_COPIED = (".git", "tests", "benchmarks", "docs", "__pycache__")


def make_base(base: Path, packs: Iterable[tuple[str, Path]] = (("troupe", ROOT),)) -> Path:
    """Make what is missing of `base`; a second call changes nothing."""
    for name in FOLDERS:
        (base / name).mkdir(parents=True, exist_ok=True)
    settings = base / "user" / "default" / "comfy.settings.json"
    if not settings.exists():
        settings.write_text(json.dumps(SETTINGS))
    for name, folder in packs:
        link(folder.resolve(), base / "custom_nodes" / name)
    return base


def link(folder: Path, place: Path) -> None:
    """Make `place` stand for `folder`: a symlink, on Windows a junction, and a copy where neither can be made."""
    if place.exists() and place.resolve() == folder:
        return
    remove(place)
    try:
        place.symlink_to(folder, target_is_directory=True)
    except OSError:  # Windows gives symlinks to administrators only
        junction = ["cmd", "/c", "mklink", "/J", str(place), str(folder)]
        if os.name != "nt" or subprocess.run(junction, capture_output=True).returncode:
            shutil.copytree(folder, place, ignore=shutil.ignore_patterns(*NOT_COPIED))


def remove(place: Path) -> None:
    """Take away an old link or copy; never what a link points to."""
    if place.is_symlink():
        place.unlink()
    elif place.exists():
        try:
            os.rmdir(place)  # a junction, or an empty folder
        except OSError:
            shutil.rmtree(place)
