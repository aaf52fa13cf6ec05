"""Every workflow that ships opens in the editor, is what its source says, and equals its twin for the API."""

import json
import os
from pathlib import Path

import pytest
from workflowbuilder.catalogue import WORKFLOWS
from workflowbuilder.export import to_api, to_editor
from workflowbuilder.graph import Graph
from workflowbuilder.save import fresh_files

ROOT = Path(__file__).resolve().parents[1]
GRAPHS = {build.__name__: build for build in WORKFLOWS}


@pytest.fixture(scope="session")
def object_info(live_host):
    return live_host.get("/object_info")


def test_what_is_committed_is_a_fresh_build(object_info):
    stale = [str(p) for p, text in fresh_files(object_info) if (ROOT / p).read_text(encoding="utf-8") != text]
    assert not stale, f"run `python3 scripts/troupe.py workflows`; it changes {', '.join(stale)}"


def test_the_template_folder_holds_templates_only():
    """The host lists every JSON file in it."""
    assert {p.stem for p in (ROOT / "workflows").glob("*.json")} == set(GRAPHS)
    assert {p.stem for p in (ROOT / "workflows").glob("*.jpg")} == set(GRAPHS)


@pytest.mark.parametrize("name", GRAPHS)
def test_nodes_do_not_overlap_and_lie_in_their_group(name):
    graph = GRAPHS[name]()
    placed = [*graph.nodes, *graph.notes]
    for i, a in enumerate(placed):
        for b in placed[i + 1 :]:
            apart = (
                a.at[0] + a.size[0] <= b.at[0]
                or b.at[0] + b.size[0] <= a.at[0]
                or a.at[1] + a.size[1] <= b.at[1] - 30
                or b.at[1] + b.size[1] <= a.at[1] - 30
            )
            assert apart, f"{a} lies over {b}"
    grouped = [m for group in graph.groups for m in group.members]
    assert all(node in grouped for node in graph.nodes)


@pytest.mark.parametrize("name", GRAPHS)
def test_every_required_socket_is_wired(name, object_info):
    for node in to_editor(GRAPHS[name](), object_info)["nodes"]:
        required = object_info.get(node["type"], {}).get("input", {}).get("required", {})
        loose = [s["name"] for s in node["inputs"] if s["link"] is None and s["name"] in required]
        assert not loose, f"{node['title']}: {loose}"


def test_an_unknown_input_is_a_mistake_of_the_builder(object_info):
    graph = Graph("x", "x")
    graph.node("TroupeLoadSampleSet", "Load", at=(0, 0), colour="red")
    with pytest.raises(KeyError, match="TroupeLoadSampleSet has no input named colour"):
        to_api(graph, object_info)


def test_a_wire_may_end_in_a_widget_and_seeds_stay_what_they_are(object_info):
    graph = Graph("x", "x")
    text = graph.node("StringConcatenate", "Text", at=(0, 0), string_a="a", string_b="b")
    graph.node("SaveLoRA", "Save", at=(0, 0), prefix=text["STRING"])
    graph.node("KSampler", "Draw", at=(0, 0), seed=5)
    _, save, draw = to_editor(graph, object_info)["nodes"]
    wired = {s["name"]: s for s in save["inputs"]}["prefix"]
    assert wired["link"] == 1 and wired["widget"] == {"name": "prefix"}
    assert save["widgets_values"][0] == "loras/ComfyUI_trained_lora"
    assert draw["widgets_values"][:2] == [5, "fixed"]


@pytest.mark.parametrize("name", GRAPHS)
def test_the_editor_opens_it_and_would_queue_its_twin(name, live_host, tmp_path):
    from support.browser import chromium, open_editor

    if chromium() is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: apt-get install chromium")
        pytest.skip("no Chromium on this machine")
    workflow = json.loads((ROOT / "workflows" / f"{name}.json").read_text(encoding="utf-8"))
    twin = json.loads((ROOT / "tests" / "workflows" / f"{name}.api.json").read_text(encoding="utf-8"))
    with open_editor(live_host.url) as editor:
        editor.load(workflow, name)
        assert editor.missing_types() == []
        queued = editor.to_api()
        editor.page.screenshot(path=str(tmp_path / "editor.png"))
        assert not editor.errors
    assert queued.keys() == twin.keys()
    for key, node in twin.items():
        assert queued[key]["class_type"] == node["class_type"]
        assert queued[key]["inputs"] == node["inputs"], node["_meta"]["title"]


def test_the_template_browser_lists_it_with_its_thumbnail(live_host):
    (templates,) = [names for pack, names in live_host.get("/workflow_templates").items() if pack.endswith("troupe")]
    assert set(templates) == set(GRAPHS)
    for name in GRAPHS:
        thumbnail = live_host.api.raw(f"/api/workflow_templates/troupe/{name}.jpg")
        assert thumbnail[:3] == b"\xff\xd8\xff"
