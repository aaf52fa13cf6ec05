"""Review Samples in the host: the table is written, a person edits it, and the next run is another one."""

import json
from pathlib import Path

import pytest

from devkit.api import ApiError
from support.pictures import character_folder


def node(kind, **inputs):
    return {"class_type": f"Troupe{kind}", "inputs": inputs}


def flow(folder, name):
    """Load, describe, review, write the captions as they are."""
    return {
        "load": node("LoadSampleSet", folder=str(folder), layout="one character", character="hero", background="#fff",
                     captions="as written"),
        "captioner": node("MeasuredCaptioner"),
        "describe": node("Describe", samples=["load", 0], captioner=["captioner", 0], rewrite="fill gaps"),
        "review": node("ReviewSamples", samples=["describe", 0], name=name),
        "lists": node("SampleSetToImages", samples=["review", 0], longest_side=64, seed=0),
        "told": {"class_type": "PreviewAny", "inputs": {"source": ["lists", 2]}},
        "report": {"class_type": "PreviewAny", "inputs": {"source": ["review", 2]}},
    }  # fmt: skip


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return character_folder(tmp_path_factory.mktemp("review"))


def edit(table, old, new):
    text = table.read_bytes().decode("utf-8-sig")
    assert old in text
    table.write_bytes(text.replace(old, new, 1).encode("utf-8-sig"))


def captions(run):
    return [text for output in [run.outputs["told"]] for text in output["text"]]


def executed(run):
    return {event["data"]["node"] for event in run.of("executing")}


def test_what_a_person_writes_into_the_table_counts_in_the_next_run(live_host, pictures):
    prompt = flow(pictures, "api")
    first = live_host.run(prompt)
    assert first.ok, first.error
    (facts,) = first.outputs["review"]["troupe"]
    table = Path(facts["file"])
    assert table == live_host.base / "user" / "troupe" / "reviews" / "api.csv" and len(captions(first)) == 6
    assert first.outputs["review"]["images"] and all(Path(sheet).is_file() for sheet in facts["sheets"])

    again = live_host.run(prompt)
    assert "review" not in executed(again)  # that the node wrote its table is no change

    edit(table, "keep,back", "drop,back")
    line = next(row for row in table.read_bytes().decode("utf-8-sig").split("\r\n") if "front_stand" in row)
    edit(table, line.split('"')[1], "米拉, waving a flag")
    second = live_host.run(prompt)
    (facts,) = second.outputs["review"]["troupe"]
    assert (facts["samples"], facts["dropped"], facts["edited"]) == (5, 1, 1)
    assert "dropped" in second.outputs["report"]["text"][0]
    assert len(captions(second)) == 5 and captions(first) != captions(second)
    third = live_host.run(prompt)
    assert "review" not in executed(third)

    table.unlink()
    fourth = live_host.run(prompt)
    assert fourth.outputs["review"]["troupe"][0]["dropped"] == 0 and table.is_file()


def test_a_bad_line_is_refused_before_anything_runs(live_host, pictures):
    prompt = flow(pictures, "bad")
    table = Path(live_host.run(prompt).outputs["review"]["troupe"][0]["file"])
    edit(table, "keep,side", "perhaps,side")
    with pytest.raises(ApiError) as refused:
        live_host.run(prompt)
    details = [e["details"] for n in refused.value.body["node_errors"].values() for e in n["errors"]]
    assert any("Line " in d and '"perhaps" is neither keep nor drop. Write keep or drop.' in d for d in details), (
        details
    )
    edit(table, "perhaps,side", "drop,side")
    assert live_host.run(prompt).outputs["review"]["troupe"][0]["dropped"] == 1


def test_a_path_for_a_name_is_refused(live_host, pictures):
    with pytest.raises(ApiError) as refused:
        live_host.run(flow(pictures, "../../elsewhere"))
    assert "cannot be a file's" in json.dumps(refused.value.body)
