"""The environment: which folder, what is said when it can't be built."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from devkit import environment, places
from devkit.steps import StepFailed, run_step
from devkit.trouble import Trouble

TROUPE = places.ROOT / "scripts" / "troupe.py"


def test_key_changes_with_lock_python_and_uv():
    key = environment.environment_key
    same = key(b"torch==2.11.0", "3.11.7", "uv==0.13.8")
    assert same == key(b"torch==2.11.0", "3.11.7", "uv==0.13.8")
    others = [
        key(b"torch==2.11.1", "3.11.7", "uv==0.13.8"),
        key(b"torch==2.11.0", "3.12.0", "uv==0.13.8"),
        key(b"torch==2.11.0", "3.11.7", "uv==0.13.9"),
    ]
    assert len({same, *others}) == 4


def test_half_built_environment_is_not_ready(tmp_path):
    folder = tmp_path / f"python-{environment.environment_key(environment.LOCK.read_bytes())}"
    python = environment.python_in(folder)
    python.parent.mkdir(parents=True)
    python.touch()
    assert environment.ready_python(tmp_path) is None
    (folder / environment.COMPLETE).touch()
    assert environment.ready_python(tmp_path) == python


def test_short_disk_is_told_before_anything_is_downloaded(tmp_path):
    with pytest.raises(Trouble, match=r"2\.0 GB free .* needs 8 GB"):
        environment.require_disk(tmp_path, free=2_000_000_000)
    environment.require_disk(tmp_path, free=9_000_000_000)


def test_old_python_is_told(tmp_path):
    with pytest.raises(Trouble, match="needs Python 3.11 or newer and this is 3.10"):
        environment.build(tmp_path, python_version=(3, 10))


def test_entry_point_reads_as_any_python_3():
    """Parsed with the grammar of 3.7, so that 3.8 gets the sentence below and not a SyntaxError."""
    import ast

    ast.parse(TROUPE.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_entry_point_answers_an_old_python():
    code = "import sys, troupe; sys.version_info = (3, 8, 18); sys.exit(troupe.main(['demo']))"
    env = {**os.environ, "PYTHONPATH": str(TROUPE.parent)}
    result = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert result.returncode == 1
    assert "needs Python 3.10 or newer" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "said",
    [
        "WARNING: Retrying ... NewConnectionError('<...>: Failed to establish a new connection: [Errno 111]')",
        "error: Failed to fetch: `simple/torch/`\n  Caused by: dns error: failed to lookup address information",
        "socket.gaierror: [Errno -3] Temporary failure in name resolution",
    ],
)
def test_no_registry_is_told(said):
    trouble = str(StepFailed("Installing the locked packages", said).as_trouble())
    assert "package index can't be reached" in trouble
    assert said.splitlines()[-1] in trouble


def test_other_failures_show_the_end_of_the_output():
    trouble = str(StepFailed("Installing", "a\nb\nno matching hash").as_trouble())
    assert "Installing failed" in trouble and "no matching hash" in trouble


def test_unreachable_registry_ends_the_set_up_without_a_traceback(tmp_path):
    """The whole way through a real pip, with an index at a port where nobody listens."""
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0"}
    hidden = ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "COMFYUI_PATH", "PIP_NO_INDEX")
    env = {k: v for k, v in os.environ.items() if k not in hidden} | nowhere | {"TROUPE_HOME": str(tmp_path)}
    result = subprocess.run([sys.executable, TROUPE, "setup"], env=env, capture_output=True, text=True, timeout=60)
    assert result.returncode == 1
    assert "package index can't be reached" in result.stderr
    assert "Traceback" not in result.stderr


def test_step_raises_with_what_was_printed(tmp_path):
    with pytest.raises(StepFailed) as failed:
        run_step("Trying", [sys.executable, "-c", "print('why'); raise SystemExit(3)"], tmp_path / "log", os.environ)
    assert failed.value.output.strip() == "why"


def test_children_do_not_inherit_a_users_python_settings():
    own = {"PYTHONPATH": "/x", "VIRTUAL_ENV": "/y", "PYTHONDONTWRITEBYTECODE": "1"}
    child = environment.child_environment({**own, "A": "b"})
    assert not own.keys() & child.keys()
    assert child["A"] == "b" and child["HF_HUB_OFFLINE"] == "1" and child["OMP_WAIT_POLICY"] == "PASSIVE"


@pytest.mark.parametrize(
    ("platform", "env", "folder"),
    [
        ("linux", {"TROUPE_HOME": "/data/t"}, Path("/data/t")),
        ("linux", {"XDG_CACHE_HOME": "/c"}, Path("/c/troupe")),
        ("linux", {}, Path.home() / ".cache" / "troupe"),
        ("darwin", {}, Path.home() / "Library" / "Caches" / "troupe"),
        ("win32", {"LOCALAPPDATA": "/local"}, Path("/local/troupe")),
    ],
)
def test_home(platform, env, folder):
    assert places.home(env, platform) == folder


def test_lock_names_no_registry_and_pins_everything_by_hash():
    lines = environment.LOCK.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if "://" in line]
    packages = [i for i, line in enumerate(lines) if "==" in line and not line.startswith(("#", " "))]
    assert packages and all(lines[i + 1].strip().startswith("--hash=sha256:") for i in packages)
