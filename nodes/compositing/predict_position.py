"""Predict Position: where a cut-out belongs, without anyone giving a position (B5)."""

from __future__ import annotations

from comfy_api.latest import io

from ..bridge import HostProgress, shown
from ..sockets import CompositingModel, report_out
from .hosted import on_host


class PredictPosition(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupePredictPosition",
            display_name="Predict Position",
            category="Troupe/8 Compositing",
            has_intermediate_output=True,
            description="Says where a cut-out belongs in a background and how large it is there. The boxes can be "
            "looked at, changed by hand and handed to Composite.",
            search_aliases=[
                "object placement",
                "where to put",
                "bounding box",
                "heatmap",
                "troupe",
                "位置预测",
                "热力图",
            ],
            inputs=[
                CompositingModel.Input("compositing_model", tooltip="From Load or Train Compositing Model."),
                io.Image.Input("background", tooltip="The scene. One for all foregrounds, or one for each."),
                io.Image.Input("foreground", tooltip="The cut-out: RGBA, or any picture with a mask."),
                io.Int.Input("candidates", default=3, min=1, max=64, tooltip="How many places to propose."),
                io.Combo.Input(
                    "mode",
                    options=["best", "sample"],
                    default="best",
                    tooltip="Best: the likeliest places in order. Sample: drawn by their probability with the seed.",
                ),
                io.Float.Input(
                    "temperature",
                    default=1.0,
                    min=0.05,
                    max=10.0,
                    step=0.05,
                    tooltip="Above 1 unlikely places come up more often, below 1 less often.",
                ),
                io.Int.Input(
                    "seed",
                    default=0,
                    min=0,
                    max=0xFFFFFFFFFFFFFFFF,
                    control_after_generate=False,
                    tooltip="For mode sample.",
                ),
                io.Float.Input(
                    "smallest",
                    default=0.0,
                    min=0.0,
                    max=1.0,
                    step=0.01,
                    tooltip="Least size: the longer of width and height as a share of the background's.",
                    advanced=True,
                ),
                io.Float.Input(
                    "largest",
                    default=1.0,
                    min=0.01,
                    max=1.0,
                    step=0.01,
                    tooltip="Greatest size, as above.",
                    advanced=True,
                ),
                io.Mask.Input(
                    "mask",
                    optional=True,
                    tooltip="1 = the thing. Needed where the foreground has no alpha; the mask of Load Image is the "
                    "other way round, so put Invert Mask between.",
                ),
                io.Mask.Input("region", optional=True, tooltip="Where its foot may stand: 1 = allowed."),
                io.Mask.Input("occupied", optional=True, tooltip="What it must not cover: 1 = taken."),
            ],
            outputs=[
                io.BoundingBox.Output(display_name="boxes", tooltip="For each picture its boxes, the best first."),
                io.Image.Output(display_name="heatmap", tooltip="How likely each place is, with the numbered boxes."),
                io.Float.Output(
                    display_name="confidence", tooltip="0 = no good place, 1 = sure; of the first picture."
                ),
                report_out("Places with probabilities, and whether there is a good one."),
            ],
        )

    @classmethod
    def execute(
        cls, compositing_model, background, foreground, candidates, mode, temperature, seed, smallest, largest,
        mask=None, region=None, occupied=None,
    ):  # fmt: skip
        from ...models.compositing.boxlists import boxes_out
        from ...models.compositing.pairing import paired
        from ...models.compositing.placing.pairs import heatmaps, positions, positions_report, wishes
        from ...models.compositing.placing.predict import PositionSettings

        pairs = paired(background, foreground, mask)
        settings = PositionSettings(candidates, temperature, mode, seed)
        progress = HostProgress()
        model = compositing_model.loaded()
        found = positions(model, pairs, wishes(len(pairs), region, occupied, (smallest, largest)), settings, progress)
        picture = on_host(heatmaps(pairs, found))
        progress.finish(found[0].words)
        facts = {"stage": "predict position", "boxes": boxes_out([p.boxes for p in found])}
        facts["confidence"] = [round(p.confidence, 4) for p in found]
        report = positions_report(found)
        return io.NodeOutput(facts["boxes"], picture, found[0].confidence, report, ui=shown(facts, picture, cls=cls))
