"""Check Features: the semantic gate for pictures that any other node drew."""

from __future__ import annotations

from comfy_api.latest import io

from .bridge import HostProgress, image_batch, shown, store
from .sockets import CERTAINTY, Captioner, report_out, samples_in, samples_out


class CheckFeatures(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeCheckFeatures",
            display_name="Check Features",
            category="Troupe/3 Restyle",
            description="Lets a captioner look at each picture and at the one it was drawn from, and drops those that "
            "show another view, shot, action or expression. Use it after Set Images with any sampler.",
            search_aliases=["semantic check", "pose changed", "clip check", "troupe", "特征检查", "语义"],
            has_intermediate_output=True,
            inputs=[
                samples_in("A set whose pictures were drawn from others (Restyle, or Set Images)."),
                Captioner.Input("captioner", tooltip="Who looks at the pictures, e.g. OpenCLIP Captioner."),
                io.Float.Input("certainty", **CERTAINTY),
            ],
            outputs=[
                samples_out(),
                io.Image.Output(display_name="sheet", tooltip="Source and result side by side, with the verdict."),
                report_out("What was compared in every picture, and what changed."),
            ],
        )

    @classmethod
    def execute(cls, samples, captioner, certainty):
        from ..models.captioning.onlooker import LookingCaptioner
        from ..models.registration.features import FeatureGate
        from ..models.restyling.featurecheck import check_features, features_report
        from ..models.samples.sheets import verdict_sheet

        progress = HostProgress()
        checked = check_features(samples, LookingCaptioner(captioner, store()), FeatureGate(certainty), progress)
        progress.finish(f"{len(checked.sample_set)} of {len(samples)} pictures show the same as before")
        found = {id: (verdict.passed, verdict.reason) for id, verdict in checked.verdicts.items()}
        picture = image_batch(verdict_sheet(samples.samples, found, title="Do they still show the same?"))
        facts = {
            "stage": "check features",
            "samples": len(checked.sample_set),
            "refused": len(samples) - len(checked.sample_set),
        }
        report = features_report(checked, len(samples) - len(found))
        return io.NodeOutput(checked.sample_set, picture, report, ui=shown(facts, picture, cls=cls))
