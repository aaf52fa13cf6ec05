"""A text is a sentence or a list of tags, and tags are read as booru taggers and prompt writers write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

# The longest general tags of the booru vocabularies have five words ("hand on another's head" has four).
LONGEST_TAG = 5
# Below this the WD taggers' authors do not show a tag (threshold of their own demo and scripts).
LOWEST_SCORE = 0.35
# Pairs of brackets around one tag. Each takes another look at the whole text: a megabyte of them would take hours.
DEEPEST = 16

_SEPARATORS = re.compile(r"[,，、;；\n]+")
_WEIGHTED = re.compile(r"^(?P<tag>.*?\S)\s*:\s*(?P<number>\d+(?:\.\d+)?)$")
# A tagger that writes scores in brackets does so for every tag; single numbers below 1 are a prompt's weights.
_SCORED = re.compile(r"^\((?P<tag>.*\S)\s*:\s*(?P<score>0?\.\d+|1(\.0+)?)\)$")
_SENTENCE_START = re.compile(r"^(an?|the|this|these|there|in|he|she|it|they|his|her|portrait of|photo of)\s", re.I)


class Tag(NamedTuple):
    """`score`: the tagger's confidence in [0, 1], 1 where none is written."""

    text: str
    score: float = 1.0


class Text(NamedTuple):
    sentence: str = ""
    tags: tuple[Tag, ...] = ()


def parse_text(text: str) -> Text:
    """Tell a sentence from tags."""
    text = text.strip()
    if not text:
        return Text()
    if _spaced_booru(text):
        return Text(tags=parse_tags(text.split()))
    if _reads_as_sentence(text):
        return Text(sentence=" ".join(text.split()))
    parts = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
    return Text(tags=parse_tags(_scored(parts) or parts))


def parse_tags(parts: Iterable[str | Tag]) -> tuple[Tag, ...]:
    """Clean tags in their order, each once; tags of a low score are dropped."""
    tags: dict[str, Tag] = {}
    for part in parts:
        tag = part if isinstance(part, Tag) else parse_tag(part)
        clean = Tag(clean_tag(tag.text), tag.score)
        if clean.text and clean.score >= LOWEST_SCORE:
            tags.setdefault(clean.text.lower(), clean)
    return tuple(tags.values())


def parse_tag(text: str) -> Tag:
    """`(tag:1.2)` is a weight of a prompt and says nothing here; `tag: 0.87` is a tagger's score."""
    inner, emphasised = _without_emphasis(text.strip())
    found = _WEIGHTED.match(inner)
    if not found:
        return Tag(inner)
    number = float(found["number"])
    return Tag(found["tag"], 1.0 if emphasised or number > 1 else number)


def clean_tag(text: str) -> str:
    """`silver_hair` is `silver hair`, `mira \\(series\\)` is `mira (series)`; `^_^` and `score_9` stay as they are."""
    text = re.sub(r"\\([()\[\]{}])", r"\1", text.strip())
    if re.search(r"\w{2}", text.replace("_", " ")) and not re.match(r"score_\d", text):
        text = text.replace("_", " ")
    return " ".join(text.split())


def _scored(parts: list[str]) -> list[Tag]:
    """`(1girl:0.98), (smile:0.71)` is a tagger's answer; empty for anything else."""
    found = [_SCORED.match(part) for part in parts]
    return [Tag(m["tag"], float(m["score"])) for m in found if m] if len(parts) > 1 and all(found) else []


def _spaced_booru(text: str) -> bool:
    """`1girl silver_hair from_behind`: image boards put spaces between tags and underscores into them."""
    words = text.split()
    joined = sum(bool(re.search(r"\w_\w", word)) for word in words)
    return len(words) > 1 and not _SEPARATORS.search(text) and 3 * joined >= len(words) and text == text.lower()


def _without_emphasis(text: str) -> tuple[str, bool]:
    """`((tag))`, `[tag]`, `{tag}` and `<lora:name:1>` are orders to a sampler."""
    if re.fullmatch(r"<[^<>]*>", text):
        return "", True
    for level in range(DEEPEST):
        if not (len(text) > 2 and text[0] + text[-1] in ("()", "[]", "{}") and text[-2] != "\\" and _one_pair(text)):
            return text, level > 0
        text = text[1:-1].strip()
    return text, True


def _one_pair(text: str) -> bool:
    """Whether the first bracket closes with the last sign: not so in `(o)_(o)`."""
    depth = 0
    for i, sign in enumerate(text):
        depth += (sign == text[0]) - (sign == text[-1])
        if depth == 0:
            return i == len(text) - 1
    return False


def _reads_as_sentence(text: str) -> bool:
    parts = [p.strip() for p in _SEPARATORS.split(text) if p.strip()]
    if re.search(r"[。！？]|[.!?](\s|$)", text) or _SENTENCE_START.match(text):
        return True
    longest = max(map(_word_count, parts), default=0)
    return longest > LONGEST_TAG or len(parts) == 1 and longest > 3


def _word_count(text: str) -> float:
    """A Chinese word has two signs, more often than not."""
    chinese = re.findall(r"[\u3400-\u9fff]", text)
    return len(re.sub(r"[\u3400-\u9fff_]", " ", text).split()) + len(chinese) / 2
