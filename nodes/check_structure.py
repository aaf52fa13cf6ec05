"""Check Structure: the structure gate for pictures that any other node drew."""

from __future__ import annotations

from comfy_api.latest import io

from .bridge import HostProgress, UsesStore, shown, store
from .sockets import report_out, samples_in, samples_out


class CheckStructure(UsesStore, io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeCheckStructure",
            display_name="Check Structure",
            category="Troupe/3 Restyle",
            has_intermediate_output=True,
            description="Compares each picture with the one it was drawn from. Puts shifted or zoomed pictures "
            "back and drops those that lost the pose. Use it after Set Images with any sampler.",
            search_aliases=["pixel shift", "zoom drift", "kontext", "qwen edit", "alignment", "troupe", "对齐", "偏移"],
            inputs=[
                samples_in("A set whose pictures were drawn from others (Restyle, or Set Images)."),
                io.Float.Input(
                    "minimum_structure",
                    default=0.3,
                    min=0.0,
                    max=1.0,
                    step=0.05,
                    tooltip="Share of the picture that must still be in its place (0 = drop nothing, 1 = all of it).",
                ),
                io.Boolean.Input(
                    "put_back",
                    default=True,
                    tooltip="Undo a shift, zoom or turn of the whole picture where one is found.",
                ),
            ],
            outputs=[samples_out(), report_out("Score, shift and zoom of every picture.")],
        )

    @classmethod
    def execute(cls, samples, minimum_structure, put_back):
        from ..models.registration.gate import GateSettings
        from ..models.restyling.structurecheck import check_set
        from ..models.samples.glance import dropped_between, glance_at_pairs

        settings = GateSettings(minimum=minimum_structure, unwarp=put_back)
        progress = HostProgress()
        checked = check_set(samples, settings, store(), progress)
        progress.finish(f"{len(checked.sample_set)} of {len(samples)} pictures in place")
        facts = {"stage": "check structure", "samples": len(checked.sample_set)}
        picture = glance_at_pairs(checked.sample_set.samples, dropped_between(samples, checked.sample_set))
        return io.NodeOutput(checked.sample_set, checked.report, ui=shown(facts, picture, cls=cls))
