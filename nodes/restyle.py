"""Restyle: the second sample set (A5)."""

from __future__ import annotations

from comfy_api.latest import io

from .bridge import HostProgress, UsesStore, image_batch, shown, store
from .sockets import Stylizer, report_out, samples_in, samples_out


class Restyle(UsesStore, io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeRestyle",
            display_name="Restyle",
            category="Troupe/3 Restyle",
            has_intermediate_output=True,
            description="Draws every picture anew in its sub-styles. What is finished is kept on disk: after Cancel, a "
            "crash or a restart only missing pictures are drawn.",
            search_aliases=["stylize", "style transfer", "img2img set", "convert style", "troupe", "转绘", "风格化"],
            inputs=[
                samples_in("A set that went through Map Styles."),
                Stylizer.Input("stylizer", tooltip="Who draws, e.g. Painterly Stylizer."),
                io.Int.Input(
                    "seed",
                    default=0,
                    min=0,
                    max=0xFFFFFFFFFFFFFFFF,
                    control_after_generate=False,
                    tooltip="Each picture's own seed comes from this one and the picture's name, so adding pictures "
                    "changes no other.",
                ),
                io.Float.Input(
                    "minimum_structure",
                    default=0.3,
                    min=0.0,
                    max=1.0,
                    step=0.05,
                    tooltip="Share of the picture that must still be in its place (0 = do not check). Shifted or "
                    "zoomed results are put back; a picture below this is drawn again, then dropped with a reason.",
                ),
                io.Int.Input(
                    "retries",
                    default=1,
                    min=0,
                    max=10,
                    tooltip="How many other seeds are tried for a picture that lost its structure.",
                    advanced=True,
                ),
            ],
            outputs=[
                samples_out("The second sample set; each picture knows the one it was drawn from."),
                io.Image.Output(display_name="before_after", tooltip="Source and result side by side."),
                report_out("What was drawn, what was found finished, what was dropped."),
            ],
        )

    @classmethod
    def execute(cls, samples, stylizer, seed, minimum_structure, retries):
        from ..models.registration.gate import GateSettings
        from ..models.restyling.drawing import RestyleSettings
        from ..models.restyling.report import restyle_report
        from ..models.restyling.restyle import restyle
        from ..models.samples.glance import dropped_between, glance_at_pairs
        from ..models.samples.sheets import pair_sheet

        gate = GateSettings(minimum=minimum_structure) if minimum_structure > 0 else None
        progress = HostProgress()
        restyled = restyle(samples, stylizer, RestyleSettings(seed, gate, retries), store(), progress)
        progress.finish(f"{restyled.computed} drawn, {restyled.reused} found finished")
        sheet = image_batch(pair_sheet(restyled.sample_set.samples))
        picture = glance_at_pairs(restyled.sample_set.samples, dropped_between(samples, restyled.sample_set))
        facts = {
            "stage": "restyle",
            "samples": len(restyled.sample_set),
            "computed": restyled.computed,
            "reused": restyled.reused,
            "rejected": len(restyled.sample_set.rejected),
        }
        return io.NodeOutput(restyled.sample_set, sheet, restyle_report(restyled), ui=shown(facts, picture, cls=cls))
