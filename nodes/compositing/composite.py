"""Composite: background, foreground and a noise template become the composite; nobody gives a position (B5)."""

from __future__ import annotations

from comfy_api.latest import io

from ..bridge import HostProgress, shown
from ..sockets import CompositingModel, report_out
from .hosted import on_host


class Composite(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeComposite",
            display_name="Composite",
            category="Troupe/8 Compositing",
            has_intermediate_output=True,
            description="Puts a cut-out where it belongs, in the scene's colours and with a shadow, at the "
            "background's full resolution. Pixels that nothing happens to stay as they are, to the last bit.",
            search_aliases=[
                "insert object", "paste", "harmonize", "blend image", "shadow", "object placement", "troupe", "合成",
                "融合",
            ],
            inputs=[
                CompositingModel.Input("compositing_model", tooltip="From Load or Train Compositing Model."),
                io.Image.Input("background", tooltip="The scene. One for all foregrounds, or one for each."),
                io.Image.Input("foreground", tooltip="The cut-out: RGBA, or any picture with a mask."),
                io.Int.Input(
                    "candidates",
                    default=1,
                    min=1,
                    max=16,
                    tooltip="Try so many places and return all composites, the most plausible first. Not used with "
                    "box or together.",
                ),
                io.Int.Input(
                    "seed",
                    default=0,
                    min=0,
                    max=0xFFFFFFFFFFFFFFFF,
                    control_after_generate=False,
                    tooltip="For the noise that composing starts from.",
                ),
                io.Int.Input(
                    "steps",
                    default=1,
                    min=1,
                    max=100,
                    tooltip="Denoising steps. 1 gives the likeliest change; more vary it by the seed. Models of preset "
                    "sd15-inpaint need about 20.",
                ),
                io.Float.Input(
                    "colour",
                    default=1.0,
                    min=0.0,
                    max=2.0,
                    step=0.05,
                    tooltip="How far the thing takes the scene's colour and light. 0 = keep its own.",
                ),
                io.Float.Input(
                    "shadow",
                    default=1.0,
                    min=0.0,
                    max=2.0,
                    step=0.05,
                    tooltip="How strongly it shades what it stands on. 0 = not at all.",
                ),
                io.Float.Input(
                    "edge",
                    default=1.0,
                    min=0.0,
                    max=2.0,
                    step=0.05,
                    tooltip="How far a rough edge of the cut-out is corrected; sd15-inpaint leaves edges alone.",
                    advanced=True,
                ),
                io.Boolean.Input(
                    "together",
                    default=False,
                    tooltip="Put all foregrounds into the one background, each once and none on top of another.",
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
                io.BoundingBox.Input(
                    "box",
                    optional=True,
                    force_input=True,
                    socketless=False,
                    tooltip="Put it here instead: the first box for each picture, from Predict Position, Create "
                    "Bounding Boxes or any box node, in the background's pixels. Without one the model decides.",
                ),
            ],
            outputs=[
                io.Image.Output(display_name="image", tooltip="The composites, each as large as its background."),
                io.Mask.Output(display_name="mask", tooltip="Where the thing is in each: 1 = the thing."),
                io.BoundingBox.Output(display_name="boxes", tooltip="Where it was put, in pixels."),
                io.Mask.Output(display_name="effect", tooltip="How far each pixel was changed; 0 = not at all."),
                report_out("Places, plausibility and what was left out."),
            ],
        )  # fmt: skip

    @classmethod
    def execute(
        cls, compositing_model, background, foreground, candidates, seed, steps, colour, shadow, edge, together,
        smallest, largest, mask=None, box=None, region=None, occupied=None,
    ):  # fmt: skip
        from ...models.compositing.boxlists import boxes_out
        from ...models.compositing.composing.settings import ComposeSettings
        from ...models.compositing.composite import Wanted, composited
        from ...models.compositing.pairing import paired
        from ...models.compositing.placing.pairs import wishes

        pairs = paired(background, foreground, mask)
        wanted = Wanted(
            ComposeSettings(colour, shadow, edge, steps, seed),
            wishes(len(pairs), region, occupied, (smallest, largest)),
            box,
            candidates,
            together,
        )
        progress = HostProgress()
        made = composited(compositing_model.loaded(), pairs, wanted, progress)
        progress.finish(made.words)
        image, masks, effect = (on_host(pictures) for pictures in (made.images, made.masks, made.effects))
        facts = {"stage": "composite", "boxes": boxes_out(made.boxes), "plausibility": made.plausibilities}
        return io.NodeOutput(image, masks, facts["boxes"], effect, made.report, ui=shown(facts, image, cls=cls))
