"""Measured Captioner: a captioner that needs no weights and claims only what it measured."""

from __future__ import annotations

from comfy_api.latest import io

from ..sockets import Captioner


class MeasuredCaptionerLoader(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeMeasuredCaptioner",
            display_name="Measured Captioner",
            category="Troupe/2 Describe",
            description="Measures palette, brightness, sharpness, background and framing. Needs no model. What only "
            "eyes can see (hair, clothes, action) it takes from file names and your captions.",
            search_aliases=["caption without model", "palette", "image statistics", "troupe", "测量", "打标"],
            inputs=[],
            outputs=[
                Captioner.Output(display_name="captioner", tooltip="Who looks at the pictures; wire it to Describe.")
            ],
        )

    @classmethod
    def execute(cls):
        from ...models.captioning.measured import MeasuredCaptioner

        return io.NodeOutput(MeasuredCaptioner())
