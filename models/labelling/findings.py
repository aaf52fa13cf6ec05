"""All that a labelling found out, for the report and the warnings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..samples.sample import SampleSet
from .decide import Evidence, SlotDecision
from .facts import Conflict
from .rules import Overrides
from .settings import LabelSettings


class Findings(NamedTuple):
    """`conflicts` hold numbers of the pictures in `result` and of the traits in `evidence`."""

    result: SampleSet
    decisions: list[SlotDecision]
    evidence: Evidence
    conflicts: tuple[Conflict, ...]
    overrides: Overrides
    triggers: Mapping[str, str]
    settings: LabelSettings
