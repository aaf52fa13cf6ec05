"""Names that every trainer, loader and file system takes as they are meant."""

from __future__ import annotations

import re
import unicodedata

from ..devicenames import is_device
from ..errors import TroupeError

LONGEST_STEM = 60
LONGEST_FOLDER = 80
# datasets 5.2.0 (data_files.py) takes a file with one of these words in its name for a split of its own,
# and then leaves all others out.
SPLIT_WORDS = frozenset("train training validation valid dev val test testing eval evaluation".split())
# Letters that decomposition does not turn into ASCII.
SPELLED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def ascii_slug(text: str, longest: int = LONGEST_STEM) -> str:
    """`text` as lower-case ASCII words with hyphens between them; may be empty (a Chinese name).

    Hyphens, because sd-scripts reads names with five or more underscore parts as face-crop data.
    """
    text = unicodedata.normalize("NFKD", text.lower().translate(SPELLED)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:longest].rstrip("-")
    return re.sub(r"[a-z]+", lambda word: f"{word[0]}s" if word[0] in SPLIT_WORDS else word[0], slug)


def picture_stem(number: int, sample_id: str) -> str:
    """`0007_mira-front-walk`: unique by its number, telling by the rest."""
    slug = ascii_slug(sample_id)
    return f"{number:04d}_{slug}" if slug else f"{number:04d}"


def folder_words(text: str) -> str:
    """`text` as part of a folder's name: letters (of any script), digits, blanks, `-` and `_`.

    No dots: the host looks for a caption by replacing the first ".png" of the whole path. No brackets:
    they are wildcards to whoever lists the folder. Nothing that Windows keeps for a device, as a folder called
    `con` cannot be unpacked there.
    """
    text = re.sub(r"[^\w \-]+", " ", unicodedata.normalize("NFC", text))
    text = " ".join(text.split())[:LONGEST_FOLDER].strip(" -_")
    return f"{text}-set" if is_device(text) else text


def data_set_name(text: str) -> str:
    """`text` as the name of one folder; raises `TroupeError` for a path and for a name with nothing in it."""
    if re.search(r"[\\/]|^[A-Za-z]:|^\s*\.+\s*$", text):
        raise TroupeError(
            "The data set's name is a path", item=repr(text), remedy='Write a name alone, such as "mira".'
        )
    name = folder_words(text)
    if not name:
        raise TroupeError("The data set needs a name", item=repr(text), remedy="Write letters or digits.")
    return name


def unique(name: str, taken: set[str]) -> str:
    """`name`, or `name-2`, ...: Windows and macOS do not tell `Mira` from `mira`. `taken` learns the result."""
    candidate, n = name, 1
    while candidate.casefold() in taken:
        n += 1
        candidate = f"{name}-{n}"
    taken.add(candidate.casefold())
    return candidate
