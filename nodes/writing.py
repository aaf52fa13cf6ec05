"""What the nodes that write a folder for trainers have in common."""

from __future__ import annotations

from typing import Any

from comfy_api.latest import io

from .bridge import HostProgress, check, lora_datasets, shown


class WritesFolder:
    """Mix-in for a node that writes the folder `name` below output/datasets."""

    @classmethod
    def validate_inputs(cls, name=""):
        from ..models.formats.settings import check_name

        return check(check_name, name) if name is not None else True

    @classmethod
    def fingerprint_inputs(cls, name="", **_):
        # A folder that somebody deleted must be written again.
        from ..models.formats.write import target_fingerprint

        return target_fingerprint(lora_datasets(), name or "")


def written(samples: Any, dry_run: bool, settings: dict[str, Any], things: str) -> io.NodeOutput:
    """Folder and report; `things`: what is counted, in the plural."""
    from ..models.formats.plan import plan_dataset
    from ..models.formats.settings import WriteSettings
    from ..models.formats.trainerview import trainer_view
    from ..models.formats.write import write_dataset

    plan = plan_dataset(samples, WriteSettings(**settings))
    view = trainer_view(plan)
    if dry_run:
        return io.NodeOutput("", view, ui=shown({"stage": "write", "dry_run": True, "samples": len(samples)}))
    progress = HostProgress()
    made = write_dataset(plan, lora_datasets(), progress=progress)
    progress.finish(f"{made.pictures} {things} in {made.folder.name}")
    facts = {
        "stage": "write",
        "samples": made.pictures,
        "rejected": len(made.rejected),
        "folder": str(made.folder),
    }
    return io.NodeOutput(str(made.folder), made.report + "\n\n" + view, ui=shown(facts))
