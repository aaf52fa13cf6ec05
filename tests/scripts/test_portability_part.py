"""The torture part that asks other Pythons."""

import sys
from pathlib import Path

from troupe.scripts.torture import portability
from troupe.scripts.torture.pythons.installed import LOCKS, pythons


def test_this_python_is_found_and_answers():
    found = pythons()
    assert all(Path(python).exists() for python in found.values())
    assert set(found) <= {"3.10", "3.11", "3.12", "3.13"}


def test_all_that_users_get_is_compiled(tmp_path):
    figure = portability._compiled("this", Path(sys.executable), tmp_path)
    assert figure.kept and figure.value > 300, figure.note


def test_a_file_that_is_no_python_is_seen(tmp_path, monkeypatch):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "a.py").write_text("def f(:\n")
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "nodes").mkdir()
    monkeypatch.setattr(portability, "ROOT", tmp_path)
    assert not portability._compiled("this", Path(sys.executable), tmp_path / "scratch").kept


def test_the_lock_of_the_oldest_names_hashes_for_all():
    """And the same host's packages as the usual one."""
    text = LOCKS[10].read_text(encoding="utf-8")
    named = [line for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
    assert len(named) > 100 and text.count("--hash=sha256:") > len(named)
    usual = (portability.ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    for package in ("comfyui-frontend-package", "comfy-kitchen", "torch", "torchvision"):
        (line,) = [line for line in named if line.startswith(f"{package}==")]
        assert line.split()[0] in usual
