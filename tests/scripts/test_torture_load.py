"""The short form of `troupe.py torture load`, in a host of its own, and what it would say of a host that leaks."""

import pytest

from troupe.scripts.torture.hostwatch import Asking, Usage, leftovers
from troupe.scripts.torture.load import MOST_GROWTH, Ended, figures, told_of_answers, told_of_ends, told_of_growth


def test_a_host_under_load_stays_as_it_was(host_source, tmp_path, monkeypatch):
    monkeypatch.setenv("COMFYUI_PATH", str(host_source.folder))
    found = {figure.name: figure for figure in figures(False, tmp_path)}
    assert found.keys() == {"prompts", "memory", "threads", "open files", "slowest answer", "leftovers"}
    assert found["prompts"].value == 18
    broken = [figure for figure in found.values() if not figure.kept]
    assert not broken, broken


@pytest.mark.parametrize(
    ("after", "broken"),
    [
        (Usage(1000 + MOST_GROWTH, 10, 20), []),
        (Usage(1001 + MOST_GROWTH, 10, 20), ["memory"]),
        (Usage(1000, 30, 20), ["threads"]),
        (Usage(1000, 10, 99), ["open files"]),
    ],
)
def test_growth_is_told(after, broken):
    told = told_of_growth([Usage(1000, 10, 20), after], 0.0)
    assert [figure.name for figure in told if not figure.kept] == broken


def test_another_end_than_the_one_that_was_meant_is_told():
    told = told_of_ends([Ended("well", "well"), Ended("interrupted", "well")])
    assert not told.kept and told.value == 1 and "interrupted wanted, well: 1" in told.note


@pytest.mark.parametrize(
    ("slowest", "failed", "alone", "kept"),
    [(0.4, 0, 0.3, True), (1.1, 0, 0.3, False), (1.1, 0, 0.6, True), (0.4, 1, 0.3, False), (0.0, 0, 0.3, False)],
)
def test_slow_and_missing_answers_are_told(slowest, failed, alone, kept):
    asked, without = Asking(None), Asking(None)
    asked.slowest, asked.failed, without.slowest = slowest, failed, alone
    assert told_of_answers(asked, without).kept is kept


def test_what_is_left_behind_is_found(tmp_path):
    base, temporary = tmp_path / "base", tmp_path / "tmp"
    for folder in (base / "output" / ".making-x", base / "output" / "datasets" / "whole", temporary / "pymp-1"):
        folder.mkdir(parents=True)
    (base / "output" / ".writing-y").touch()
    assert leftovers(base, temporary) == {"output/.making-x", "output/.writing-y", "pymp-1"}
