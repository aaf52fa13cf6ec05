"""Load LoRA Dataset: what somebody wrote for a trainer becomes a sample set again (A8)."""

from __future__ import annotations

from comfy_api.latest import io

from ..models.errors import TroupeError
from .bridge import HostProgress, UsesStore, check, input_folder, lora_datasets, shown, store
from .sockets import report_out, samples_out


class LoadLoRADataset(UsesStore, io.ComfyNode):
    @classmethod
    def define_schema(cls):
        from ..models.formats.menu import MENU

        return io.Schema(
            node_id="TroupeLoadLoRADataset",
            display_name="Load LoRA Dataset",
            category="Troupe/1 Load",
            has_intermediate_output=True,
            description="Reads a data set that was written for a LoRA trainer, by Troupe or by anybody: pictures, "
            "captions, masks, trigger word and repeats, as the trainer would read them. Change it, and write it for "
            "another trainer.",
            search_aliases=[
                "import dataset",
                "convert dataset",
                "kohya",
                "lora",
                "captions",
                "troupe",
                "训练集",
                "导入",
            ],
            inputs=[
                io.String.Input(
                    "folder",
                    default="",
                    tooltip="A folder below ComfyUI's input folder, or a full path; or wire Write LoRA Dataset to it. "
                    "The one that holds the trainer's configuration, or the pictures where there is none.",
                ),
                io.Combo.Input(
                    "format",
                    options=["auto", *(f.id for f in MENU)],
                    default="auto",
                    tooltip="Which trainer it was written for. Auto: found by its files.",
                ),
                io.String.Input(
                    "trigger",
                    default="",
                    tooltip="Empty: the trigger word that the data set names, or that all captions begin with.",
                ),
            ],
            outputs=[
                samples_out("The pictures with their captions, masks and trigger word."),
                report_out("What was found, what a trainer would miss without a word, and what was left out."),
                io.String.Output(
                    display_name="triggers",
                    is_output_list=True,
                    tooltip="The trigger word, to begin the prompt of a preview with; one for each character.",
                ),
            ],
        )

    @classmethod
    def validate_inputs(cls, folder=""):
        # A linked input arrives as None and is checked when it runs.
        return check(input_folder, folder, lora_datasets()) if folder is not None else True

    @classmethod
    def fingerprint_inputs(cls, folder=None, **_):
        from ..models.formats.tree import dataset_fingerprint

        try:
            # Pictures out of shards lie in the store, which anybody may empty.
            return dataset_fingerprint(input_folder(folder or "", lora_datasets())) + super().fingerprint_inputs()
        except TroupeError as error:
            return str(error)

    @classmethod
    def execute(cls, folder, format, trigger):
        from ..models.formats.loadedreport import loaded_report
        from ..models.formats.reading import read_dataset
        from ..models.samples.glance import glance

        if not folder.strip():
            raise TroupeError("The wire brings no folder", remedy="Turn dry_run of Write LoRA Dataset off.")
        progress = HostProgress()
        loaded = read_dataset(input_folder(folder, lora_datasets()), store(), format, trigger.strip(), progress)
        samples = loaded.samples
        progress.finish(f"{len(samples)} pictures, {len(samples.rejected)} left out")
        facts = {
            "stage": "load",
            "samples": len(samples),
            "rejected": len(samples.rejected),
            "format": loaded.format.id,
        }
        picture = glance(samples.samples, samples.rejected)
        found = _triggers(samples)
        return io.NodeOutput(samples, loaded_report(loaded), found, ui=shown(facts, picture, cls=cls))


def _triggers(samples) -> list[str]:
    """One at least: the host has nodes skip, or stumbles, where a list is empty."""
    return list(dict.fromkeys(s.labels.trigger for s in samples.samples if s.labels and s.labels.trigger)) or [""]
