"""A person reviews a set in the graph editor: looks at the previews, edits the table, presses Run again."""

import shutil
import time
from pathlib import Path

import pytest

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "samples" / "mira"
SHOWING = ("Load Sample Set", "Describe", "Review Samples", "Tag Features", "What is left")
INTO_SUBGRAPH = """title => {
    const node = app.graph.nodes.find(n => n.title === title)
    app.graph.convertToSubgraph(new Set([node]))
    return app.graph.nodes.filter(n => n.subgraph).length
}"""


@pytest.fixture
def review(editor, live_host):
    """The workflow on six of its pictures, under a name of its own; `review(name)` opens it."""
    folder = live_host.input / "six"
    if not folder.is_dir():
        folder.mkdir()
        for picture in sorted(ASSETS.glob("*.png"))[:6]:
            shutil.copy(picture, folder)

    def named(name):
        editor.open_template("troupe", "review_samples")  # all of it is in sight: what is not shows no picture
        editor.set_widget("Load Sample Set", "folder", "six")
        editor.set_widget("Review Samples", "name", name)
        return editor

    return named


def run(editor, host):
    """Press Run; what the nodes put into the history, by stage."""
    known, start = host.get("/history").keys(), time.monotonic()
    editor.run()
    while not (new := host.get("/history").keys() - known):
        assert time.monotonic() - start < 120
        time.sleep(0.05)
    record = host.get("/history")[new.pop()]
    assert record["status"]["status_str"] == "success", record["status"]["messages"]
    return {f["stage"]: f for output in record["outputs"].values() for f in output.get("troupe", [])}


def drop_line(table, number):
    lines = table.read_bytes().decode("utf-8-sig").split("\r\n")
    lines[number - 1] = lines[number - 1].replace("keep,", "drop,", 1)
    table.write_bytes("\r\n".join(lines).encode("utf-8-sig"))


def test_every_step_shows_its_picture_and_an_edited_line_counts(review, live_host):
    editor = review("looked_at")
    table = Path(run(editor, live_host)["review"]["file"])
    editor.wait_for_pictures(*SHOWING)
    editor.page.get_by_text("6 kept, 0 dropped, 0 with your words.").first.wait_for()
    drop_line(table, 3)
    told = run(editor, live_host)
    assert (told["review"]["dropped"], told["review"]["samples"], told["tag"]["samples"]) == (1, 5, 5)
    editor.page.get_by_text("5 kept, 1 dropped, 0 with your words.").first.wait_for()


def test_it_works_in_a_subgraph(review, live_host):
    editor = review("inside")
    assert editor.evaluate(INTO_SUBGRAPH, "Review Samples") == 1
    table = Path(run(editor, live_host)["review"]["file"])
    assert table.name == "inside.csv"
    drop_line(table, 2)
    assert run(editor, live_host)["tag"]["samples"] == 5
