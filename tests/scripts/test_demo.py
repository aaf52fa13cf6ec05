"""The demo's numbers and words, from recorded events; no host runs here."""

import io
import json
from types import SimpleNamespace

import pytest

from devkit import demo, results, summary
from devkit.api import Run
from devkit.progressline import ProgressLine, bar, titles
from devkit.trouble import Trouble

PROMPT = {
    "1": {"class_type": "TroupeLoadSampleSet", "inputs": {"folder": "hero"}, "_meta": {"title": "Load"}},
    "2": {"class_type": "TroupeRestyle", "inputs": {"samples": ["1", 0]}, "_meta": {"title": "Restyle"}},
    "3": {"class_type": "TroupeRestyle", "inputs": {"samples": ["1", 0]}},
}
OUTPUTS = {
    "1": {"troupe": [{"stage": "load", "samples": 5, "rejected": 1}], "images": []},
    "2": {"troupe": [{"stage": "restyle", "samples": 3, "computed": 2, "reused": 1, "files": ["a"], "rejected": 1}]},
    "3": {"troupe": ['{"stage": "restyle", "samples": 2, "computed": 0, "reused": 2, "files": ["b"], "folder": "/f"}']},
    "4": {"images": [{"filename": "x.png"}]},
}


def executing(node, t):
    return {"type": "executing", "data": {"node": node}, "t": t}


EVENTS = [
    executing("1", 0.5), executing("2", 1.0), executing("3", 4.0), executing(None, 6.0),
    {"type": "execution_success", "data": {}, "t": 6.1},
]  # fmt: skip


def test_seconds_of_nodes():
    assert summary.node_seconds(EVENTS) == {"1": 0.5, "2": 3.0, "3": 2.0}


def test_stages_are_added_up_over_their_nodes():
    stages = summary.stages(OUTPUTS, summary.node_seconds(EVENTS))
    assert list(stages) == ["load", "restyle"]
    assert stages["restyle"] == {
        "nodes": ["2", "3"], "seconds": 5.0, "samples": 5, "computed": 2, "reused": 3, "rejected": 1,
        "files": ["a", "b"], "folder": "/f",
    }  # fmt: skip


def test_record_for_json(tmp_path):
    history = {"outputs": OUTPUTS, "status": {"status_str": "success", "messages": []}}
    run = Run("id", {}, EVENTS, history, 6.1)
    process = SimpleNamespace(log=tmp_path / "log", boot_seconds=4.0)
    record = demo.describe(run, PROMPT, tmp_path, [], process, 11.0)
    assert record["counts"] == {"loaded": 5, "restyled": 5, "kept": 0, "written": 0, "rejected": 1}
    assert (record["computed"], record["reused"], record["total_seconds"]) == (2, 3, 11.0)
    assert record["node_seconds"] == {"1 Load": 0.5, "2 Restyle": 3.0, "3 TroupeRestyle": 2.0}
    assert record["paths"]["data_sets"] == ["/f"]
    json.dumps(record)
    assert any("restyle" in line and "5.0" in line for line in demo.lines(record))


def test_samples_replace_the_folder_of_the_loader(tmp_path):
    changed = demo.with_samples(PROMPT, tmp_path)
    assert changed["1"]["inputs"]["folder"] == str(tmp_path)
    assert PROMPT["1"]["inputs"]["folder"] == "hero" and changed["2"] is PROMPT["2"]
    with pytest.raises(Trouble, match="no folder"):
        demo.with_samples(PROMPT, tmp_path / "none")


def test_missing_workflow_is_told(tmp_path):
    with pytest.raises(Trouble, match="workflow is missing"):
        demo.read_workflow(tmp_path / "none.json")


def test_refusal_names_node_and_input():
    body = {
        "error": {"message": "Prompt outputs failed validation"},
        "node_errors": {"1": {"errors": [{"message": "Value not in list", "details": "layout: 'x' not in [...]"}]}},
    }
    assert demo.refusal(body, titles(PROMPT)) == "  Load: Value not in list layout: 'x' not in [...]"
    assert demo.refusal({"error": {"message": "no outputs"}, "node_errors": {}}, {}) == "  no outputs"


def test_failure_names_node_and_reason():
    error = {"node_id": "2", "exception_message": "The picture is broken\n", "exception_type": "TroupeError"}
    assert demo.failure(error, titles(PROMPT)) == "Restyle stopped: The picture is broken (TroupeError)"
    assert demo.failure({"node_id": "2"}, titles(PROMPT)) == "Restyle was interrupted."


@pytest.mark.parametrize(
    ("done", "total", "drawn"), [(0, 4, "[....]"), (2, 4, "[##..]"), (9, 4, "[####]"), (0, 0, "[....]")]
)
def test_bar(done, total, drawn):
    assert bar(done, total, 4) == drawn


class Terminal(io.StringIO):
    def isatty(self):
        return True


def show(out, *events):
    now = [0.0]
    line = ProgressLine(titles(PROMPT), out, clock=lambda: now[0])
    for event in events:
        now[0] = event.get("t", now[0])
        line.show(event)
    line.finish()
    return out.getvalue()


WORKING = [
    executing("2", 1.0),
    {"type": "progress", "data": {"node": "2", "value": 1, "max": 4}, "t": 1.1},
    {"type": "progress_text", "data": {"node": "2", "text": "2 of 4: hero/front.png"}, "t": 1.2},
    executing("3", 3.0),
]


def test_terminal_shows_bar_and_picture(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    shown = show(Terminal(), *WORKING)
    assert "\rRestyle                          [######..................] 2 of 4: hero/front.png" in shown
    assert "Restyle                          done     2.0 s" in shown
    assert all(len(line) <= 99 for line in shown.replace("\n", "\r").split("\r"))


def test_log_gets_plain_lines():
    shown = show(io.StringIO(), *WORKING)
    assert "\r" not in shown and "\033" not in shown
    assert shown.splitlines()[0] == "Restyle                          done     2.0 s"


def test_failed_stage_is_not_called_done():
    shown = show(io.StringIO(), executing("2", 1.0), {"type": "execution_error", "data": {}, "t": 2.0})
    assert shown == "Restyle                          stopped     1.0 s\n"


def test_log_hears_from_a_long_stage():
    late = {"type": "progress", "data": {"node": "2", "value": 3, "max": 4}, "t": 60.0}
    assert "3 of 4" in show(io.StringIO(), executing("2", 0.0), late)


def test_pictures_and_texts_of_nodes_are_kept(tmp_path):
    outputs = {
        "7": {"images": [{"filename": "a.png", "type": "temp"}, {"filename": "b.png", "type": "temp"}]},
        "12": {"text": ["a report"]},
        "13": {"images": [{"filename": "c.png", "type": "output"}]},
    }
    kept = results.keep(outputs, {"7": "Before / after"}, tmp_path, lambda item: item["filename"].encode())
    assert [path.name for path in kept] == ["07-before-after-1.png", "07-before-after-2.png", "12-node.txt"]
    assert results.saved(outputs, tmp_path) == [tmp_path / "c.png"]
    assert kept[0].read_bytes() == b"a.png" and kept[2].read_text() == "a report\n"


def test_pack_that_cannot_be_imported_is_told():
    log = "Error while calling comfy_entrypoint in /x: No module named 'y'\n0.0 seconds (IMPORT FAILED): /x\n"
    with pytest.raises(Trouble, match="(?s)could not import the pack.*No module named 'y'"):
        demo.require_pack(log)
    demo.require_pack("Starting server")
