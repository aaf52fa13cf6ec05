"""The caption that goes with a picture, and what is worth saying about it before the training."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..samples.sample import Origin, Sample

# sd-scripts cuts at 75 tokens, or at 225 with --max_token_length 225; the rest is never learnt.
PLAIN_LIMIT, LONG_LIMIT = 75, 225
# Behind what a trainer must keep in front (Tag Features, policy hybrid); sd-scripts alone knows it.
SEPARATOR = "|||"
NO_CAPTION = "no caption: trigger and class word are used"
NO_TRIGGER, LATE_TRIGGER = "the trigger word is missing", "the trigger word is not first"
TWO_TRIGGERS = "the trigger word occurs twice"


class Caption(NamedTuple):
    """`fallback`: nobody wrote one, so it is made of the trigger and class words."""

    text: str
    origin: Origin
    fallback: bool = False


def one_line(text: str) -> str:
    """Blanks and line breaks as single blanks, and no byte order mark: trainers read the first line only, or
    take every line for another caption."""
    return " ".join(text.replace("\ufeff", "").split())


def without_separator(text: str) -> str:
    """For readers that know no kept head."""
    return ", ".join(part.strip(" ,") for part in text.split(SEPARATOR) if part.strip(" ,"))


def meant(written: str, found: str) -> str:
    """A caption that only lacks the separator is the one that was written."""
    return written if found == without_separator(written) else found


def kept_and_rest(text: str, keep: int) -> tuple[list[str], list[str]]:
    """The comma parts that stay in front when sd-scripts shuffles, and the others: all before the separator where there
    is one, else the first `keep`."""
    head, separator, rest = text.partition(SEPARATOR)
    if separator:
        return parts(head), parts(rest)
    return parts(text)[:keep], parts(text)[keep:]


def trigger_of(sample: Sample) -> str:
    return one_line(sample.labels.trigger) if sample.labels else ""


def caption_of(sample: Sample, trigger: str, class_word: str) -> Caption:
    """The sample's own caption, else trigger and class word; the text is empty when there is neither."""
    labels = sample.labels
    own = one_line(labels.caption) if labels else ""
    if labels and own:
        return Caption(own, labels.origin)
    return Caption(one_line(f"{trigger} {class_word}"), "path", fallback=True)


def caption_of_original(sample: Sample, trigger: str, class_word: str) -> Caption:
    """The original's own caption, else the restyled sample's without the words of its styles."""
    original = sample.source
    if original and original.labels and one_line(original.labels.caption):
        return caption_of(original, trigger, class_word)
    caption = caption_of(sample, trigger, class_word)
    styles = [s for s in (sample.style.first, sample.style.second) if s] if sample.style else []
    words = {part.casefold() for s in styles for part in (s.name, *parts(s.prompt), *s.keywords)}
    kept = ", ".join(part for part in parts(caption.text) if part.casefold() not in words)
    return caption._replace(text=kept or one_line(f"{trigger} {class_word}"))


def parts(caption: str) -> list[str]:
    """The comma parts, which trainers call tokens or tags."""
    return [part for part in map(str.strip, caption.split(",")) if part]


def token_estimate(caption: str) -> int:
    """About how many CLIP tokens `caption` has, within some 15 %.

    CLIP's vocabulary holds the common English words whole and splits others into pieces of about six
    letters; digits and marks count one each, a Chinese character about two.
    """
    tokens = re.findall(r"[a-z]+|[0-9]|[^\W\d_a-z]|[^\w\s]+", caption.lower())
    return sum(max(1, round(len(t) / 6)) if t.isascii() else 2 for t in tokens)


def caption_warnings(caption: Caption, trigger: str, cuts_tokens: bool = True) -> tuple[str, ...]:
    """What a trainer would take without a word, in words for the preview. `cuts_tokens`: see `protocol.Format`."""
    found = []
    if caption.fallback:
        found.append(NO_CAPTION)
    if trigger and not caption.fallback:
        times = len(re.findall(rf"(?<!\w){re.escape(trigger.casefold())}(?!\w)", caption.text.casefold()))
        if times == 0:
            found.append(NO_TRIGGER)
        elif not caption.text.casefold().startswith(trigger.casefold()):
            found.append(LATE_TRIGGER)
        if times > 1:
            found.append(TWO_TRIGGERS)
    tokens = token_estimate(without_separator(caption.text)) if cuts_tokens else 0
    if tokens > LONG_LIMIT:
        found.append(f"about {tokens} tokens: what is behind {LONG_LIMIT} is never learnt")
    elif tokens > PLAIN_LIMIT:
        found.append(f"about {tokens} tokens: needs --max_token_length {LONG_LIMIT}")
    return tuple(found)
