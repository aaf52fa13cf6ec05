"""Whatever reads holds against changed inputs, and a reader that does not is found."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from troupe.models.errors import TroupeError
from troupe.scripts.fuzzing.blind import run_blind
from troupe.scripts.fuzzing.target import Target, answered, named, text_of
from troupe.scripts.fuzzing.targets import TARGETS

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "run_fuzz.py"


@pytest.mark.parametrize("target", TARGETS, ids=lambda t: t.name)
def test_every_reader_holds(target):
    tries, fault = run_blind(target, tries=25, every=6)
    assert fault is None, f"{fault.data[:500]!r}: {fault.error!r}"
    assert tries > 25


def fragile(data, folder):
    (folder / "a.txt").write_bytes(data)
    if b"]]" in data:
        raise IndexError("two brackets")
    if data.startswith(b"["):
        raise TroupeError("A bracket", remedy="Take it out.")


def test_what_a_reader_cannot_take_is_found_and_the_same_again():
    target = Target(
        "fragile", "", lambda data, folder: answered(fragile, data, folder), lambda: (b"[1]", b"[1, [2], 3")
    )
    tries, fault = run_blind(target, tries=5_000)
    assert isinstance(fault.error, IndexError) and b"]]" in fault.data and tries > 2
    assert run_blind(target, tries=5_000)[1].data == fault.data
    assert run_blind(target, tries=5_000, chance=1)[1].data != fault.data


def test_an_error_that_says_nothing_is_a_fault():
    def silent(data, folder):
        answered(lambda: (_ for _ in ()).throw(TroupeError("No")))

    assert isinstance(run_blind(Target("silent", "", silent, lambda: (b"a",)))[1].error, AssertionError)


def test_bytes_become_texts_and_files():
    assert (
        text_of(b"\xed\xa0\x80") == "\ud800"
        and text_of("米拉".encode()) == "米拉"
        and isinstance(text_of(b"\xff"), str)
    )
    assert named(b"\x05x", ("a", "b")) == ("b", b"x") and named(b"", ("a", "b")) == ("a", b"")


def test_the_command_says_what_held_and_feeds_one_file_again(tmp_path):
    def command(*arguments):
        line = [sys.executable, SCRIPT, *arguments]
        env = {**os.environ, "TROUPE_FUZZ_HOME": str(tmp_path)}
        return subprocess.run([str(part) for part in line], capture_output=True, text=True, env=env)

    (tmp_path / "a").write_bytes(b"#2d4a6b, #e8b04a")
    assert command("--input", tmp_path / "a", "colours").returncode == 0
    ran = command("--seconds", "0", "colours", *(["--blind"] if importlib.util.find_spec("atheris") else []))
    assert ran.returncode == 0 and "held   colours: palettes and colours: 6 inputs" in ran.stdout
    assert importlib.util.find_spec("atheris") or "pip install --target" in ran.stdout
    assert command("nonsense").returncode == 2


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
def test_guided_fuzzing_reaches_more_than_its_seeds(tmp_path):
    from troupe.scripts.fuzzing.guided import run_guided

    found = run_guided("colours", tmp_path / "colours", 3, SCRIPT, os.environ)
    assert found.fault is None and found.tries > 20 and found.reached > 5
