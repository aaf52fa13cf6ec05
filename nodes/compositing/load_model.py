"""Load Compositing Model: the shipped one, or one that a person trained."""

from __future__ import annotations

from comfy_api.latest import io

from ..bridge import shown
from ..sockets import CompositingModel, report_out
from .hosted import NO_BASE, HostedModel, base_checkpoints, base_file, model_file, model_names


class LoadCompositingModel(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeLoadCompositingModel",
            display_name="Load Compositing Model",
            category="Troupe/8 Compositing",
            description="Loads the model that says where a cut-out belongs in a background and puts it there. The "
            "small shipped one runs anywhere; your own come from Train Compositing Model.",
            search_aliases=["compositing checkpoint", "position network", "harmonization model", "troupe", "合成模型"],
            inputs=[
                io.Combo.Input(
                    "model",
                    options=model_names(),
                    tooltip="Files in models/troupe_compositing, and the one that comes with Troupe.",
                ),
                io.Combo.Input(
                    "base_checkpoint",
                    options=base_checkpoints(),
                    default=NO_BASE,
                    tooltip="Only for models of preset sd15-inpaint: the checkpoint that they were trained on.",
                    advanced=True,
                ),
            ],
            outputs=[
                CompositingModel.Output(
                    display_name="compositing_model", tooltip="For Predict Position and Composite."
                ),
                report_out("Preset, training steps and figures of the model."),
            ],
        )

    @classmethod
    def fingerprint_inputs(cls, model=None, base_checkpoint=NO_BASE):
        # What is linked is not known yet; then the host compares what arrives.
        files = [model and model_file(model), base_checkpoint and base_file(base_checkpoint)]
        stats = [file.stat() for file in files if file]
        return " ".join(f"{stat.st_size}:{stat.st_mtime_ns}" for stat in stats)

    @classmethod
    def execute(cls, model, base_checkpoint=NO_BASE):
        from ...models.compositing.checkpoint import load_model
        from ...models.compositing.modelreport import model_report

        network, story = load_model(model_file(model), base_file(base_checkpoint))
        report = model_report(network.config, story)
        facts = {"stage": "load compositing model", "preset": network.config.preset, "steps": story.steps}
        return io.NodeOutput(HostedModel(network, story, model), report, ui=shown(facts))
