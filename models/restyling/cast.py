"""Which pictures decide how a character is drawn: those of the first run; later ones change no earlier picture."""

from __future__ import annotations

import json

from ..samples.sample import Sample
from ..samples.store import Store, store_key

VERSION = 1
# While at least this share of the set was there when the look was decided, the look stays.
ENOUGH = 0.5


def deciding_samples(samples: tuple[Sample, ...], store: Store) -> tuple[Sample, ...]:
    """The samples of one character that a stylizer is shown.

    Tones and palette are pooled over them, so every one of them has a say in every picture. When pictures
    were added since an earlier run, the earlier ones decide alone and keep their redrawn twins; when one of
    them is gone, or most are new, the look is decided afresh from all.
    """
    key = store_key("cast", VERSION, samples[0].character)
    earlier = _remembered(key, store)
    present = {s.image.digest for s in samples}
    if earlier and earlier <= present and len(earlier) >= ENOUGH * len(present):
        return tuple(s for s in samples if s.image.digest in earlier)
    text = json.dumps(sorted(present)).encode()
    store.put(key, ".json", lambda file: file.write(text))
    return samples


def _remembered(key: str, store: Store) -> frozenset[str]:
    record = store.find(key, ".json")
    try:
        return frozenset(json.loads(record.read_text(encoding="ascii"))) if record else frozenset()
    except (OSError, ValueError, TypeError):
        return frozenset()
