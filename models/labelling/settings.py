"""What a person chooses when a set is labelled."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import TroupeError

POLICIES = ("absorb", "describe all", "hybrid")
STYLES = ("tags", "sentence", "tags and sentence")
STYLE_TAGS = ("caption", "leave out")


@dataclass(frozen=True)
class LabelSettings:
    """`trigger`: the word that will call the character; "" = made from its name, `{character}` stands for it.
    `class_word`: what the character is ("1girl", "boy"), written after the trigger.
    `policy`: "absorb" leaves target features out of captions, so that the trigger learns them; "describe all"
    writes everything; "hybrid" writes target features in a head that trainers keep, before `separator`.
    `threshold`: the share of pictures that must agree before a feature counts as the character's own; only
    pictures that can show it are counted, and few pictures prove less than many (see `agreement.py`).
    `always_keep`, `never_write`, `force_target`: a person's word, comma-separated: a tag (`freckles`), a pattern
    (`*hair*`), a slot (`slot:background`) or a slot and a pattern for its value (`hair.colour:*`).
    `replace`: rename tags before anything is counted, `old -> new`, one a line.
    `underscores`, `escape_brackets`: how tags are spelled. `maximum_tags`: tags in a caption, without trigger
    and class word. `measured_words`: also write what was measured (brightness, contrast).
    `style_tags`: the names of the sub-styles in the caption, or left out and learned with the character.
    `shuffle`: a fixed order of its own for each picture's tags, for trainers that cannot shuffle.
    `trigger_in_own_captions`: put the trigger in front of captions that a person wrote, where it is missing.
    """

    trigger: str
    class_word: str = ""
    policy: str = "absorb"
    style: str = "tags"
    threshold: float = 0.8
    always_keep: str = ""
    never_write: str = ""
    force_target: str = ""
    replace: str = ""
    underscores: bool = False
    escape_brackets: bool = False
    maximum_tags: int = 60
    measured_words: bool = False
    style_tags: str = "caption"
    shuffle: bool = False
    separator: str = "|||"  # sd-scripts' keep_tokens_separator
    trigger_in_own_captions: bool = True

    def __post_init__(self) -> None:
        for name, choices in (("policy", POLICIES), ("style", STYLES), ("style_tags", STYLE_TAGS)):
            if getattr(self, name) not in choices:
                raise TroupeError(
                    f"Unknown {name.replace('_', ' ')}",
                    item=repr(getattr(self, name)),
                    remedy=f"Choose one of: {', '.join(choices)}.",
                )
        if not 0.5 <= self.threshold <= 1:
            raise TroupeError("Out of range: threshold", item=str(self.threshold), remedy="It must be from 0.5 to 1.")
        if self.maximum_tags < 1:
            raise TroupeError(
                "Out of range: maximum tags", item=str(self.maximum_tags), remedy="It must be at least 1."
            )
        if any(mark in self.trigger for mark in (",", "\n", "|")):
            raise TroupeError(
                "A trigger word must be one word",
                item=repr(self.trigger),
                remedy="Trainers cut captions at commas and bars: use letters, digits and underscores.",
            )
        if not self.separator.strip() or "," in self.separator:
            raise TroupeError(
                "Not a separator", item=repr(self.separator), remedy='Write marks without commas, such as "|||".'
            )
