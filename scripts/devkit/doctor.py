"""Look at everything that the other commands rely on, and say it in one line each."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from . import environment, hosts, hostsource
from .serverprocess import has_accelerator
from .trouble import Trouble

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def report(home: Path, env: Mapping[str, str]) -> tuple[list[str], bool]:
    """The lines to print, and whether `demo` can be expected to work."""
    checks = [_python(env), _disk(home), _environment(home), _host(home, env), _accelerator(), _browser()]
    lines = [f"{'ok  ' if well else 'no  '} {what}" for what, well in checks]
    return [f"     {home} (set TROUPE_HOME to move it)", *lines], all(well for _, well in checks[:4])


def _python(env: Mapping[str, str]) -> tuple[str, bool]:
    enough = sys.version_info[:2] >= environment.OLDEST_PYTHON or bool(env.get("COMFYUI_PATH"))
    return f"Python {platform.python_version()} on {platform.platform()}", enough


def _disk(home: Path) -> tuple[str, bool]:
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    needed = 0 if environment.ready_python(home) else environment.BYTES_NEEDED
    return f"{free / 1e9:.0f} GB free, {needed / 1e9:.0f} GB needed", free >= needed


def _environment(home: Path) -> tuple[str, bool]:
    python = environment.ready_python(home)
    return (f"environment: {python}" if python else "environment: not built yet; any command builds it"), True


def _host(home: Path, env: Mapping[str, str]) -> tuple[str, bool]:
    try:
        folder = hosts.existing(env)
    except Trouble as trouble:
        return str(trouble), False
    if folder:
        python = hosts.python_of(folder, env)
        return f"ComfyUI {hosts.version_of(folder)} from COMFYUI_PATH: {folder}, Python: {python or 'ours'}", True
    ready = hostsource.ready_host(home)
    return f"ComfyUI {hostsource.VERSION}: {ready or 'not here yet; any command gets it'}", True


def _accelerator() -> tuple[str, bool]:
    return ("a graphics card is used" if has_accelerator() else "no graphics card: the host runs with --cpu"), True


def _browser() -> tuple[str, bool]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return f"browser for the tests of the graph editor: {found or 'none, these tests will skip'}", bool(found)
