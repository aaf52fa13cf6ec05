"""What a restyle run did, as text for a person."""

from __future__ import annotations

import json
from collections import Counter

from ..samples.sample import Sample
from .restyle import STAGE, Restyled


def restyle_report(restyled: Restyled) -> str:
    """Counts, styles used, structure scores, and every dropped picture with its reason."""
    kept = restyled.sample_set.samples
    dropped = [r for r in restyled.sample_set.rejected if r.stage == STAGE]
    lines = [
        f"{len(kept)} pictures restyled: {restyled.computed} drawn now, {restyled.reused} found finished.",
        "",
        *_styles(kept),
        *_structure(kept),
    ]
    if dropped:
        lines += ["", f"{len(dropped)} dropped:", *(f"  {r.id}: {r.reason}" for r in dropped)]
    return "\n".join(lines)


def _styles(samples: tuple[Sample, ...]) -> list[str]:
    pairs = Counter((s.style.first.name, s.style.second.name if s.style.second else "none") for s in samples)
    return [f"{count:5d}  {first} + {second}" for (first, second), count in sorted(pairs.items())]


def _structure(samples: tuple[Sample, ...]) -> list[str]:
    facts = [json.loads(s.history[-1].settings) for s in samples]
    scores = sorted((f["structure"], s.id) for f, s in zip(facts, samples, strict=True) if f["structure"] is not None)
    unchecked = len(facts) - len(scores)
    lines = [f"Structure not compared in {unchecked} pictures."] if unchecked else []
    if scores:
        put_back = sum(f["unwarped"] for f in facts)
        (lowest, where), (middle, _) = scores[0], scores[len(scores) // 2]
        kept = f"median {middle:.0%}, lowest {lowest:.0%} ({where})"
        lines.append(f"Structure kept: {kept}; {put_back} put back in place.")
    return ["", *lines] if lines else []
