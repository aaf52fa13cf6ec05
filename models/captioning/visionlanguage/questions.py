"""What a vision-language model is asked, kept as data."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True)
class Questions:
    """For each kind of answer the first question and those that follow a bad answer."""

    sentence: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps([self.sentence, self.tags]).encode()).hexdigest()

    def with_hint(self, hint: str) -> Questions:
        """Every question with a user's own words after it."""
        hint = f" {hint.strip()}" if hint.strip() else ""
        return Questions(tuple(q + hint for q in self.sentence), tuple(q + hint for q in self.tags))


@lru_cache(maxsize=1)
def shipped_questions() -> Questions:
    data = json.loads((Path(__file__).parent / "questions.json").read_text(encoding="utf-8"))
    return Questions(tuple(data["sentence"]), tuple(data["tags"]))
