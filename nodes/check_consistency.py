"""Check Consistency: how alike the redrawn pictures are as one character, and which are not (before A6)."""

from __future__ import annotations

from comfy_api.latest import io

from .bridge import HostProgress, image_batch, shown, store
from .sockets import Captioner, report_out, samples_in, samples_out

MODES = ["report only", "reject outliers"]


class CheckConsistency(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeCheckConsistency",
            display_name="Check Consistency",
            category="Troupe/3 Restyle",
            description="Measures how alike the pictures are as one character, each view against what is usual for "
            "it, and names those that are not. Wire it between Restyle and Adjust, which then knows.",
            search_aliases=[
                "identity",
                "same character",
                "outliers",
                "similarity",
                "face drift",
                "likeness",
                "troupe",
                "一致性",
                "角色相似",
            ],
            has_intermediate_output=True,
            inputs=[
                samples_in("A set of any number of characters. With masks (1 = subject) only the subject counts."),
                io.Combo.Input(
                    "mode",
                    options=MODES,
                    default=MODES[0],
                    tooltip="Whether outliers stay, marked for Adjust, or drop out with their reason.",
                ),
                io.Float.Input(
                    "deviations",
                    default=3.5,
                    min=1.0,
                    max=20.0,
                    step=0.1,
                    tooltip="How far below the usual likeness an outlier lies, in robust standard deviations: lower "
                    "finds more, and more that are right.",
                ),
                Captioner.Input(
                    "captioner",
                    optional=True,
                    tooltip="One with embeddings (OpenCLIP Captioner) compares what is drawn. Without it colours, "
                    "texture and outline are compared.",
                ),
            ],
            outputs=[
                samples_out("The set with each picture's likeness noted; what was rejected travels with it."),
                io.Image.Output(display_name="sheet", tooltip="Every picture, the least alike first, outliers in red."),
                report_out("Usual likeness of each view, every picture's figure, and why an outlier is one."),
            ],
        )

    @classmethod
    def execute(cls, samples, mode, deviations, captioner=None):
        from ..models.adjusting.consistency.checking import check_consistency
        from ..models.adjusting.consistency.report import consistency_report
        from ..models.adjusting.consistency.sheet import consistency_sheet
        from ..models.embedding import embedder_in

        progress = HostProgress()
        checked = check_consistency(samples, captioner, store(), mode=mode, limit=deviations, progress=progress)
        progress.finish(f"{checked.outliers} of {len(samples)} pictures unlike the others")
        picture = image_batch(consistency_sheet(checked))
        report = consistency_report(checked, captioner is not None and embedder_in(captioner) is None)
        facts = {
            "stage": "check consistency",
            "samples": len(checked.sample_set),
            "rejected": len(checked.sample_set.rejected),
            "outliers": checked.outliers,
        }
        return io.NodeOutput(checked.sample_set, picture, report, ui=shown(facts, picture, cls=cls))
