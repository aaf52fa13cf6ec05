"""Train Compositing Model: both networks jointly, until they have converged (B3, B4)."""

from __future__ import annotations

import math

from comfy_api.latest import io

from ..bridge import HostProgress, check, deletions, image_batch, shown
from ..sockets import CompositeGroups, CompositingModel, report_out
from .hosted import (
    NO_BASE,
    HostedModel,
    base_checkpoints,
    learning,
    model_target,
    trainable_model,
    training_engine,
    unfinished_training,
)


class TrainCompositingModel(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeTrainCompositingModel",
            display_name="Train Compositing Model",
            category="Troupe/8 Compositing",
            is_output_node=True,
            description="Trains the position network and the composition network together on your groups until the "
            "held-out losses are flat. After Cancel, queue it again and it goes on where it was.",
            search_aliases=["train position network", "train harmonization", "fine-tune", "troupe", "训练合成模型"],
            inputs=[
                CompositeGroups.Input("groups", tooltip="From Load or Make Composite Samples."),
                io.String.Input(
                    "name",
                    default="my_compositing",
                    tooltip="The model is written to models/troupe_compositing under this name.",
                ),
                io.Combo.Input(
                    "preset",
                    options=["tiny", "small", "sd15-inpaint"],
                    default="tiny",
                    tooltip="tiny: any CPU. small: a GPU. sd15-inpaint: a GPU, and your SD 1.5 inpainting checkpoint "
                    "as the start. Not used when a model is wired in.",
                ),
                io.Int.Input(
                    "steps",
                    default=2000,
                    min=1,
                    max=10_000_000,
                    tooltip="Steps at most; it stops earlier when converged.",
                ),
                io.Int.Input(
                    "batch_size", default=8, min=1, max=1024, tooltip="Groups per step. Lower it when memory runs out."
                ),
                io.Float.Input(
                    "learning_rate",
                    default=4e-4,
                    min=1e-7,
                    max=1.0,
                    step=1e-7,
                    tooltip="0.0004 suits a new model, a tenth of it one that is trained further.",
                ),
                io.Int.Input(
                    "seed",
                    default=0,
                    min=0,
                    max=0xFFFFFFFFFFFFFFFF,
                    control_after_generate=False,
                    tooltip="For weights, order, noise and augmentation: the same seed trains the same model.",
                ),
                io.Float.Input(
                    "holdout",
                    default=0.2,
                    min=0.02,
                    max=0.5,
                    step=0.01,
                    tooltip="Share of the groups (whole scenes where they are named) that is only measured on.",
                    advanced=True,
                ),
                io.Int.Input(
                    "evaluate_every",
                    default=100,
                    min=1,
                    max=100_000,
                    tooltip="Steps between two looks at the held-out groups; then the state is saved as well.",
                    advanced=True,
                ),
                io.Float.Input(
                    "position_first",
                    default=0.1,
                    min=0.0,
                    max=0.9,
                    step=0.05,
                    tooltip="Share of the steps in which only the position is learnt.",
                    advanced=True,
                ),
                io.Float.Input(
                    "position_weight",
                    default=1.0,
                    min=0.0,
                    max=100.0,
                    step=0.1,
                    tooltip="Weight of the position loss in the target loss. Higher: places count for more.",
                    advanced=True,
                ),
                io.Float.Input(
                    "composition_weight",
                    default=1.0,
                    min=0.0,
                    max=100.0,
                    step=0.1,
                    tooltip="Weight of the composition loss in the target loss. Higher: colours count for more.",
                    advanced=True,
                ),
                io.Float.Input(
                    "tolerance",
                    default=0.005,
                    min=0.0,
                    max=1.0,
                    step=0.001,
                    tooltip="Converged when total and both parts fall by less than this share over three evaluations.",
                    advanced=True,
                ),
                io.Combo.Input(
                    "precision",
                    options=["float32", "bfloat16"],
                    default="float32",
                    tooltip="bfloat16 is faster on hardware that has it, and many times slower on other CPUs.",
                    advanced=True,
                ),
                io.Combo.Input(
                    "schedule",
                    options=["constant", "cosine"],
                    default="constant",
                    tooltip="Course of the learning rate: it stays, or falls along a cosine to 0 at the last step.",
                    advanced=True,
                ),
                io.Float.Input(
                    "flip",
                    default=0.5,
                    min=0.0,
                    max=1.0,
                    step=0.05,
                    tooltip="Share of the groups mirrored left for right (0 to 1).",
                    advanced=True,
                ),
                io.Float.Input(
                    "crop",
                    default=0.5,
                    min=0.0,
                    max=1.0,
                    step=0.05,
                    tooltip="Share of the groups cropped around the object, which also varies its scale (0 to 1).",
                    advanced=True,
                ),
                io.Float.Input(
                    "tint",
                    default=1.0,
                    min=0.0,
                    max=2.0,
                    step=0.1,
                    tooltip="How far the foreground's colours are changed, for the composition network to undo.",
                    advanced=True,
                ),
                io.Combo.Input(
                    "base_checkpoint",
                    options=base_checkpoints(),
                    default=NO_BASE,
                    tooltip="sd15-inpaint only: the SD 1.5 inpainting checkpoint (.safetensors) to start from.",
                    advanced=True,
                ),
                CompositingModel.Input(
                    "start_from", optional=True, tooltip="Train this model further instead of a new one."
                ),
            ],
            outputs=[
                CompositingModel.Output(
                    display_name="compositing_model", tooltip="The trained model, with the best averaged weights."
                ),
                io.Image.Output(
                    display_name="loss_curves",
                    tooltip="Total, position and composition losses over the steps, as a picture.",
                ),
                io.Custom("LOSS_MAP").Output(display_name="loss", tooltip="For Plot Loss Graph."),
                io.Image.Output(display_name="preview", tooltip="Held-out groups: heatmap and composite."),
                report_out("Why it stopped, both losses, and whether the position was learnt at all."),
            ],
        )

    @classmethod
    def validate_inputs(cls, name=""):
        from ...models.compositing.naming import check_name

        return check(check_name, name) if name is not None else True

    @classmethod
    def fingerprint_inputs(cls, name="", **_):
        # A model that somebody deleted is trained again; that it was written is no change.
        return deletions(model_target(name)) if name else ""

    @classmethod
    def execute(
        cls, groups, name, preset, steps, batch_size, learning_rate, seed, holdout, evaluate_every, position_first,
        position_weight, composition_weight, tolerance, precision, schedule, flip, crop, tint, start_from=None,
        base_checkpoint=NO_BASE,
    ):  # fmt: skip
        from ...models.compositing.training.curves import curves_picture, loss_map
        from ...models.compositing.training.report import training_report
        from ...models.compositing.training.session import Places, train_on
        from ...models.compositing.training.settings import Augment, TrainSettings
        from ...models.samples.glance import stacked

        settings = TrainSettings(
            steps, batch_size, learning_rate, seed=seed, holdout=holdout, evaluate_every=evaluate_every,
            position_first=position_first, position_weight=position_weight, composition_weight=composition_weight,
            tolerance=tolerance, precision=precision, schedule=schedule,
            augment=Augment(flip=flip, crop=crop, tint=tint),
        )  # fmt: skip
        progress = HostProgress()
        places = Places(model_target(name), unfinished_training(name))
        with learning():
            model = trainable_model(start_from, preset, seed, base_checkpoint)
            session = train_on(
                groups, model, settings, places, training_engine(), progress,
                lambda seen: progress.show(stacked([curves_picture(seen.progressed), seen.preview])),
            )  # fmt: skip
        curves = curves_picture(session.trained.progressed, session.trained.prior_nll)
        # The editor goes on showing the last of these, and would show no picture of `ui` after it.
        progress.show(stacked([curves, session.preview]))
        progress.finish(f"{session.trained.stopped} after {session.trained.progressed.step} steps")
        facts = {"stage": "train compositing model", "model": places.model.name, "stopped": session.trained.stopped}
        # JSON knows no infinity, which stands for a loss that was not measured.
        figures = {name: value for name, value in session.story.figures if math.isfinite(value)}
        facts |= {"steps": session.trained.progressed.step, "figures": figures}
        return io.NodeOutput(
            HostedModel(model.to("cpu"), session.story, name),
            image_batch(curves),
            loss_map(session.trained.progressed),
            image_batch(session.preview),
            training_report(session),
            ui=shown(facts),
        )
