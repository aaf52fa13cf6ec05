"""Every node has its help page and its texts in two languages; what is committed is what the schemas say today."""

import json
import re
from pathlib import Path

import pytest
from helpbuilder.complaints import complaints
from helpbuilder.described import DescribedNode, Input, described_nodes
from helpbuilder.markdown import plain
from helpbuilder.save import fresh_files
from helpbuilder.sources import prose
from helpbuilder.translations import english, in_order, lacking, unknown
from helpbuilder.values import input_line
from helpbuilder.wording import CHINESE, ENGLISH
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "web" / "docs" / "images"
LARGEST, ALL_TOGETHER = 40_000, 1_500_000  # bytes; a page opens beside a graph, and the pack is downloaded
# The editor reads these two as messages, in which such signs stand for what is filled in.
MESSAGES, SIGNS = ("display_name", "description", "name"), set("{}@|")
# Names that are the same in every language.
INTERNATIONAL = {"CLIP", "VAE", "CFG", "LoRA", "ControlNet"}


@pytest.fixture(scope="session")
def nodes(host_inprocess) -> list[DescribedNode]:
    return described_nodes(object_info_of(host_inprocess))


def object_info_of(host) -> dict:
    return {node_id: node.GET_NODE_INFO_V1() for node_id, node in host.nodes.items()}


def texts(language: str) -> dict:
    return json.loads((ROOT / "locales" / language / "nodeDefs.json").read_text(encoding="utf-8"))


def strings(value, where: str = ""):
    """(place, text) of every text in nested objects."""
    if isinstance(value, str):
        yield where, value
    else:
        for key, inner in value.items():
            yield from strings(inner, f"{where}.{key}".lstrip("."))


def test_nothing_is_left_to_write(nodes):
    missing = list(complaints(nodes))
    assert not missing, "\n" + "\n".join(missing)


def test_what_is_committed_is_a_fresh_build(host_inprocess):
    fresh = dict(fresh_files(object_info_of(host_inprocess)))
    stale = [str(p) for p, text in fresh.items() if not _is(ROOT / p, text)]
    assert not stale, f"run `python3 scripts/troupe.py help-pages`; it changes {', '.join(stale)}"
    kept = {p.relative_to(ROOT) for p in (ROOT / "web").rglob("*.md")} - fresh.keys()
    assert not kept, f"pages of nodes that are gone: {sorted(map(str, kept))}"


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_name_is_no_message_with_places_to_fill(language):
    wrong = [w for w, text in strings(texts(language)) if w.split(".")[-1] in MESSAGES and SIGNS & set(text)]
    assert not wrong


def test_chinese_is_chinese():
    told = [(w, text) for w, text in strings(texts("zh")) if text not in INTERNATIONAL]
    assert not [(w, text) for w, text in told if not re.search("[\u4e00-\u9fff]", text)]


def test_both_languages_give_the_same_figures():
    """A range or a default that was changed in one language alone."""
    chinese = dict(strings(texts("zh")))
    wrong = [(w, text, chinese[w]) for w, text in strings(texts("en")) if figures(text) != figures(chinese[w])]
    assert not wrong


def figures(text: str) -> set[str]:
    return set(re.findall(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?", text))


def test_a_choice_that_english_explains_is_named_in_chinese(nodes):
    """The editor shows choices as they are, so whoever reads Chinese must find them again in the text."""
    chinese = texts("zh")
    for node in nodes:
        for input in (i for i in node.inputs if i.choices):
            told = chinese[node.id]["inputs"][input.id]["tooltip"].lower()
            explained = [c for c in input.choices if re.search(rf"\b{re.escape(c)}\b", input.tooltip, re.IGNORECASE)]
            assert all(c.lower() in told for c in explained), f"{node.id}.{input.id}: {explained} in {told}"


def test_every_node_is_found_by_words_of_both_languages(host_inprocess):
    for node_id, node in host_inprocess.nodes.items():
        words = node.GET_SCHEMA().search_aliases
        assert any(re.search("[\u4e00-\u9fff]", word) for word in words), f"{node_id} has no Chinese search word"
        assert sum(word.isascii() for word in words) >= 3, f"{node_id}: {words}"


def test_every_page_shows_a_picture_and_every_picture_is_shown(nodes):
    shown = set()
    for node in nodes:
        in_both = [
            re.findall(r"!\[[^]]+]\(images/([^)]+)\)", prose(node.id, say.language)) for say in (ENGLISH, CHINESE)
        ]
        assert in_both[0] and in_both[0] == in_both[1], f"{node.id}: {in_both}"
        shown |= set(in_both[0])
    assert shown == {p.name for p in IMAGES.iterdir()}


def test_pictures_are_small():
    sizes = {p.name: p.stat().st_size for p in IMAGES.iterdir()}
    assert max(sizes.values()) <= LARGEST and sum(sizes.values()) <= ALL_TOGETHER, sizes
    for path in IMAGES.iterdir():
        with Image.open(path) as picture:
            picture.load()
            assert picture.width <= 720


def test_pages_and_texts_are_part_of_what_is_published():
    left_out = [line.strip() for line in (ROOT / ".comfyignore").read_text(encoding="utf-8").splitlines()]
    assert not {"web", "web/", "locales", "locales/", "*.md", "*.json", "*.webp"} & set(left_out)


def test_a_node_that_nobody_wrote_about_is_named_with_what_to_write(nodes):
    strange = nodes[0]._replace(id="TroupeStrange", name="Strange", category="Troupe/9 Strange")
    said = "\n".join(complaints([*nodes, strange]))
    assert "scripts/helpbuilder/prose/en/TroupeStrange.md is missing: what Strange does, a picture, and" in said
    assert "scripts/helpbuilder/prose/zh/TroupeStrange.md" in said
    assert '"TroupeStrange": {\n    "display_name": "Strange"' in said  # to be copied and translated
    assert 'locales/zh/main.json lacks the Chinese of the category "9 Strange"' in said


def test_a_tooltip_more_is_a_text_to_translate(nodes):
    wanted = english(nodes)
    given = json.loads(json.dumps(wanted))
    del given["TroupeRestyle"]["inputs"]["seed"]["tooltip"]
    given["TroupeRestyle"]["inputs"]["gone"] = {"name": "gone"}
    assert lacking(wanted, given).keys() == {"TroupeRestyle"}
    assert lacking(wanted, given)["TroupeRestyle"]["inputs"].keys() == {"seed"}
    assert list(unknown(wanted, given)) == ["TroupeRestyle.inputs.gone"]
    shuffled = dict(reversed(wanted.items()))
    assert json.dumps(in_order(wanted, shuffled)) == json.dumps(wanted)


TINY = {"min": 1e-07, "max": 1.0, "step": 1e-07, "default": 0.0004}
SWITCH = {"default": False, "label_on": "my words", "label_off": "machine text"}


@pytest.mark.parametrize(
    ("type", "options", "line"),
    [
        ("FLOAT", {"min": 0.0, "max": 1.0, "step": 0.05, "default": 0.3}, "0 to 1 in steps of 0.05; default 0.3"),
        ("FLOAT", TINY, "0.0000001 to 1 in steps of 0.0000001; default 0.0004"),
        ("INT", {"min": 0, "max": 2**64 - 1, "default": 0}, "0 or more; default 0"),
        ("STRING", {"default": "", "multiline": True, "advanced": True}, "text, several lines; advanced"),
        ("BOOLEAN", SWITCH, "my words or machine text; default machine text"),
        ("MASK", {}, "MASK; optional"),
    ],
)
def test_a_line_says_what_an_input_takes(type, options, line):
    assert input_line(Input("x", type, type == "MASK", "", options, None), ENGLISH) == line


def test_choices_are_named_unless_they_come_from_the_machine(nodes):
    lines = {f"{n.id}.{i.id}": input_line(i, ENGLISH) for n in nodes for i in n.inputs}
    assert lines["TroupeTagFeatures.policy"] == "one of: absorb · describe all · hybrid; default absorb"
    assert lines["TroupeLoadCompositingModel.model"] == "what is on this machine"


def test_text_stays_text_in_markdown():
    assert plain(r"*hat*, a|b, \( <x>") == r"\*hat\*, a\|b, \\( \<x\>"
