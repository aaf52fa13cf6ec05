"""Pythons on this machine, and an environment of tests for each, kept beside the usual one.

HOME/python-KEY/    KEY changes with the lock file and the Python, as in scripts/devkit/environment.py
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MINORS = (10, 11, 12, 13)
LOCKS = {10: Path(__file__).with_name("python310.lock")}
LOCK = ROOT / "requirements-dev.lock"
PYENV = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
COMPLETE = ".complete"


def pythons() -> dict[str, Path]:
    """By version ("3.10"), those that are here: on the PATH, else pyenv's."""
    found = {}
    for minor in MINORS:
        kept = (str(python) for python in sorted(PYENV.glob(f"3.{minor}.*/bin/python"), reverse=True))
        places = filter(None, (shutil.which(f"python3.{minor}"), *kept))
        python = next((place for place in places if _answers(place, minor)), None)
        if python:
            found[f"3.{minor}"] = Path(python)
    return found


def _answers(python: str, minor: int) -> bool:
    """pyenv puts names on the PATH that only say that they are not in use."""
    command = [python, "-c", "import sys; print(sys.version_info[1])"]
    answer = subprocess.run(command, capture_output=True, text=True)
    return answer.stdout.strip() == str(minor)


def environment(version: str, python: Path, home: Path, uv: Path, env: dict[str, str]) -> Path:
    """The Python of an environment with everything that the tests need, built once; some GB and a minute."""
    from ...devkit.environment import environment_key, python_in

    lock = LOCKS.get(int(version.partition(".")[2]), LOCK)
    said = subprocess.run([python, "-c", "import sys; print(sys.version)"], capture_output=True, text=True, check=True)
    folder = home / f"python-{environment_key(lock.read_bytes(), said.stdout.strip())}"
    if not (folder / COMPLETE).is_file():
        shutil.rmtree(folder, ignore_errors=True)
        install = ["pip", "install", "-q", "--require-hashes", "--compile-bytecode", "--python", python_in(folder)]
        for command in (["venv", "-q", "--python", python, folder], [*install, "-r", lock]):
            subprocess.run([uv, *command], check=True, env=env, capture_output=True)
        (folder / COMPLETE).touch()
    return python_in(folder)
