"""Preview Sample Set: contact sheets to look at."""

from __future__ import annotations

from comfy_api.latest import io

from .bridge import image_batch, shown
from .sockets import report_out, samples_in

VIEWS = ["pictures", "before and after", "dropped pictures"]


class PreviewSampleSet(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupePreviewSampleSet",
            display_name="Preview Sample Set",
            category="Troupe/7 Look",
            is_output_node=True,
            description="A contact sheet: pictures with labels, before and after, or what dropped out and why.",
            search_aliases=["contact sheet", "grid", "compare", "thumbnails", "troupe", "预览", "缩略图"],
            inputs=[
                samples_in(),
                io.Combo.Input(
                    "view",
                    options=VIEWS,
                    default="pictures",
                    tooltip="The pictures with their labels, each beside its source, or what dropped out and why.",
                ),
                io.Int.Input("columns", default=6, min=1, max=16, tooltip="Pictures per row (1 to 16)."),
                io.Int.Input("cell", default=192, min=64, max=512, step=16, tooltip="Side of one picture, in pixels."),
                io.Int.Input(
                    "maximum",
                    default=120,
                    min=1,
                    max=1000,
                    tooltip="Show no more pictures than this; every character gets its share.",
                ),
            ],
            outputs=[
                io.Image.Output(display_name="sheet", tooltip="The contact sheet; wire it to Save Image to keep it."),
                report_out("Captions of the pictures shown, or reasons of what was dropped."),
            ],
        )

    @classmethod
    def execute(cls, samples, view, columns, cell, maximum):
        from ..models.samples import sheets

        layout = {"columns": columns, "cell": cell, "maximum": maximum}
        if view == "dropped pictures":
            sheet = sheets.rejected_sheet(samples.rejected, **layout)
            lines = [f"{r.id} ({r.stage}): {r.reason}" for r in samples.rejected]
        elif view == "before and after":
            sheet = sheets.pair_sheet(samples.samples, **layout)
            lines = [f"{s.id}: {s.style.reason if s.style else ''}" for s in samples.samples]
        else:
            sheet = sheets.contact_sheet(samples.samples, **layout)
            lines = [f"{s.id}: {s.labels.caption if s.labels else s.description.sentence}" for s in samples.samples]
        picture = image_batch(sheet)
        facts = {"stage": "preview", "view": view, "samples": len(samples)}
        return io.NodeOutput(picture, "\n".join(lines[:maximum]), ui=shown(facts, picture, cls=cls))
