"""Which words about a picture a person wrote: they are kept to the letter."""

from __future__ import annotations

from typing import NamedTuple

from ..samples.sample import Sample
from ..vocabulary import vocabulary
from .lexicon import value_word
from .secondlook import is_twin
from .trigger import mentions


class OwnWords(NamedTuple):
    sentence: str = ""
    keywords: tuple[str, ...] = ()

    def caption(self, style: str) -> str:
        """In the wanted style if the person wrote that; "" if nothing was written."""
        tags, text = ", ".join(self.keywords), self.sentence
        if style == "tags and sentence":
            return ", ".join(filter(None, (tags, text)))
        return tags or text if style == "tags" else text or tags


def own_words(sample: Sample) -> OwnWords:
    """The halves of the description that are a person's."""
    return OwnWords(sample.description.own_sentence, sample.description.own_keywords)


def own_caption(sample: Sample, style: str) -> str:
    """What a person wrote for this picture, or ""."""
    words, labels = own_words(sample), sample.labels
    forms = {words.caption(s) for s in ("tags", "sentence", "tags and sentence")} - {""}
    edited = labels.caption if labels and labels.origin == "person" else ""
    # A caption that ends in the person's description was made from it by this step, and is made anew.
    if edited and not any(edited.endswith(form) for form in forms):
        return edited
    return words.caption(style)


def outdated_words(sample: Sample, caption: str) -> tuple[str, ...]:
    """Tags of the character's looks that `caption` names and that the picture lost when it was redrawn."""
    if not is_twin(sample):
        return ()
    now = {(f.slot, f.value) for f in sample.features}
    lost = (value_word(f.slot, f.value) for f in sample.source.features if (f.slot, f.value) not in now)
    looks = (w for w in lost if w and vocabulary().slot(w.slot).kind == "static")
    return tuple(dict.fromkeys(w.tag for w in looks if any(mentions(caption, name) for name in w.words)))


def with_trigger(text: str, trigger: str) -> str:
    """The text as it is, with the trigger in front if it is nowhere in it."""
    return text if mentions(text, trigger) else f"{trigger}, {text}"
