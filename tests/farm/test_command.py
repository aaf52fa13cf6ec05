"""`troupe.py farm`: what a person or an array of jobs types."""

from __future__ import annotations

import importlib.util
import json

import pytest

from support.farming import files_of, recipe_text
from troupe.scripts import run_farm as command
from troupe.scripts.farm.chain import PLAN, STEPS
from troupe.scripts.farm.published import published
from troupe.scripts.farm.steps import EACH


@pytest.fixture
def file(drawn, tmp_path):
    recipe = drawn()
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(recipe_text(recipe.input)))
    return str(path)


def test_by_hand(file, drawn, single, monkeypatch, capsys):
    """Each line as an array of jobs would run it."""
    assert command.main(["status", file, "--shards", "2"]) == 0
    assert "load         each   waits for the step before it" in capsys.readouterr().out
    for step in STEPS:
        if step.kind == EACH:
            assert command.main(["shard", file, step.name, "1", "--shards", "2"]) == 0
            monkeypatch.setenv("SLURM_ARRAY_TASK_ID", "0")
            by_env = ["--index-from-env", "SLURM_ARRAY_TASK_ID", "--shards", "2"]
            assert command.main(["shard", file, step.name, *by_env]) == 0
        assert command.main(["merge", file, step.name, "--shards", "2"]) == 0
    folder = published(drawn(), PLAN)
    assert files_of(folder).items() <= single()[1].items()
    capsys.readouterr()
    assert command.main(["status", file, "--shards", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "list         whole  done: 16, and 1 left out"
    assert all(line.split()[2].startswith("done") for line in lines[:-1]) and len(lines) == len(STEPS) + 1
    assert lines[-1] == f"The data set: {folder}"


def test_in_one_go(file, capsys):
    assert command.main(["run", file]) == 0
    out = capsys.readouterr().out
    assert "restyle 1 of 1" in out and "datasets/rogues" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["merge", "FILE", "load"], "This step has not been done yet: list"),
        (["shard", "FILE", "load", "0"], "This step has not been done yet: list"),
        (["shard", "FILE", "draw", "0"], "There is no such step: draw. There are: list, load, "),
        (["shard", "FILE", "load", "3", "--shards", "2"], "There is no such shard: 3 of 2"),
        (["shard", "FILE", "load", "--index-from-env", "NOWHERE_SAID"], "NOWHERE_SAID is ''"),
        (["run", "no.json"], "no.json cannot be read"),
        (["ray", "FILE", "--address", "ray://head:10001"], "run from a machine of the cluster: ray://head:10001"),
    ],
    ids=str,
)
def test_what_goes_wrong_is_a_sentence(file, capsys, arguments, told):
    assert command.main([file if word == "FILE" else word for word in arguments]) == 1
    assert told in capsys.readouterr().err


def test_stopping_is_quiet(file, capsys, monkeypatch):
    def stopped(self, *now):
        raise KeyboardInterrupt

    monkeypatch.setattr(command.Said, "__call__", stopped)
    assert command.main(["run", file]) == 130
    assert "the same command goes on" in capsys.readouterr().err


def test_without_ray_it_says_what_to_install(file, capsys, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert command.main(["ray", file]) == 1
    assert 'Ray is not installed. Install it with: pip install "ray[data]".' in capsys.readouterr().err
