"""The benchmark runner: its table, and a benchmark that fails."""

import importlib.util

import pytest

from devkit.places import ROOT


@pytest.fixture(scope="module")
def runner():
    spec = importlib.util.spec_from_file_location("benchmark_runner", ROOT / "benchmarks" / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_table_is_aligned(runner):
    row = {"name": "read", "ours": 0.12345, "peer": 1.5, "ratio": 12.15, "goal": "< 1", "met": True, "unit": "s"}
    lines = runner.table([row, {"name": "a longer name", "met": None}]).splitlines()
    assert lines[0].split() == ["name", "ours", "peer", "unit", "ratio", "goal", "met", "note"]
    assert lines[1].split()[:8] == ["read", "0.1235", "1.5", "s", "12.15x", "<", "1", "yes"]
    assert lines[0].index("ours") + 4 == lines[1].index("0.1235") + 6
    assert lines[2].split()[3:] == ["-"] * 7


def test_benchmarks_run_in_their_own_process(runner, tmp_path):
    (tmp_path / "bench_good.py").write_text("print('noise')\ndef rows():\n    return [{'name': 'x', 'ours': 1.0}]\n")
    (tmp_path / "bench_bad.py").write_text("raise ValueError('no pictures')\n")
    assert runner.available(tmp_path) == ["bad", "good"]
    assert runner.measure("good", tmp_path) == [{"name": "x", "ours": 1.0}]
    assert runner.measure("bad", tmp_path) == [{"name": "bad", "met": False, "note": "failed: ValueError: no pictures"}]


def test_circumstances_are_named(runner):
    found = runner.circumstances()
    assert found["cores"] >= 1 and found["date"] and found["commit"] and found["versions"]["torch"]


def test_unknown_benchmark_is_refused(runner, capsys):
    with pytest.raises(SystemExit) as stopped:
        runner.main(["nothing"])
    assert stopped.value.code == 2 and "import" in capsys.readouterr().err
