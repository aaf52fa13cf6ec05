"""The pack on every Python that it promises, 3.10 to 3.13, as far as they are on this machine.

The short form compiles all that users get with each of them; the long one builds an environment for each and runs tests
of all steps there, in the host's process and over its API.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .figure import Figure
from .pythons.installed import MINORS, ROOT, environment, pythons

PART = "portability"
PUBLISHED = ("__init__.py", "models", "nodes")
TESTS = (
    "tests/test_portability.py", "tests/test_node_surface.py", "tests/samples", "tests/styles", "tests/labelling",
    "tests/formats", "tests/reviewing", "tests/nodes/test_api_queue.py",
)  # fmt: skip


def figures(long: bool, scratch: Path) -> Iterator[Figure]:
    found = pythons()
    yield Figure(PART, "Pythons here", len(found), f"of {len(MINORS)}", "one at least", bool(found), ", ".join(found))
    for version, python in found.items():
        yield _compiled(version, python, scratch / version)
    if long:
        for version, python in found.items():
            yield _tested(version, python)


def _compiled(version: str, python: Path, scratch: Path) -> Figure:
    """Every module that users get is one to this Python; its files go below `scratch`."""
    env = {**os.environ, "PYTHONPYCACHEPREFIX": str(scratch), "PYTHONDONTWRITEBYTECODE": ""}
    command = [python, "-W", "error::SyntaxWarning", "-m", "compileall", "-q", *PUBLISHED]
    ended = subprocess.run([str(c) for c in command], cwd=ROOT, env=env, capture_output=True, text=True)
    ours = scratch.joinpath(*ROOT.parts[1:])  # compileall's own imports lie beside it
    made, there = sum(1 for _ in ours.rglob("*.pyc")), sum(1 for top in PUBLISHED for _ in _modules(ROOT / top))
    kept = ended.returncode == 0 and made == there
    return Figure(PART, f"compiled by {version}", made, "modules", f"all {there}", kept, ended.stdout[-300:])


def _modules(top: Path) -> Iterator[Path]:
    yield from [top] if top.is_file() else top.rglob("*.py")


def _tested(version: str, python: Path) -> Figure:
    from ..devkit.environment import child_environment, tools
    from ..devkit.places import home

    env = child_environment()
    uv = tools(home()).with_name("uv.exe" if os.name == "nt" else "uv")
    own = Path(sys.executable) if version == _ours() else environment(version, python, home(), uv, env)
    ended = subprocess.run([own, "-m", "pytest", "-q", *TESTS], cwd=ROOT, env=env, capture_output=True, text=True)
    passed = re.search(r"(\d+) passed", ended.stdout)
    last = ended.stdout.strip().splitlines()[-1:] or [ended.stderr[-300:]]
    kept = ended.returncode == 0 and bool(passed)
    return Figure(PART, f"tests on {version}", int(passed[1]) if passed else 0, "passed", "none fails", kept, last[0])


def _ours() -> str:
    return f"3.{sys.version_info[1]}"
