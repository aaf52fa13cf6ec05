"""Every template, opened from the template browser by a click: no node is missing, and Run would queue its twin."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from workflowbuilder.catalogue import WORKFLOWS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = [build.__name__ for build in WORKFLOWS]


def read(*parts):
    return json.loads(ROOT.joinpath(*parts).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_click_opens_it_tidily_and_run_would_queue_its_twin(name, editor):
    editor.open_template("troupe", name)
    assert editor.missing_types() == []
    queued, twin = editor.to_api(), read("tests", "workflows", f"{name}.api.json")
    assert queued.keys() == twin.keys()
    for key, node in twin.items():
        assert queued[key]["class_type"] == node["class_type"]
        assert queued[key]["inputs"] == node["inputs"], node["_meta"]["title"]
    is_tidy(editor)
    assert editor.grown(read("workflows", f"{name}.json")) == [], "the editor needs more room for these"


def is_tidy(editor):
    nodes, groups = editor.nodes(), editor.groups()
    assert not [f"{a.title} over {b.title}" for a, b in combinations(nodes, 2) if a.overlaps(b)]
    assert not [f"{a.title} over {b.title}" for a, b in combinations(groups, 2) if a.overlaps(b)]
    halfway = [(n.title, g.title) for n in nodes for g in groups if g.overlaps(n) and not g.holds(n)]
    assert not halfway, "these lie halfway in a group"


def test_what_the_tests_of_tidiness_see(editor):
    """A control: a node that is unknown, one that is too narrow for its title, and that they lie on each other."""
    wide = {"id": 1, "type": "PreviewAny", "pos": [0, 0], "size": [140, 200], "title": "A title that nobody reads"}
    unknown = {"id": 2, "type": "NobodyHasThis", "pos": [20, 20], "size": [200, 100], "title": "Unknown"}
    parts = ("flags", {}), ("order", 0), ("mode", 0), ("inputs", []), ("outputs", []), ("properties", {})
    workflow = {"version": 0.4, "last_node_id": 2, "last_link_id": 0, "links": [], "groups": []}
    workflow["nodes"] = [{**dict(parts), **node} for node in (wide, unknown)]
    editor.load(workflow, "untidy")
    assert editor.missing_types() == ["NobodyHasThis"]
    assert editor.grown(workflow) == ["A title that nobody reads"]
    assert len([1 for a, b in combinations(editor.nodes(), 2) if a.overlaps(b)]) == 1
    editor.errors.clear()
