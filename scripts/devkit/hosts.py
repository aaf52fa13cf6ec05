"""Decide which ComfyUI runs, and with which Python: an existing installation wins over the pinned one."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import environment, hostsource
from .locking import only_one
from .trouble import Trouble

OLDEST_HOST = (0, 30, 0)


@dataclass(frozen=True)
class Host:
    """A ComfyUI source folder and the Python that runs it."""

    folder: Path
    python: Path
    version: str


def choose(home: Path, env: Mapping[str, str] = os.environ) -> Host:
    """COMFYUI_PATH with its own Python where it is set, else the pinned host; builds what is missing."""
    folder = existing(env)
    if folder is None:
        return pinned(home)
    python = python_of(folder, env) or our_python(home)
    return Host(folder, python, version_of(folder))


def for_tests(home: Path, env: Mapping[str, str] = os.environ) -> Host:
    """Tests and benchmarks need pytest and the peers beside the host: always our Python, whichever the host."""
    folder = existing(env)
    return pinned(home) if folder is None else Host(folder, our_python(home), version_of(folder))


def pinned(home: Path) -> Host:
    python, folder = our_python(home), hostsource.ready_host(home)
    if folder is None:
        with only_one(home / "setup.lock", "getting ComfyUI"):
            folder = hostsource.ready_host(home) or hostsource.fetch(home)
            hostsource.compile_host(folder, python, home)
    return Host(folder, python, hostsource.VERSION)


def our_python(home: Path) -> Path:
    python = environment.ready_python(home)
    if python:
        return python
    with only_one(home / "setup.lock", "building the environment"):
        return environment.ready_python(home) or environment.build(home)


def existing(env: Mapping[str, str]) -> Path | None:
    """The folder in COMFYUI_PATH, once it is seen to be a ComfyUI that is new enough."""
    if not env.get("COMFYUI_PATH"):
        return None
    folder = Path(env["COMFYUI_PATH"]).expanduser().resolve()
    if not (folder / "main.py").is_file() or not (folder / "comfy").is_dir():
        raise Trouble(f"COMFYUI_PATH is {folder}, but there is no ComfyUI: main.py and comfy/ are looked for.")
    version = version_of(folder)
    if numbers(version) < OLDEST_HOST:
        raise Trouble(
            f"The ComfyUI in {folder} is version {version}; Troupe needs {'.'.join(map(str, OLDEST_HOST))} or newer.\n"
            "Update it, or unset COMFYUI_PATH to use the version that Troupe is tested with."
        )
    return folder


def version_of(folder: Path) -> str:
    """`comfyui_version.py` carries it; pyproject.toml does too, for installations without that file."""
    for name, pattern in (("comfyui_version.py", r'__version__ = "(.+?)"'), ("pyproject.toml", r'version = "(.+?)"')):
        path = folder / name
        found = re.search(pattern, path.read_text(encoding="utf-8")) if path.is_file() else None
        if found:
            return found.group(1)
    raise Trouble(f"{folder} does not say which version of ComfyUI it is (no comfyui_version.py).")


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", version)[:3])


def python_of(folder: Path, env: Mapping[str, str]) -> Path | None:
    """COMFYUI_PYTHON, or the environment in or beside the installation (the portable Windows build has one beside)."""
    if env.get("COMFYUI_PYTHON"):
        python = Path(env["COMFYUI_PYTHON"]).expanduser()
        if not python.is_file():
            raise Trouble(f"COMFYUI_PYTHON is {python}, but there is no such file.")
        return python
    places = [base / name for base in (folder, folder.parent) for name in ("venv", ".venv")]
    candidates = [environment.python_in(place) for place in places]
    candidates.append(folder.parent / "python_embeded" / "python.exe")
    return next((python for python in candidates if python.is_file()), None)
