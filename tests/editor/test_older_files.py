"""Workflow files that people have, opened in today's editor: it finds every node, and would queue what was saved."""

import json
from pathlib import Path

from support.schemas import to_prompt

OLDER = Path(__file__).resolve().parents[1] / "workflows" / "older"


def test_older_files_open_and_would_be_queued_as_they_were_saved(editor, live_host):
    object_info = live_host.get("/object_info")
    files = sorted(OLDER.rglob("*.json"))
    assert files
    for path in files:
        workflow = json.loads(path.read_text(encoding="utf-8"))
        editor.load(workflow, path.stem)
        assert editor.missing_types() == [], path
        queued, saved = editor.to_api(), to_prompt(workflow, object_info)
        assert queued.keys() == saved.keys()
        for key, node in saved.items():
            assert queued[key]["inputs"] == node["inputs"], f"{path}: {node['_meta']['title']}"
