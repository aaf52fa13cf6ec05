"""The steps of a farm, in order."""

from __future__ import annotations

from ...models.errors import TroupeError
from . import making
from .publishing import PublishStep
from .reading import ListStep, LoadStep
from .steps import SampleStep, Step
from .styling import MapStylesStep
from .tagging import TagStep
from .writing import PlanStep, WriteStep

LIST = ListStep()
LOAD = LoadStep(LIST)
DESCRIBE = SampleStep("describe", LOAD, making.described, making.describing)
MAP_STYLES = MapStylesStep(DESCRIBE)
RESTYLE = SampleStep("restyle", MAP_STYLES, making.restyled, making.restyling, draws=True)
ADJUST = SampleStep("adjust", RESTYLE, making.adjusted, making.adjusting, by_character=True)
TAG = TagStep(ADJUST)
PLAN = PlanStep(TAG)
WRITE = WriteStep(PLAN)
PUBLISH = PublishStep(PLAN, WRITE)

STEPS: tuple[Step, ...] = (LIST, LOAD, DESCRIBE, MAP_STYLES, RESTYLE, ADJUST, TAG, PLAN, WRITE, PUBLISH)


def find_step(name: str) -> Step:
    for step in STEPS:
        if step.name == name:
            return step
    raise TroupeError("There is no such step", item=name, remedy=f"There are: {', '.join(s.name for s in STEPS)}.")
