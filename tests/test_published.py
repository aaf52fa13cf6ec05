"""What the registry hands to users: tracked files that `.comfyignore` leaves; the pack works with nothing else."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.pictures import character_folder
from support.schemas import to_prompt

ROOT = Path(__file__).resolve().parents[1]
TOP = {
    "__init__.py", "nodes", "models", "workflows", "assets", "web", "locales", "node_list.json", "pyproject.toml",
    "requirements.txt", "README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md",
}  # fmt: skip
LARGEST = 20 << 20  # bytes before they are packed


@pytest.fixture(scope="module")
def published():
    """Paths as `comfy node pack` would take them. Git reads the patterns as the registry's tool does."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so nothing tells which files belong to it")
    ignored = tracked("--ignored", "--exclude-from=.comfyignore")
    assert ignored
    return tracked() - ignored


def tracked(*arguments):
    command = ["git", "ls-files", "--cached", "-z", *arguments]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name for name in found.split("\0") if name and (ROOT / name).is_file()}


def test_nothing_is_published_that_only_we_need(published):
    assert {name.partition("/")[0] for name in published} <= TOP
    assert not [name for name in published if name.endswith((".pyc", ".log", ".tmp"))]
    assert sum((ROOT / name).stat().st_size for name in published) < LARGEST


def test_everything_is_published_that_the_pack_reads(published):
    needed = [
        name
        for name in tracked()
        if name.startswith(("nodes/", "models/", "workflows/", "assets/", "web/", "locales/"))
    ]
    assert needed and not [name for name in needed if name not in published]


def test_the_pack_works_with_nothing_else(published, fresh_host, live_host, tmp_path):
    pack = tmp_path / "registry" / "troupe"
    for name in published:
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, pack / name)
    host = fresh_host(packs=(("troupe", pack),))
    assert ours(host) == ours(live_host)
    (templates,) = [names for name, names in host.get("/workflow_templates").items() if name == "troupe"]
    assert len(templates) == len(list((ROOT / "workflows").glob("*.json")))
    character_folder(host.input / "small", count=3, side=256)
    run = host.run(smallest(json.loads((pack / "workflows" / "character_lora_dataset.json").read_text()), host))
    assert run.ok, run.error


def ours(host):
    return {name for name, info in host.get("/object_info").items() if info["python_module"] == "custom_nodes.troupe"}


def smallest(workflow, host):
    """The flagship on small pictures, and the shipped weights loaded beside it."""
    prompt = to_prompt(workflow, host.get("/object_info"))
    for node in prompt.values():
        if node["class_type"] == "TroupeLoadSampleSet":
            node["inputs"]["folder"] = "small"
    weights = {"model": "troupe tiny (shipped)", "base_checkpoint": "none"}
    prompt["weights"] = {"class_type": "TroupeLoadCompositingModel", "inputs": weights}
    prompt["told"] = {"class_type": "PreviewAny", "inputs": {"source": ["weights", 1]}}
    return prompt


def test_the_list_of_nodes_names_each_with_what_it_does(live_host):
    listed = json.loads((ROOT / "node_list.json").read_text(encoding="utf-8"))
    assert listed.keys() == ours(live_host)
    assert all(len(description) > 20 for description in listed.values())


def test_the_registry_is_told_what_it_asks_for():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.search(r'^name = "[a-z][a-z0-9-]*"$', text, re.MULTILINE)
    assert re.search(r'^version = "\d+\.\d+\.\d+"$', text, re.MULTILINE)
    for field in ("description", "Repository", "PublisherId", "DisplayName", "requires-comfyui"):
        assert re.search(rf'^{field} = ".+"$', text, re.MULTILINE), field
    listed = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    wanted = [line.strip() for line in listed.splitlines() if line.strip() and not line.startswith("#")]
    assert re.search(r"^dependencies = \[(.*)\]$", text, re.MULTILINE)[1].replace('"', "").split(", ") == wanted
