"""What a vision-language model wrote, read as a sentence or as tags, or refused with a reason."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import NamedTuple

from ...samples.tagtext import clean_tag, parse_tag

FEWEST_WORDS, MOST_WORDS = 4, 120
FEWEST_TAGS, MOST_TAGS = 2, 60
LONGEST_TAG = 6  # words; more is a sentence that lost its way
# A run of at most five words that stands four times in a row: a model that does not find its end.
LOOP = re.compile(r"\b(\w+(?:\W+\w+){0,4})(?:\W+\1\b){3,}", re.I)
# No English sentence about a picture does without all of these.
_ENGLISH = re.compile(r"\b(an?|the|with|in|on|of|and|is|are|at|by|from|has|who|wearing)\b", re.I)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_THOUGHT = re.compile(r"<think>.*?(</think>|$)", re.S)
_SPECIAL = re.compile(r"<\|[^|>]*\|>|<(?:start|end)_of_turn>|</?s>")
_FENCE = re.compile(r"^```\w*\n?|\n?```$")
_OPENING = re.compile(
    r"^(sure|certainly|of course|okay|ok|here (is|are)\b[^:\n]*|answer|caption|description|sentence|tags?)\s*[:!,.]\s*",
    re.I,
)
_REFUSAL = re.compile(
    r"\b(I'?m sorry|I am sorry|I (can(no|')t|am unable|'m unable)|as an AI|unable to (see|view|describe)|"
    r"no image|cannot see|don't see an(y)? (image|picture))",
    re.I,
)


class Reading(NamedTuple):
    """`text` or `tags`, or the `fault` for which neither is used."""

    text: str = ""
    tags: tuple[str, ...] = ()
    fault: str = ""


def read_sentence(answer: str) -> Reading:
    """The first paragraph, without thoughts, markup and openings such as "Sure, here is a caption:"."""
    text = _plain(answer)
    fault = _fault(text)
    if fault:
        return Reading(fault=fault)
    text = " ".join(text.split("\n\n")[0].split()).strip("\"'“” ")
    words = _words(text)
    if not FEWEST_WORDS <= words <= MOST_WORDS:
        return Reading(fault=f"a sentence of {words} words was answered")
    if not _ENGLISH.search(text) and 2 * len(_CHINESE.findall(text)) < len(text):
        return Reading(fault=f'the answer is no sentence: "{text[:60]}"')
    return Reading(text=text if text[-1] in ".!?。！？" else f"{text}.")


def read_tags(answer: str) -> Reading:
    """Tags from a line with commas, from a list with bullets or numbers, or from JSON."""
    text = _plain(answer)
    fault = _fault(text)
    if fault:
        return Reading(fault=fault)
    cleaned = (clean_tag(parse_tag(part).text).strip(" .\"'").lower() for part in _parts(text))
    tags = [tag for tag in dict.fromkeys(cleaned) if tag and _words(tag) <= LONGEST_TAG]
    if len(tags) < FEWEST_TAGS:
        return Reading(fault="no tags were answered")
    return Reading(tags=tuple(tags[:MOST_TAGS]))


def _plain(answer: str) -> str:
    text = _FENCE.sub("", _SPECIAL.sub("", _THOUGHT.sub("", answer)).strip()).strip().replace("**", "")
    while (opened := _OPENING.sub("", text, count=1).strip()) != text:
        text = opened
    return text


def _fault(text: str) -> str:
    if not text:
        return "the answer was empty"
    if _REFUSAL.search(text[:200]):
        return f'the model refused: "{" ".join(text.split())[:80]}"'
    if LOOP.search(text):
        return "the answer repeats itself"
    letters = Counter(sign.isalnum() or sign.isspace() or sign in ",.;:'\"-()_/" for sign in text)
    if letters[False] > letters[True] / 3:
        return "the answer is no text"
    return ""


def _parts(text: str) -> list[str]:
    if text[0] in "[{":
        try:
            return _strings(json.loads(text))
        except ValueError:
            pass  # nearly JSON: its brackets and quotes are stripped like any other sign
    lines = [re.sub(r"^\s*(?:[-*•]|\d+[.)])\s*", "", line) for line in text.splitlines()]
    # "Hair: silver, long": the heading names a group, not a thing.
    lines = [re.sub(r"^[A-Z][\w ]{2,20}:\s+(?=\S)", "", line) for line in lines]
    return re.split(r"[,，、;；\n]+", "\n".join(lines).strip("[]{}"))


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _strings(inner)]
    return re.split(r"[,，、;；]+", value) if isinstance(value, str) else []


def _words(text: str) -> int:
    """Two Chinese signs count as a word."""
    return len(_CHINESE.sub(" ", text).split()) + (len(_CHINESE.findall(text)) + 1) // 2
