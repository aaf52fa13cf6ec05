"""The README's examples are run as they stand there, and its pictures and links exist."""

import re
import subprocess
import sys
from pathlib import Path

from support.pictures import character_folder

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
USUAL = "127.0.0.1:8188"


def section(title):
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"the README has no section {title!r}"
    return found[1]


def test_the_example_for_the_api_makes_a_data_set(live_host):
    (code,) = re.findall(r"```python\n(.*?)```", section("Over the API"), re.DOTALL)
    assert len(code.splitlines()) <= 16 and USUAL in code and '"my_pictures"' in code
    character_folder(live_host.input / "my_pictures", count=3, side=256)
    code = code.replace(USUAL, live_host.url.removeprefix("http://"))
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    (written,) = [line for line in ran.stdout.splitlines() if "'stage': 'write'" in line]
    assert "'samples': 3" in written and "emberkn" in written


def test_every_picture_and_page_that_it_points_to_is_there():
    targets = re.findall(r"\]\(([^)#\s]+)", README)
    local = [t for t in targets if not t.startswith(("http://", "https://"))]
    assert local and not [t for t in local if not (ROOT / t).exists()]


def test_it_names_every_node(live_host):
    """In the table, by the name that the search of the graph editor finds."""
    info = live_host.get("/object_info").values()
    names = {node["display_name"] for node in info if node["python_module"] == "custom_nodes.troupe"}
    assert names and not [name for name in names if f"**{name}**" not in section("What it does")]
