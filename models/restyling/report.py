"""What a restyle run did, as text for a person."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from ..samples.sample import Sample
from ..texttable import table
from .redrawing import STAGE
from .refusal import LOST
from .restyle import Restyled
from .verdicts import Trial

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh")
HEADINGS = ("picture", "try", "drawn", "in place", "verdict")


def restyle_report(restyled: Restyled) -> str:
    """Counts, styles used, structure scores, every dropped picture with its reason, and every try."""
    kept = restyled.sample_set.samples
    dropped = [r for r in restyled.sample_set.rejected if r.stage == STAGE]
    lines = [
        f"{len(kept)} pictures restyled: {restyled.computed} drawn now, {restyled.reused} found finished.",
        tries_line(restyled.trials),
        *_styles(kept),
        *_structure(kept),
    ]
    if dropped:
        lines += ["", f"{len(dropped)} dropped:", *(f"  {r.id}: {r.reason}" for r in dropped)]
    return "\n".join([*lines, "", tries_table(restyled.trials)])


def tries_line(trials: Mapping[str, tuple[Trial, ...]]) -> str:
    """`Passed at the first try 20, the second 3; refused for structure 1, for features 0.`"""
    passed, refused = count_tries(trials)
    good = ", ".join(f"the {ORDINALS[i]} {n}" for i, n in enumerate(passed))
    bad = ", ".join(f"for {gate} {n}" for gate, n in refused.items())
    return f"Passed at {good.replace('first', 'first try', 1)}; refused {bad}."


def count_tries(trials: Mapping[str, tuple[Trial, ...]]) -> tuple[list[int], dict[str, int]]:
    """How many passed at the first, the second ... try, and how many were refused, by the gate of their last try."""
    ends = [t for t in trials.values() if t]
    last = max((len(t) for t in ends if not t[-1].failed), default=1)
    passed = [sum(len(t) == n and not t[-1].failed for t in ends) for n in range(1, last + 1)]
    return passed, {gate: sum(t[-1].failed == gate for t in ends) for gate in ("structure", "features")}


def tries_table(trials: Mapping[str, tuple[Trial, ...]]) -> str:
    """One line for each try at each picture."""
    rows = [HEADINGS]
    for id, tries in trials.items():
        for number, trial in enumerate(tries, 1):
            score = "--" if trial.score is None else f"{trial.score:.0%}"
            rows.append((id if number == 1 else "", str(number), trial.manner or "as asked", score, _verdict(trial)))
    return table(rows)


def _verdict(trial: Trial) -> str:
    if trial.failed:
        return "refused: " + (LOST["structure"] if trial.failed == "structure" else trial.reason)
    return trial.reason


def _styles(samples: tuple[Sample, ...]) -> list[str]:
    pairs = Counter((s.style.first.name, s.style.second.name if s.style.second else "none") for s in samples)
    lines = [f"{count:5d}  {first} + {second}" for (first, second), count in sorted(pairs.items())]
    return ["", *lines] if lines else []


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
