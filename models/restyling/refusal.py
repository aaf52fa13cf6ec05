"""Why a picture was dropped after so many tries, in one sentence that names each."""

from __future__ import annotations

from collections.abc import Sequence

from .verdicts import Trial

LOST = {"structure": "lost its structure", "features": "shows something else than its source"}


def refusal(trials: Sequence[Trial]) -> str:
    """`trials`: all failed. The only one's own reason, or what they have in common and each one's figure."""
    if len(trials) == 1:
        return trials[0].reason
    failed = dict.fromkeys(t.failed for t in trials)
    what = " or ".join(LOST[gate] for gate in failed)
    told = "; ".join(f"{t.manner or 'at first'}: {_brief(t)}" for t in trials)
    return f"the redrawn picture {what} in all {len(trials)} tries ({told})"


def _brief(trial: Trial) -> str:
    return f"{trial.score:.0%} in place" if trial.failed == "structure" else trial.reason
