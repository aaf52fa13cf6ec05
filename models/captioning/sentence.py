"""A sample's features in words: a sentence that a person might have written, or keywords."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..samples.sample import Feature, Sample
from .spoken import Spoken

ADJECTIVES = ("brightness", "saturation", "sharpness")
APPEARANCE = ("hair.bangs", "eyes.colour", "skin.colour", "body")
CLOTHES = ("clothes.head", "clothes.top", "clothes.bottom", "clothes.shoes", "accessory")
# "long wavy silver hair": length before style before colour, as English has it.
HAIR = ("hair.length", "hair.style", "hair.colour")
MANNER = ("angle", "action", "expression", "gaze")
NOT_WORN = ("barefoot",)
CARRIED = ("sword", "staff", "umbrella")
GENERAL_PLACES = ("outdoors", "indoors")
MOST_COLOURS = 3
LEAST_COLOUR = 0.1  # of the subject; smaller patches are accents
THEME = 0.6  # of the subject; a booru's "teal theme" is a picture of one colour


def write_sentence(sample: Sample) -> str:
    """Deterministic English from whatever is known: values of low confidence, what the view hides and plain
    measurements are left out. With nothing known it is "A picture of a character."

    >>> write_sentence(mira)
    'A full-body shot of a girl with silver hair, seen from the front, waving, smiling, in a park.'
    """
    known = Spoken.of(sample)
    parts = [_subject(known), *_clothes(known), *_phrases(known, MANNER), *_surroundings(known), *_palette(known)]
    parts += _phrases(known, ("look",))
    return ", ".join(parts) + "."


def keywords_of(sample: Sample) -> tuple[str, ...]:
    """Tags in booru spelling with spaces, in the vocabulary's order of slots, each once."""
    known, tags = Spoken.of(sample), []
    for feature in known.features:
        word = known.word(feature)
        if feature.slot != "palette" or (feature.measure or 0.0) >= THEME:
            tags.append(word.tag if word else feature.value)
    return tuple(dict.fromkeys(tags))


def _subject(known: Spoken) -> str:
    shot = next(iter(_phrases(known, ("shot",))), "a picture")
    noun = " ".join([*_phrases(known, ADJECTIVES), _without_article(shot)])
    who = next(iter(_phrases(known, ("count",))), "a character")
    looks = [*_hair(known), *_phrases(known, APPEARANCE)]
    return _with_article(noun).capitalize() + f" of {who}" + (f" with {listed(looks)}" if looks else "")


def _hair(known: Spoken) -> list[str]:
    """Adjectives share one noun ("long silver hair"); a bob or a braid is a thing of its own."""
    phrases = _phrases(known, HAIR)
    adjectives = [p.removesuffix(" hair") for p in phrases if p.endswith(" hair")]
    things = [p for p in phrases if not p.endswith(" hair")]
    return ([" ".join(adjectives) + " hair"] if adjectives else []) + things


def _clothes(known: Spoken) -> list[str]:
    features = [f for slot in CLOTHES for f in known.all_of(slot)]
    carried = [f for f in features if f.value in CARRIED]
    bare = [f for f in features if f.value in NOT_WORN]
    worn = [f for f in features if f not in carried and f not in bare]
    parts = [("wearing", worn), ("carrying", carried)]
    said = [f"{verb} {listed([known.phrase(f) for f in group])}" for verb, group in parts if group]
    return said + [known.phrase(f) for f in bare]


def _surroundings(known: Spoken) -> list[str]:
    places = known.all_of("place")
    special = [f for f in places if f.value not in GENERAL_PLACES] or places
    where = [_placed(known, f) for f in special] or _phrases(known, ("background",))
    return where + _phrases(known, ("time", "weather"))


def _placed(known: Spoken, place: Feature) -> str:
    """A place that the vocabulary lacks comes as a bare noun: "train station"."""
    return known.phrase(place) if known.word(place) else f"in {_with_article(place.value)}"


def _palette(known: Spoken) -> list[str]:
    colours = [f for f in known.all_of("palette") if f.measure is None or f.measure >= LEAST_COLOUR]
    names = list(dict.fromkeys(known.phrase(f) for f in colours))[:MOST_COLOURS]
    return ["with " + _with_article(f"{listed(names)} palette")] if names else []


def _phrases(known: Spoken, slots: Iterable[str]) -> list[str]:
    return [known.phrase(f) for slot in slots for f in known.all_of(slot)]


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _with_article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def _without_article(phrase: str) -> str:
    return phrase.removeprefix("a ").removeprefix("an ")
