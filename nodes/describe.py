"""Describe: sentence, keywords and image features for every sample (A2)."""

from __future__ import annotations

from comfy_api.latest import io

from .bridge import HostProgress, shown, store
from .sockets import Captioner, report_out, samples_in, samples_out


class Describe(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeDescribe",
            display_name="Describe",
            category="Troupe/2 Describe",
            has_intermediate_output=True,
            description="Gives every picture a sentence, keywords and features: static ones (what the character is) "
            "and dynamic ones (what changes between pictures). Your own captions are never overwritten.",
            search_aliases=["caption", "tag images", "captioner", "interrogate", "features", "troupe", "描述", "打标"],
            inputs=[
                samples_in(),
                Captioner.Input("captioner", tooltip="Who looks at the pictures, e.g. Measured Captioner."),
                io.Combo.Input(
                    "rewrite",
                    options=["fill gaps", "replace machine text"],
                    default="fill gaps",
                    tooltip="Whether text that a captioner wrote before is kept or written anew. Yours is always kept.",
                ),
            ],
            outputs=[samples_out(), report_out("What was found, by whom, and how sure it is.")],
        )

    @classmethod
    def execute(cls, samples, captioner, rewrite):
        from ..models.captioning.describe import describe
        from ..models.captioning.describedpicture import described_picture
        from ..models.captioning.report import describe_report

        progress = HostProgress()
        described = describe(samples, captioner, store(), rewrite=rewrite, progress=progress)
        progress.finish(f"{len(described)} pictures described")
        facts = {"stage": "describe", "samples": len(described), "rejected": len(described.rejected)}
        picture = described_picture(described)
        return io.NodeOutput(described, describe_report(described), ui=shown(facts, picture, cls=cls))
