"""What a run did, in numbers, from what the nodes said about themselves.

A node of the pack puts `"troupe": [{"stage": "restyle", "samples": 56, "computed": 50, "reused": 6, ...}]` into its
`ui`, and the host keeps that in `/history`. Members that are numbers are added up over the nodes of a stage, lists are
joined, of anything else the last word counts. So a node can say more without a change here.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from typing import Any


def reports(outputs: Mapping[str, dict]) -> list[tuple[str, dict]]:
    """(node id, report) for every report in the outputs of a prompt; JSON text is read too."""
    found = []
    for node, ui in outputs.items():
        for report in ui.get("troupe", []):
            report = json.loads(report) if isinstance(report, str) else report
            if isinstance(report, dict) and "stage" in report:
                found.append((node, report))
    return found


def stages(outputs: Mapping[str, dict], seconds: Mapping[str, float]) -> dict[str, dict]:
    """One record a stage, with `nodes` (their ids) and the `seconds` these took together."""
    gathered: dict[str, dict] = {}
    for node, report in reports(outputs):
        record = gathered.setdefault(report["stage"], {"nodes": [], "seconds": 0.0})
        if node not in record["nodes"]:
            record["nodes"].append(node)
            record["seconds"] = round(record["seconds"] + seconds.get(node, 0.0), 3)
        for name, value in report.items():
            if name != "stage":
                record[name] = _together(record.get(name), value)
    return gathered


def _together(so_far: Any, value: Any) -> Any:
    if so_far is None:
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return so_far + value
    if isinstance(value, list):
        return [*so_far, *value]
    return value


def node_seconds(events: Iterable[dict]) -> dict[str, float]:
    """How long each node had the floor: from its `executing` event to the next one."""
    times: dict[str, float] = {}
    turns = [event for event in events if event["type"] in ("executing", "execution_success", "execution_error")]
    for event, following in itertools.pairwise(turns):
        node = event["data"].get("node") if event["type"] == "executing" else None
        if node is not None:
            times[node] = times.get(node, 0.0) + following["t"] - event["t"]
    return times


def total(gathered: Mapping[str, dict], member: str) -> int:
    return sum(record.get(member, 0) for record in gathered.values())
