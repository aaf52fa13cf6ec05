"""All that a labelling found out, for the report and the warnings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .decide import Evidence, SlotDecision
from .rules import Overrides
from .settings import LabelSettings
from .told import Told


class Findings(NamedTuple):
    """`decisions`: by character, slot and value."""

    told: Told
    decisions: list[SlotDecision]
    evidence: Evidence
    overrides: Overrides
    triggers: Mapping[str, str]
    settings: LabelSettings
