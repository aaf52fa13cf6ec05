"""A model judged on many cases: one table with every floor, and all figures for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...models.compositing.composing.settings import ComposeSettings
from ...models.compositing.groups.group import GroupFault
from ...models.compositing.groups.leakaudit import LeakAudit, leak_audit
from ...models.compositing.measuring.table import Row, as_json, as_text
from ...models.compositing.model import CompositingModel
from ...models.compositing.placing.predict import predict_positions
from ...models.errors import TroupeError
from ...models.parallel import ordered_map
from ...models.progress import Progress, silent
from . import composites, positions
from .cases import Case, Cases
from .figures import Figure, rows_of

SETTINGS = ComposeSettings()
# What an audit consists of, by case.
PARTS = ("backgrounds", "composites")


@dataclass(frozen=True)
class Evaluation:
    """rows: the table. ruled_out: ids of cases whose true cell the model holds for impossible, which makes -log p
    infinite. skipped: cases that could not be used. floors: what the prior and the median scale know."""

    rows: tuple[Row, ...]
    audit: LeakAudit
    cases: int
    scenes: int
    floors: str
    ruled_out: tuple[str, ...] = ()
    skipped: tuple[GroupFault, ...] = field(default=())

    def as_text(self) -> str:
        lines = [as_text(self.rows), "", f"Cases: {self.cases}, scenes: {self.scenes}; {self.floors}."]
        lines.append("*: the best of a line. +-: standard error of ours. Means are over scenes.")
        lines.append(f"Backgrounds: {self.audit.verdict}")
        if self.ruled_out:
            lines.append(f"Held for impossible by the model: {', '.join(self.ruled_out)}")
        return "\n".join([*lines, *(f"Left out: {fault.id}: {fault.reason}" for fault in self.skipped)])

    def as_json(self, **facts: object) -> str:
        """`facts` go in first. Strict JSON: no NaN, no Infinity."""
        audit = self.audit
        told = {
            **facts,
            "cases": self.cases,
            "scenes": self.scenes,
            "floors": self.floors,
            "seeds": {
                "samples": positions.SEED,
                "prior_draws": list(range(positions.SEEDS)),
                "colours": composites.SEED,
                "colour_changes": composites.CHANGES,
                "noise": SETTINGS.seed,
            },
            "denoising_steps": SETTINGS.steps,
            "ruled_out": list(self.ruled_out),
            "skipped": {fault.id: fault.reason for fault in self.skipped},
            "leak_audit": {
                "hit_rate": audit.hit_rate,
                "chance": audit.chance,
                "ratio": audit.ratio,
                "standard_error": audit.standard_error,
                "control_rate": audit.control_rate,
                "leaks": audit.leaks,
            },
            "measures": as_json(self.rows),
        }
        return json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def evaluate(model: CompositingModel, cases: Cases, progress: Progress = silent) -> Evaluation:
    """One case in memory after another. Raises `TroupeError` when none can be used."""
    figures: list[tuple[str, Figure]] = []
    seen, traces, attacks, skipped = [], [], [], []
    for case in read(cases, progress):
        if isinstance(case, GroupFault):
            skipped.append(case)
            continue
        foreground, background, _, _ = case.pixels
        prediction = predict_positions(model, background, foreground, settings=positions.SETTINGS)
        seen.append(positions.seen(case, prediction))
        made = composites.tried(model, case, SETTINGS)
        figures += [(case.scene, figure) for figure in composites.composite_figures(case, made)]
        traces.append(composites.traces_of(case, made))
        attacks.append(leak_audit([(case.id, case.pixels)]))
    if not seen:
        raise TroupeError("No case can be used", remedy="; ".join(f"{f.id}: {f.reason}" for f in skipped[:3]))
    for one in seen:
        found = positions.position_figures(one, seen, cases.known, model.config.visible)
        figures += [(one.scene, figure) for figure in found]
    rows = rows_of((*positions.MEASURES, *composites.MEASURES), figures)
    rows += composites.told_rows([one for one in traces if one is not None])
    return Evaluation(
        tuple(rows),
        LeakAudit(*({k: v for audit in attacks for k, v in getattr(audit, part).items()} for part in PARTS)),
        len(seen),
        len({one.scene for one in seen}),
        f"the floors know {_known(cases, seen)}",
        tuple(one.id for one in seen if one.nll == float("inf")),
        tuple(skipped),
    )


def read(cases: Cases, progress: Progress) -> Iterator[Case | GroupFault]:
    """Cases in order, two in the making; the reason in place of one that cannot be used."""

    def made(number: int) -> Case | GroupFault:
        try:
            return cases[number]
        except TroupeError as error:
            return GroupFault(f"case {number + 1}", str(error))

    for done, case in enumerate(ordered_map(made, range(len(cases)), workers=2, ahead=1)):
        progress(done, len(cases), case.id)
        yield case


def _known(cases: Cases, seen: list[positions.Seen]) -> str:
    if cases.known is not None:
        return f"the {len(cases.known)} positions of the set that they are fitted on"
    return "the other scenes" if len({one.scene for one in seen}) > 1 else "the other groups of the one scene"
