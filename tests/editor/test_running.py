"""A person presses Run and Cancel in the graph editor."""

import shutil
import time
from itertools import combinations
from pathlib import Path

import pytest

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "samples" / "mira"
DRAWING = "() => app.graph.nodes.some(n => n.title === 'Restyle' && n.progress > 0 && n.progress < 1)"


@pytest.fixture
def flagship(editor, live_host):
    """The flagship, open on eight of its pictures; `flagship(seed)` sets one that nothing was drawn with."""
    folder = live_host.input / "eight"
    if not folder.is_dir():
        folder.mkdir()
        for picture in sorted(ASSETS.glob("*.png"))[:8]:
            shutil.copy(picture, folder)
    editor.open_template("troupe", "character_lora_dataset")
    editor.set_widget("Load Sample Set", "folder", "eight")

    def with_seed(seed):
        editor.set_widget("Restyle", "seed", seed)
        return editor

    return with_seed


def last_run(host, known):
    """The record of the prompt that was not known before; the host writes it a moment after the end."""
    start = time.monotonic()
    while not (new := host.get("/history").keys() - known):
        assert time.monotonic() - start < 180
        time.sleep(0.05)
    return host.get("/history")[new.pop()]


def await_stored(host, count):
    """Until so many pictures are kept: several are drawn at once, so what is announced is not yet drawn."""
    start = time.monotonic()
    while host.stored() < count:
        assert time.monotonic() - start < 120
        time.sleep(0.02)


def test_run_shows_progress_pictures_and_reports(flagship, live_host):
    editor, known = flagship(101), live_host.get("/history").keys()
    editor.run()
    editor.wait(DRAWING)
    assert " of 8: " in editor.page.get_by_text(" of 8: ").first.inner_text()
    record = last_run(live_host, known)
    assert record["status"]["status_str"] == "success", record["status"]["messages"]
    editor.wait_for_pictures("Load Sample Set", "Restyle", "Keep: contact sheet", "Keep: before and after")
    assert editor.page.get_by_text("8 drawn, 0 found finished").count() == 1
    reports = editor.texts_of("PreviewAny")
    assert len(reports) >= 4 and all(len(text) > 40 for text in reports), reports
    assert any('trigger "emberkn"' in text for text in reports)
    covered = [f"{a.title} over {b.title}" for a, b in combinations(editor.nodes(), 2) if a.overlaps(b)]
    assert not covered, "nodes grew over one another when they showed their results"


def test_cancel_stops_it_and_what_was_drawn_is_found_again(flagship, live_host):
    editor, known = flagship(102), live_host.get("/history").keys()
    editor.run()
    editor.wait(DRAWING)
    await_stored(live_host, live_host.stored() + 2)
    editor.cancel()
    record = last_run(live_host, known)
    assert [kind for kind, _ in record["status"]["messages"]][-1] == "execution_interrupted"
    editor.page.get_by_text("0 active").wait_for()
    known = live_host.get("/history").keys()
    editor.run()
    record = last_run(live_host, known)
    assert record["status"]["status_str"] == "success", record["status"]["messages"]
    (drawn,) = [f for o in record["outputs"].values() for f in o.get("troupe", []) if f["stage"] == "restyle"]
    assert drawn["reused"] >= 2 and drawn["computed"] + drawn["reused"] == 8


def test_a_wrong_input_is_told_at_its_node(flagship, live_host):
    editor = flagship(103)
    editor.set_widget("Load Sample Set", "folder", "nowhere")
    editor.run()
    editor.wait("() => app.graph.nodes.find(n => n.title === 'Load Sample Set').has_errors")
    assert any("There is no such folder: nowhere" in text for text in editor.refusals())
    editor.errors.clear()  # the editor itself complains of the host's refusal
