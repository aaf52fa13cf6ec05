"""Restyle: the second sample set (A5)."""

from __future__ import annotations

from comfy_api.latest import io

from .bridge import HostProgress, UsesStore, image_batch, shown, store
from .sockets import CERTAINTY, Captioner, Stylizer, report_out, samples_in, samples_out


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
                    tooltip="How often a picture that failed a check is drawn again: with another seed, then each time "
                    "closer to its source.",
                    advanced=True,
                ),
                Captioner.Input(
                    "captioner",
                    optional=True,
                    tooltip="Looks at source and result. A result that shows another view, shot, action or expression "
                    "is drawn again, then dropped. Best with OpenCLIP or Vision-Language Captioner.",
                ),
                io.Float.Input(
                    "closer",
                    default=0.2,
                    min=0.0,
                    max=0.6,
                    step=0.05,
                    tooltip="How much closer to the source each retry after the first is drawn: 0.2 = a fifth less "
                    "denoise, a fifth more ControlNet (0 = other seeds only).",
                    advanced=True,
                    optional=True,
                ),
                io.Float.Input("certainty", **CERTAINTY, advanced=True, optional=True),
            ],
            outputs=[
                samples_out("The second sample set; each picture knows the one it was drawn from."),
                io.Image.Output(display_name="before_after", tooltip="Source and result side by side."),
                report_out("What was drawn, what was found finished, what was dropped, and every try."),
            ],
        )

    @classmethod
    def execute(
        cls, samples, stylizer, seed, minimum_structure, retries, captioner=None, closer=0.2, certainty=0.7
    ):  # fmt: skip
        from ..models.captioning.onlooker import LookingCaptioner
        from ..models.registration.features import FeatureGate
        from ..models.registration.gate import GateSettings
        from ..models.restyling.drawing import RestyleSettings
        from ..models.restyling.report import count_tries, restyle_report
        from ..models.restyling.restyle import restyle
        from ..models.samples.glance import dropped_between, glance_at_pairs
        from ..models.samples.sheets import pair_sheet

        gate = GateSettings(minimum=minimum_structure) if minimum_structure > 0 else None
        settings = RestyleSettings(seed, gate, retries, closer, FeatureGate(certainty))
        onlooker = LookingCaptioner(captioner, store()) if captioner else None
        progress = HostProgress()
        restyled = restyle(samples, stylizer, settings, store(), progress, onlooker)
        progress.finish(f"{restyled.computed} drawn, {restyled.reused} found finished")
        sheet = image_batch(pair_sheet(restyled.sample_set.samples))
        picture = glance_at_pairs(restyled.sample_set.samples, dropped_between(samples, restyled.sample_set))
        passed, refused = count_tries(restyled.trials)
        facts = {
            "stage": "restyle",
            "samples": len(restyled.sample_set),
            "computed": restyled.computed,
            "reused": restyled.reused,
            "rejected": len(restyled.sample_set.rejected),
            "tries": passed,
            "refused": refused,
        }
        return io.NodeOutput(restyled.sample_set, sheet, restyle_report(restyled), ui=shown(facts, picture, cls=cls))
