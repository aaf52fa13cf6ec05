"""The graph editor itself shows our help page, our names and our search words, in English and in Chinese."""

import json
import os
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from helpbuilder.save import fresh_files

ROOT = Path(__file__).resolve().parents[1]
GRAPH = {
    "version": 0.4,
    "last_node_id": 1,
    "last_link_id": 0,
    "nodes": [{"id": 1, "type": "TroupeCheckStructure", "pos": [300, 300], "size": [300, 120], "mode": 0}],
    "links": [],
}


class Expected(NamedTuple):
    """Of Check Structure. `word`: one that it is searched by and that stands in no name."""

    language: str
    name: str
    category: str
    widget: str
    output: str
    page: str
    word: str


ENGLISH = Expected(
    language="en",
    name="Check Structure",
    category="Troupe/3 Restyle",
    widget="minimum_structure",
    output="report",
    page="A picture that only slid, zoomed or turned is put back",
    word="pixel shift",
)
CHINESE = Expected(
    language="zh",
    name="结构检查",
    category="Troupe 剧团/3 转绘",
    widget="最低结构分",
    output="报告",
    page="只是偏移、缩放或旋转的移回原位",
    word="对齐",
)


def test_what_the_host_says_of_the_nodes_is_what_the_pages_say(live_host):
    fresh = fresh_files(live_host.get("/object_info"))
    stale = [str(p) for p, text in fresh if (ROOT / p).read_text(encoding="utf-8") != text]
    assert not stale, f"run `python3 scripts/troupe.py help-pages`; it changes {', '.join(stale)}"


def test_the_host_serves_pages_and_pictures(live_host):
    """At the addresses that the editor asks for: NODE/LANGUAGE.md first, NODE.md in any other language."""
    docs = "/extensions/troupe/docs"
    for node in (n for n in live_host.get("/object_info") if n.startswith("Troupe")):
        english = live_host.api.raw(f"{docs}/{node}/en.md").decode()
        assert english.startswith("# ") and live_host.api.raw(f"{docs}/{node}.md").decode() == english
        assert "## 输入" in live_host.api.raw(f"{docs}/{node}/zh.md").decode()
    assert live_host.api.raw(f"{docs}/images/put_back.webp")[8:12] == b"WEBP"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_host_serves_the_texts(live_host, language):
    ours = json.loads((ROOT / "locales" / language / "nodeDefs.json").read_text(encoding="utf-8"))
    served = live_host.get("/i18n")[language]["nodeDefs"]
    assert {node: served[node] for node in ours} == ours


@pytest.mark.parametrize("expected", [ENGLISH, CHINESE], ids=lambda e: e.language)
def test_the_editor_shows_them(live_host, expected, tmp_path):
    from support.browser import chromium, open_editor

    if chromium() is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: apt-get install chromium")
        pytest.skip("no Chromium on this machine")
    live_host.post("/settings/Comfy.Locale", expected.language)
    try:
        with open_editor(live_host.url) as editor:
            editor.load(GRAPH, "help")
            names_are_shown(editor, expected)
            the_page_opens(editor, expected)
            editor.page.screenshot(path=str(tmp_path / "help.png"))
            every_page_is_read_as_meant(editor)
            a_search_word_finds_it(editor, expected)
            editor.page.screenshot(path=str(tmp_path / "search.png"))
            assert not editor.errors
    finally:
        live_host.post("/settings/Comfy.Locale", "en")


def names_are_shown(editor, expected):
    shown = editor.evaluate(
        """() => {
            const [node] = app.graph.nodes, kind = LiteGraph.registered_node_types[node.type]
            const widget = node.widgets.find(w => w.name === "minimum_structure")
            return [node.title, kind.category, widget.label ?? widget.name, node.outputs[1].localized_name]
        }"""
    )
    assert shown == [expected.name, expected.category, expected.widget, expected.output]


def the_page_opens(editor, expected):
    editor.evaluate("() => { app.canvas.selectNodes([app.graph.nodes[0]]); return null }")
    editor.page.get_by_test_id("info-button").click()
    page = editor.page.locator(".node-help-content")
    page.get_by_text(expected.page).wait_for()
    assert page.locator("h1").inner_text() == expected.name
    assert expected.widget in page.locator("ul").first.inner_text()
    picture = page.locator("img").element_handle()
    editor.page.wait_for_function("image => image.naturalWidth > 0", arg=picture)


def every_page_is_read_as_meant(editor):
    """No sign of Markdown is left over: beside Chinese punctuation, emphasis is easily not seen as such."""
    pages = {str(p.relative_to(ROOT)): p.read_text("utf-8") for p in (ROOT / "web" / "docs").rglob("*.md")}
    read = "pages => Object.entries(pages).map(([p, text]) => [p, app.extensionManager.renderMarkdownToHtml(text)])"
    for path, html in editor.evaluate(read, pages):
        text = re.sub("<[^>]*>", "", re.sub("<code>.*?</code>", "", html, flags=re.DOTALL))
        left = [sign for sign in ("**", "](", "`", "&lt;br") if sign in text]
        assert not left, f"{path}: {left}"
        assert html.count("<h2") >= 3 and "<img" in html


def a_search_word_finds_it(editor, expected):
    editor.evaluate("async () => { await app.extensionManager.command.execute('Workspace.SearchBox.Toggle') }")
    editor.page.get_by_role("dialog").locator("input").first.fill(expected.word)
    found = editor.page.get_by_test_id("result-item").first
    found.get_by_text(expected.name, exact=True).wait_for()
