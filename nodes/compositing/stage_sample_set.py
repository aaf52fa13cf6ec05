"""Stage Sample Set: the same characters on other backgrounds, as more samples (C)."""

from __future__ import annotations

from comfy_api.latest import io

from ..bridge import HostProgress, UsesStore, image_batch, shown, store
from ..sockets import CompositingModel, report_out, samples_in, samples_out


class StageSampleSet(UsesStore, io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeStageSampleSet",
            display_name="Stage Sample Set",
            category="Troupe/8 Compositing",
            is_input_list=True,
            has_intermediate_output=True,
            description="Puts the characters of a set on backgrounds, each where it belongs, and adds the pictures to "
            "the set. So a LoRA does not learn the background with the character. Goes between Restyle and Tag "
            "Features.",
            search_aliases=["augment dataset", "change background", "place character", "troupe", "布景", "换背景"],
            inputs=[
                samples_in("The set; pictures need a mask or transparency."),
                CompositingModel.Input("compositing_model", tooltip="From Load or Train Compositing Model."),
                io.Image.Input("backgrounds", tooltip="Scenes without a subject, as a list or a batch; any sizes."),
                io.Int.Input(
                    "per_sample", default=1, min=1, max=64, tooltip="On how many backgrounds each picture is staged."
                ),
                io.Int.Input(
                    "seed",
                    default=0,
                    min=0,
                    max=0xFFFFFFFFFFFFFFFF,
                    control_after_generate=False,
                    tooltip="Each picture's own seed comes from this one, its name and its background.",
                ),
                io.Float.Input(
                    "colour",
                    default=1.0,
                    min=0.0,
                    max=2.0,
                    step=0.05,
                    tooltip="How far the character takes the scene's colour and light. 0 = keep its own.",
                ),
                io.Float.Input(
                    "shadow",
                    default=1.0,
                    min=0.0,
                    max=2.0,
                    step=0.05,
                    tooltip="How strongly it shades what it stands on. 0 = not at all.",
                ),
                io.Boolean.Input(
                    "keep_originals",
                    default=True,
                    tooltip="On: the new pictures come after their originals. Off: they take their place.",
                ),
                io.Float.Input(
                    "least_confidence",
                    default=0.0,
                    min=0.0,
                    max=1.0,
                    step=0.05,
                    tooltip="Leave out pictures whose best place is less sure than this (0 = use every place).",
                ),
                io.Boolean.Input(
                    "mine",
                    default=True,
                    label_on="my words",
                    label_off="machine text",
                    tooltip="Whose words the captions are. Yours are never overwritten; machine text may be.",
                    advanced=True,
                ),
                io.Combo.Input(
                    "mode",
                    options=["best", "sample"],
                    default="best",
                    tooltip="Best: always the likeliest place. Sample: drawn by probability, so places vary more.",
                    advanced=True,
                ),
                io.Float.Input(
                    "smallest",
                    default=0.25,
                    min=0.0,
                    max=1.0,
                    step=0.01,
                    tooltip="Least size of the character: the longer of width and height as a share of the picture's.",
                    advanced=True,
                ),
                io.Int.Input(
                    "longest_side",
                    default=2048,
                    min=0,
                    max=16384,
                    step=8,
                    tooltip="Larger backgrounds are brought down to this (0 = full size).",
                    advanced=True,
                ),
                io.String.Input(
                    "captions",
                    optional=True,
                    force_input=True,
                    tooltip='One per background, such as "a pier at sunset", for the descriptions of the new pictures.',
                ),
            ],
            outputs=[
                samples_out("The set with the staged pictures; each knows the one it was made from."),
                io.Image.Output(display_name="sheet", tooltip="The staged pictures, and how sure the model was."),
                report_out("How often each background is used, and what was not staged and why."),
            ],
        )

    @classmethod
    def execute(
        cls, samples, compositing_model, backgrounds, captions=None, mine=(True,), longest_side=(2048,), **settings
    ):
        from ...models.compositing.staging.backdrops import backdrops
        from ...models.compositing.staging.report import stage_report, staged_sheet
        from ...models.compositing.staging.settings import StageSettings
        from ...models.compositing.staging.stage import stage_samples

        wanted = StageSettings(**{name: value[0] for name, value in settings.items()})
        drops = backdrops(backgrounds, captions or (), mine=mine[0], longest_side=longest_side[0])
        progress = HostProgress()
        staged = stage_samples(samples[0], drops, compositing_model[0], wanted, store(), progress)
        progress.finish(f"{staged.computed} staged, {staged.reused} found finished")
        picture = image_batch(staged_sheet(staged, drops))
        facts = {
            "stage": "stage sample set",
            "samples": len(staged.sample_set),
            "staged": len(staged.staged),
            "computed": staged.computed,
            "reused": staged.reused,
            "skipped": len(staged.skipped),
        }
        return io.NodeOutput(staged.sample_set, picture, stage_report(staged, drops), ui=shown(facts, picture, cls=cls))
