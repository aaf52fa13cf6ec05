"""Every workflow that ships is what its source says, tidy, and right in every value; tests/editor opens each."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from workflowbuilder.catalogue import WORKFLOWS
from workflowbuilder.export import to_api, to_editor
from workflowbuilder.graph import Graph, Output
from workflowbuilder.save import fresh_files

from support.schemas import refusal

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
def test_nodes_and_groups_do_not_overlap(name, object_info):
    """Title bars count; tests/editor asks the editor itself the same."""
    workflow = to_editor(GRAPHS[name](), object_info)
    nodes = [(n["title"], n["pos"][0], n["pos"][1] - 30, n["size"][0], n["size"][1] + 30) for n in workflow["nodes"]]
    groups = [(g["title"], *g["bounding"]) for g in workflow["groups"]]
    for frames in (nodes, groups):
        for (one, *a), (other, *b) in combinations(frames, 2):
            assert not overlap(a, b), f"{one} lies over {other}"
    halfway = [(n[0], g[0]) for n in nodes for g in groups if overlap(n[1:], g[1:]) and not holds(g[1:], n[1:])]
    assert not halfway, "these lie halfway in a group"
    noted = {n["title"] for n in workflow["nodes"] if n["type"] == "MarkdownNote"}
    assert noted, "no note for newcomers"
    assert {n[0] for n in nodes} - {n[0] for n in nodes for g in groups if holds(g[1:], n[1:])} <= noted


def overlap(a, b):
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def holds(a, b):
    return a[0] <= b[0] and b[0] + b[2] <= a[0] + a[2] and a[1] <= b[1] and b[1] + b[3] <= a[1] + a[3]


# They show something, and may stand anywhere below it.
DISPLAYS = ("PreviewAny", "PreviewImage", "MaskPreview", "SaveImage")


@pytest.mark.parametrize("name", GRAPHS)
def test_nothing_stands_to_the_left_of_what_it_is_made_from(name):
    """The first of a new row does, as the first word of a line."""
    nodes = GRAPHS[name]().nodes
    margin = min(node.at[0] for node in nodes)
    for node in nodes:
        if node.kind in DISPLAYS or (node.at[0] == margin and node.at[1] > nodes[0].at[1]):
            continue
        sources = [value.node for value in node.inputs.values() if isinstance(value, Output)]
        behind = [source.title for source in sources if source.at[0] > node.at[0]]
        assert not behind, f"{node.title} stands to the left of {behind}"


@pytest.mark.parametrize("name", GRAPHS)
def test_every_widget_has_a_value_that_its_node_takes(name, object_info):
    """Of choices that are files, the shipped name need not be on this machine."""
    graph = GRAPHS[name]()
    files = {file.name for node in graph.nodes for file in node.needs} | {"stable-diffusion-v1-5", "(hub cache)"}
    for node in to_api(graph, object_info).values():
        described = object_info[node["class_type"]]["input"]
        for widget, value in node["inputs"].items():
            spec = (described.get("required", {}) | described.get("optional", {}))[widget]
            if not isinstance(value, list) and value not in files:
                assert refusal(spec, value) is None, f"{node['_meta']['title']}: {widget}: {refusal(spec, value)}"


@pytest.mark.parametrize("name", GRAPHS)
def test_models_are_named_where_they_are_needed_and_nowhere_else(name, object_info):
    workflow = to_editor(GRAPHS[name](), object_info)
    for node in workflow["nodes"]:
        chosen = [v for v in node.get("widgets_values", []) if isinstance(v, str) and v.endswith(".safetensors")]
        named = node["properties"].get("models", [])
        assert [m["name"] for m in named] == chosen
        for model in named:
            assert model["url"].startswith("https://huggingface.co/") and model["url"].endswith("/" + model["name"])


def test_nodes_say_which_pack_they_are_from(object_info):
    (version,) = re.findall(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    for build in WORKFLOWS:
        for node in to_editor(build(), object_info)["nodes"]:
            if node["type"].startswith("Troupe"):
                assert (node["properties"]["cnr_id"], node["properties"]["ver"]) == ("troupe", version)
            elif node["type"] != "MarkdownNote":
                assert node["properties"]["cnr_id"] == "comfy-core"


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


def test_the_template_browser_lists_them_with_their_thumbnails(live_host):
    (templates,) = [names for pack, names in live_host.get("/workflow_templates").items() if pack.endswith("troupe")]
    assert set(templates) == set(GRAPHS)
    for name in GRAPHS:
        thumbnail = live_host.api.raw(f"/api/workflow_templates/troupe/{name}.jpg")
        assert thumbnail[:3] == b"\xff\xd8\xff"
