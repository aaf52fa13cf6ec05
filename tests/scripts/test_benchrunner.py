"""The benchmark runner: its rows and table, a benchmark that fails, and what earlier runs had."""

import json
import sys

import pytest

from devkit.places import ROOT


@pytest.fixture(scope="module")
def runner():
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        import run

        yield run
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))


def test_ratio_is_beside_the_peer_else_the_limit(runner):
    from runner.rows import row

    assert row("read", 3.0, "s", peer=2.0, limit=1.0)["ratio"] == 1.5
    assert row("read", 3.0, "s", limit=1.0)["ratio"] == 3.0
    assert row("read", 3.0, "s")["ratio"] is None


def test_table_is_aligned(runner):
    from runner.rows import row, whole

    full = row("read", 0.12345, "s", peer=1.5, limit=0.1, ratio=12.15, goal="< 1", met=True)
    lines = runner.table([full, whole({"name": "a longer name"})]).splitlines()
    assert lines[0].split() == ["name", "ours", "peer", "limit", "unit", "ratio", "goal", "met", "note"]
    assert lines[1].split()[:9] == ["read", "0.1235", "1.5", "0.1", "s", "12.15x", "<", "1", "yes"]
    assert lines[0].index("ours") + 4 == lines[1].index("0.1235") + 6
    assert lines[2].split()[3:] == ["-"] * 8


def test_table_for_the_page(runner):
    from runner.rows import row

    lines = runner.markdown([row("read", 3.0, "s", limit=2.0, goal="<= 2x", met=True, note="long")]).splitlines()
    assert lines[0] == "|  | ours | peer | limit | unit | ratio | goal | met |"
    assert lines[2] == "| read | 3 |  | 2 | s | 1.50x | <= 2x | yes |"


def test_benchmarks_run_in_their_own_process(runner, tmp_path):
    (tmp_path / "bench_good.py").write_text(
        "held = bytearray(300_000_000)\nprint('noise')\ndef rows():\n    return [{'name': 'x', 'ours': 1.0}]\n"
    )
    (tmp_path / "bench_bad.py").write_text("raise ValueError('no pictures')\n")
    assert runner.available(tmp_path) == ["bad", "good"]
    first, *peak = runner.measure("good", tmp_path)
    assert (first["name"], first["ours"], first["peer"], first["met"]) == ("x", 1.0, None, None)
    if sys.platform.startswith("linux"):
        assert peak[0]["name"] == "good: peak memory" and 300 < peak[0]["ours"] < 400
    (failed,) = runner.measure("bad", tmp_path)
    assert (failed["name"], failed["met"], failed["note"]) == ("bad", False, "failed: ValueError: no pictures")


def test_long_ones_run_only_when_they_are_named(runner, tmp_path, monkeypatch, capsys):
    for name in ("tiny", *runner.LONG):
        (tmp_path / f"bench_{name}.py").write_text(f"def rows():\n    return [{{'name': '{name} ran'}}]\n")
    monkeypatch.setattr(runner, "HERE", tmp_path)
    monkeypatch.setattr(runner, "available", lambda folder=tmp_path: ["tiny", *runner.LONG])
    assert runner.main([]) == 0
    told = capsys.readouterr().out
    assert "tiny ran" in told and not any(f"{name} ran" in told for name in runner.LONG)
    assert runner.main([*runner.LONG]) == 0 and f"{runner.LONG[0]} ran" in capsys.readouterr().out


def test_circumstances_are_named(runner):
    found = runner.circumstances()
    assert found["cores"] >= 1 and found["date"] and found["commit"] and found["versions"]["torch"]


def test_unknown_benchmark_is_refused(runner, capsys):
    with pytest.raises(SystemExit) as stopped:
        runner.main(["nothing"])
    assert stopped.value.code == 2 and "import" in capsys.readouterr().err


def entry(day, processor, **figures):
    rows = [{"name": name, "ours": value, "unit": "s", "note": "long"} for name, value in figures.items()]
    return {"date": f"2026-01-{day:02}T00:00:00", "commit": f"c{day}", "processor": processor, "cores": 2}, rows


def test_history_compares_on_the_same_hardware(runner, tmp_path):
    from runner.history import changes, entries, record

    file = tmp_path / "history.jsonl"
    assert changes(entries(file)) == []
    for day, processor, figures in (
        (1, "small", {"load": 4.0, "write": 1.0}),
        (2, "large", {"load": 0.1}),
        (3, "small", {"load": 2.0}),
        (4, "small", {"load": 3.0, "tag": 1.0}),
    ):
        record(file, *entry(day, processor, **figures))
    assert "note" not in json.loads(file.read_text().splitlines()[0])["rows"][0]
    found = {line["name"]: line for line in changes(entries(file))}
    assert (found["load"]["now"], found["load"]["before"], found["load"]["change"]) == (3.0, 2.0, "+50%")
    assert found["load"]["since"] == "2026-01-03 c3"
    assert found["write"]["since"] == found["tag"]["since"] == "first time"
    assert [line["name"] for line in changes(entries(file), "LOAD")] == ["load"]


def test_history_is_shown_and_recorded(runner, tmp_path, monkeypatch, capsys):
    (tmp_path / "bench_tiny.py").write_text("def rows():\n    return [{'name': 'x', 'ours': 2.0, 'unit': 's'}]\n")
    monkeypatch.setattr(runner, "HERE", tmp_path)
    monkeypatch.setattr(runner, "HISTORY", tmp_path / "history.jsonl")
    monkeypatch.setattr(runner, "available", lambda folder=tmp_path: ["tiny"])
    assert runner.main(["--history"]) == 0 and "Nothing recorded" in capsys.readouterr().out
    assert [runner.main(["--record", "tiny"]) for _ in range(2)] == [0, 0]
    capsys.readouterr()
    assert runner.main(["--history", "x"]) == 0
    header, line = capsys.readouterr().out.splitlines()
    assert header.split() == ["name", "unit", "now", "before", "change", "ratio", "since"]
    assert line.split()[:5] == ["x", "s", "2", "2", "+0%"]
