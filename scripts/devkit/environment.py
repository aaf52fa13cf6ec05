"""A Python environment that holds exactly what the lock file names.

    HOME/tools-KEY/     pip and uv, nothing else
    HOME/python-KEY/    the environment; `.complete` is written last, so that a half-built one is built again

KEY changes with the lock file, the Python version and the uv version, so a changed lock means a new folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from .places import ROOT
from .steps import StepFailed, run_step, say
from .trouble import Trouble

UV = "uv==0.13.8"
LOCK = ROOT / "requirements-dev.lock"
# numpy, scipy and pandas of the lock ask for 3.11; the pack itself runs from 3.10 on.
OLDEST_PYTHON = (3, 11)
# Measured: 6.3 GB installed and 1.5 GB that the downloads take for a while.
BYTES_NEEDED = 8_000_000_000
COMPLETE = ".complete"

# A user's own settings for Python must not leak into an environment that the lock file describes.
UNSET = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", "PIP_TARGET", "PIP_USER")
SET = {
    "UV_PYTHON_DOWNLOADS": "never",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "HF_HUB_OFFLINE": "1",
    # Two OpenMP threads that spin while they wait made the same training 4 to 17 times slower on a busy machine.
    "OMP_WAIT_POLICY": "PASSIVE",
    "GOMP_SPINCOUNT": "0",
}


def child_environment(env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables that every process started from here gets."""
    return {**{k: v for k, v in env.items() if k not in UNSET}, **SET}


def environment_key(lock: bytes, python: str = sys.version, uv: str = UV) -> str:
    return hashlib.sha256(b"\0".join((lock, python.encode(), uv.encode()))).hexdigest()[:16]


def python_in(folder: Path, windows: bool = os.name == "nt") -> Path:
    return folder / "Scripts" / "python.exe" if windows else folder / "bin" / "python"


def ready_python(home: Path) -> Path | None:
    """The environment's Python when there is a complete one for today's lock file."""
    folder = home / f"python-{environment_key(LOCK.read_bytes())}"
    python = python_in(folder)
    return python if (folder / COMPLETE).is_file() and python.exists() else None


def build(home: Path, python_version: tuple = sys.version_info[:2]) -> Path:
    """Build the environment and give its Python back; the caller holds the lock on `home`."""
    if python_version < OLDEST_PYTHON:
        raise Trouble(
            f"The environment needs Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or newer and this is "
            f"{python_version[0]}.{python_version[1]}.{another_python()}"
        )
    require_disk(home)
    folder = home / f"python-{environment_key(LOCK.read_bytes())}"
    say(f"Building the environment in {folder} (once; 3 GB to download, 6.3 GB on disk).")
    try:
        _install(tools(home), folder, home / "setup.log")
    except StepFailed as failed:
        raise failed.as_trouble() from None
    (folder / COMPLETE).touch()
    return python_in(folder)


def tools(home: Path) -> Path:
    """The Python of a small environment with pip and, where it can be had, uv."""
    folder = home / f"tools-{environment_key(b'')}"
    python, log, env = python_in(folder), home / "setup.log", child_environment()
    if (folder / COMPLETE).is_file() and python.exists():
        return python
    try:
        run_step("Making a place for pip and uv", [sys.executable, "-m", "venv", "--clear", folder], log, env)
    except StepFailed as failed:
        hint = "\nOn Debian and Ubuntu: apt install python3-venv" if "ensurepip" in failed.output else ""
        raise Trouble(f"{failed.as_trouble()}{hint}") from None
    try:
        pip = [python, "-m", "pip", "install", "--quiet", "--retries", "2", "--only-binary", ":all:"]
        run_step(f"Installing {UV}", [*pip, UV], log, env)
    except StepFailed as failed:
        # No uv for this platform is no loss: pip installs the same lock file, in twice the time.
        if failed.offline:
            raise failed.as_trouble() from None
        say("uv is not available here; pip does the same, more slowly.")
    (folder / COMPLETE).touch()
    return python


def _install(tool: Path, folder: Path, log: Path) -> None:
    env, python = child_environment(), python_in(folder)
    uv = tool.with_name("uv.exe" if os.name == "nt" else "uv")
    shutil.rmtree(folder, ignore_errors=True)
    if uv.exists():
        try:
            run_step("Making the environment", [uv, "venv", "-q", "--python", sys.executable, folder], log, env)
            lock = ["--require-hashes", "--compile-bytecode", "--python", python, "-r", LOCK]
            run_step("Installing the locked packages", [uv, "pip", "install", *lock], log, env)
            return
        except StepFailed as failed:
            # uv does not read pip's configuration, so a mirror named there is only found by pip.
            say(f"{failed.what} with uv did not work; trying with pip.")
    run_step("Making the environment", [sys.executable, "-m", "venv", "--clear", folder], log, env)
    pip = [python, "-m", "pip", "install", "--quiet", "--retries", "2", "--require-hashes", "-r", LOCK]
    run_step("Installing the locked packages with pip", pip, log, env)


def require_disk(home: Path, free: int | None = None) -> None:
    """Ask for the room before the first byte is downloaded, not after the sixth gigabyte."""
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free if free is None else free
    if free < BYTES_NEEDED:
        raise Trouble(
            f"{home} has {free / 1e9:.1f} GB free and the environment needs {BYTES_NEEDED / 1e9:.0f} GB.\n"
            "Make room, or set TROUPE_HOME to a folder on a larger disk."
        )


def another_python() -> str:
    """The end of the sentence "this Python is too old": a newer one on this machine, if there is one."""
    for minor in (13, 12, 11):
        if shutil.which(f"python3.{minor}"):
            return f"\nThis machine has a newer one: python3.{minor} scripts/troupe.py"
    return "\nInstall one from python.org or with your package manager, and run the command with it."
