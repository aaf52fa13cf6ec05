"""What a model is told to draw: prompt, negative prompt and strength of one sample."""

from __future__ import annotations

import json
from typing import NamedTuple

from ..samples.prompts import style_instruction, style_negative, style_prompt
from ..samples.sample import Sample, StylePair


class Words(NamedTuple):
    """A prompt and what must not be in the picture."""

    positive: str
    negative: str

    def to_json(self) -> str:
        return json.dumps(self._asdict(), ensure_ascii=False)


def described(sample: Sample, positive: str = "", negative: str = "") -> Words:
    """For models that draw from noise: the user's words, the styles', the description, the character."""
    return Words(_joined(positive, style_prompt(sample)), _joined(negative, style_negative(sample)))


def instructed(sample: Sample, instruction: str = "", negative: str = "") -> Words:
    """For models that edit: what to change and what to keep. They see the picture, so it is not told again."""
    told = " ".join(filter(None, (style_instruction(sample), instruction.strip())))
    return Words(told, _joined(negative, style_negative(sample)))


def strength_of(style: StylePair, amount: float) -> float:
    """`amount` scaled by both sub-styles' own strength, in [0, 1]."""
    second = style.second.strength if style.second else 1.0
    return min(max(amount * style.first.strength * second, 0.0), 1.0)


def _joined(*parts: str) -> str:
    return ", ".join(part.strip().strip(",") for part in parts if part.strip())
