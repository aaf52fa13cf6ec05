"""Advise on Training Data: what the whole set lacks, has too much of and would teach by mistake (A7, A8)."""

from __future__ import annotations

from comfy_api.latest import io

from .bridge import HostProgress, image_batch, shown, store
from .sockets import report_out, samples_in, samples_out


class AdviseOnTrainingData(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        from ..models.formats.families import FAMILIES
        from ..models.formats.menu import MENU

        return io.Schema(
            node_id="TroupeAdviseOnTrainingData",
            display_name="Advise on Training Data",
            category="Troupe/4 Adjust and Tag",
            is_output_node=True,
            description="Looks at the whole set before it is trained on: missing and over-represented views, shots, "
            "actions and expressions, doubled pictures, what the trigger word would learn by mistake, sizes, captions "
            "and steps. It changes nothing.",
            search_aliases=["check dataset", "balance", "coverage", "steps", "repeats", "troupe", "建议", "检查"],
            inputs=[
                samples_in("A set, best after Tag Features: without captions, less can be said."),
                io.Combo.Input(
                    "family",
                    options=[f.name for f in FAMILIES],
                    default="SDXL",
                    tooltip="What the LoRA is trained for. It decides the usual size, steps and length of captions.",
                ),
                io.Combo.Input(
                    "trainer",
                    options=[f.id for f in MENU],
                    default="kohya",
                    tooltip="Which trainer will read the data set: each cuts pictures and counts repeats its own way.",
                ),
                io.Int.Input(
                    "resolution",
                    default=0,
                    min=0,
                    max=8192,
                    step=8,
                    tooltip="In pixels; at least 64. 0: what is usual for the family.",
                ),
                io.Int.Input(
                    "target_steps",
                    default=0,
                    min=0,
                    max=1_000_000,
                    tooltip="Training steps you plan over all epochs. 0: what is usual for the family.",
                ),
                io.Int.Input("epochs", default=10, min=1, max=10_000, tooltip="Passes over the data that you plan."),
                io.Int.Input("batch_size", default=1, min=1, max=1024, tooltip="Pictures per training step."),
            ],
            outputs=[
                samples_out("The set as it came in."),
                io.Image.Output(display_name="sheet", tooltip="The advice as a picture; wire it to Save Image."),
                report_out("Everything that was found, which pictures it is about, and what to do."),
            ],
        )

    @classmethod
    def validate_inputs(cls, resolution=0):
        if resolution is not None and 0 < resolution < 64:
            return "resolution: 0 for the usual one, or at least 64."
        return True

    @classmethod
    def execute(cls, samples, family, trainer, resolution, target_steps, epochs, batch_size):
        from ..models.adjusting.advice import picture_advice
        from ..models.advice import in_order
        from ..models.advising.sheet import advice_sheet
        from ..models.advising.spread import spread_advice
        from ..models.advising.text import advice_text, summary
        from ..models.formats.advice import TrainingWish, training_advice
        from ..models.formats.families import find_family
        from ..models.labelling.advice import label_advice

        wish = TrainingWish(find_family(family), trainer, resolution, target_steps, epochs, batch_size)
        progress = HostProgress()
        of_trainer, schedule = training_advice(samples, wish)
        of_pictures = picture_advice(samples, store(), progress)
        advice = in_order((*spread_advice(samples), *of_pictures, *label_advice(samples), *of_trainer))
        title = wish.title(samples)
        picture = image_batch(advice_sheet(samples, title, advice, schedule))
        progress.finish(summary(advice))
        facts = {"stage": "advise", "samples": len(samples), "advice": [a._asdict() for a in advice]}
        facts |= {"steps": schedule.steps if schedule else 0}
        return io.NodeOutput(samples, picture, advice_text(title, advice, schedule), ui=shown(facts, picture, cls=cls))
