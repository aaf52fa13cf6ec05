"""Adjust: the second set brought to preset image features (A6)."""

from __future__ import annotations

from comfy_api.latest import io

from .bridge import HostProgress, UsesStore, check, shown, store
from .sockets import report_out, samples_in, samples_out

OWN = "my wishes only"


class Adjust(UsesStore, io.ComfyNode):
    @classmethod
    def define_schema(cls):
        from ..models.adjusting.ready import PRESETS

        return io.Schema(
            node_id="TroupeAdjust",
            display_name="Adjust",
            category="Troupe/4 Adjust and Tag",
            has_intermediate_output=True,
            description="Selects, crops and balances the set to the image features you preset, and drops blurred "
            "and doubled pictures. Every decision has a reason.",
            search_aliases=["filter", "balance", "deduplicate", "quality", "crop", "select", "troupe", "筛选", "去重"],
            inputs=[
                samples_in(),
                io.Combo.Input(
                    "preset",
                    options=[*PRESETS, OWN],
                    tooltip="A ready set of wishes. Yours below are laid over it.",
                ),
                io.String.Input(
                    "wishes",
                    default="",
                    multiline=True,
                    tooltip="Preset image features as TOML or JSON, one a line: total = 24, shots = { close-up = 8 }, "
                    "angles, actions, expressions, crop_to_shot, crop_minimum_side, minimum_side, aspect_minimum, "
                    "sharpness_minimum, near_duplicate_distance, identity_minimum, likeness_minimum "
                    "(what Check Consistency found).",
                ),
            ],
            outputs=[samples_out(), report_out("Wanted and got, and the reason of every drop.")],
        )

    @classmethod
    def validate_inputs(cls, wishes=""):
        from ..models.adjusting.preset import parse_preset

        return check(parse_preset, wishes) if wishes is not None else True

    @classmethod
    def execute(cls, samples, preset, wishes):
        from ..models.adjusting.adjust import adjust
        from ..models.adjusting.preset import parse_preset
        from ..models.adjusting.ready import PRESETS
        from ..models.samples.glance import dropped_between, glance

        base = None if preset == OWN else PRESETS[preset]
        progress = HostProgress()
        adjusted = adjust(samples, parse_preset(wishes, base), store(), progress=progress)
        progress.finish(f"{len(adjusted.sample_set)} kept of {len(samples)}")
        facts = {
            "stage": "adjust",
            "samples": len(adjusted.sample_set),
            "rejected": len(adjusted.sample_set.rejected),
        }
        dropped = dropped_between(samples, adjusted.sample_set)
        picture = glance(adjusted.sample_set.samples, dropped, "Kept")
        return io.NodeOutput(adjusted.sample_set, adjusted.report, ui=shown(facts, picture, cls=cls))
