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


def plan_in(steps: int, thing: str) -> tuple[io.Input, io.Input]:
    """`thing`: what repeats."""
    return (
        io.Int.Input(
            "target_steps",
            default=steps,
            min=1,
            max=1_000_000,
            tooltip=f"Training steps you plan over all epochs; how often each {thing} repeats comes from it.",
        ),
        io.Int.Input("epochs", default=10, min=1, max=10_000, tooltip="Passes over the data that you plan."),
    )


def repeats_in(thing: str) -> io.Input:
    return io.Int.Input(
        "repeats",
        default=0,
        min=0,
        max=10_000,
        tooltip=f"How often each {thing} is seen per epoch. 0: worked out from the steps.",
        advanced=True,
    )


def mode_in(things: str) -> io.Input:
    return io.Combo.Input(
        "mode",
        options=["new", "replace", "add"],
        default="new",
        tooltip="New: a fresh folder, name_2 if the name is taken by other data. Replace: the old one goes "
        f"once the new one is whole. Add: only {things} that are not there yet.",
    )


def dry_run_in() -> io.Input:
    return io.Boolean.Input("dry_run", default=False, tooltip="Only show what the trainer would see; write nothing.")


def licence_in() -> io.Input:
    return io.String.Input(
        "licence_note",
        default="",
        multiline=True,
        tooltip="Goes into the manifest: where the pictures come from and what you may do with them.",
        advanced=True,
    )


def folder_out() -> io.Output:
    return io.String.Output(display_name="folder", tooltip="The written folder; empty after a dry run.")


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
