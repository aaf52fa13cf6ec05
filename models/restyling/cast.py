"""Which pictures decide how a character is drawn: those of the first run; later ones change no earlier picture."""

from __future__ import annotations

import json

from ..samples.deciding import spread
from ..samples.sample import Sample
from ..samples.store import Store, store_key

VERSION = 2
# While at least this share of the set was there when the look was decided, the look stays.
ENOUGH = 0.5


def deciding_samples(
    samples: tuple[Sample, ...], store: Store, of_whole: tuple[Sample, ...] = ()
) -> tuple[Sample, ...]:
    """The samples of one character that a stylizer is shown, at most `deciding.MOST`.

    Tones and palette are pooled over them, so every one of them has a say in every picture. When pictures
    were added since an earlier run, the earlier ones decide alone and keep their redrawn twins; when one of
    them is gone, or most are new, the look is decided afresh from all. `of_whole`: where `samples` are a part of a
    larger set, those that decide for it; then nothing is remembered.
    """
    own = tuple(s for s in of_whole if s.character == samples[0].character)
    if own:
        return own
    key = store_key("cast", VERSION, samples[0].character)
    by_digest = {s.image.digest: s for s in samples}
    earlier, of = _remembered(key, store)
    if earlier and earlier <= by_digest.keys() and of >= ENOUGH * len(by_digest):
        return tuple(s for s in samples if s.image.digest in earlier)
    chosen = tuple(spread(samples))
    record = {"deciding": sorted({s.image.digest for s in chosen}), "of": len(by_digest)}
    text = json.dumps(record).encode()
    store.put(key, ".json", lambda file: file.write(text))
    return chosen


def _remembered(key: str, store: Store) -> tuple[frozenset[str], int]:
    """Digests of those that decided, and how many pictures there were."""
    record = store.find(key, ".json")
    try:
        plain = json.loads(record.read_text(encoding="ascii")) if record else {}
        return frozenset(plain.get("deciding", ())), int(plain.get("of", 0))
    except (OSError, ValueError, TypeError, AttributeError):
        return frozenset(), 0
