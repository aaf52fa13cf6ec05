"""One picture's facts from all that was said about it: in each slot the most trusted source that speaks has the say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .exclusive import most_trusted
from .said import Said
from .sample import Description, Feature


class Facts(NamedTuple):
    character: str
    features: tuple[Feature, ...]
    description: Description


def merged(sources: Sequence[Said], path: Iterable[Feature], use_captions: bool) -> Facts:
    """`sources`: the most trusted first; in each, what is stated slot by slot goes before words in its text."""
    levels = [level for s in sources for level in (s.stated, s.told if use_captions else ())]
    character = next((s.character for s in sources if s.character), "")
    features = most_trusted([*levels, tuple(path)])
    return Facts(character, features, _description(sources) if use_captions else Description())


def _description(sources: Sequence[Said]) -> Description:
    sentence = next((s.sentence for s in sources if s.sentence), "")
    keywords = next((s.tags for s in sources if s.tags), ())
    return Description(sentence, keywords, "person") if sentence or keywords else Description()
