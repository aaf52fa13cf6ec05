"""Vision-Language Captioner: the host's own text models look at the pictures and describe them."""

from __future__ import annotations

from comfy_api.latest import io

from ..sockets import Captioner
from .hosted_writer import HostedWriter, require_writer
from .upstream import require_whole_files


class VisionLanguageCaptionerLoader(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeVisionLanguageCaptioner",
            display_name="Vision-Language Captioner",
            category="Troupe/2 Describe",
            description="Asks a text model that sees (Qwen-VL, Gemma: those of Generate Text) for a sentence and "
            "tags. Bad answers are asked for again; what stays unanswered is named in Describe's report.",
            search_aliases=["qwen vl", "gemma", "vlm", "llm caption", "joycaption", "troupe", "视觉语言", "反推"],
            inputs=[
                # Lazy, so that its file is looked at before the host reads it.
                io.Clip.Input("clip", lazy=True, tooltip="From Load CLIP, with a model that sees pictures and writes."),
                io.Combo.Input(
                    "wanted",
                    options=["sentence and tags", "sentence", "tags"],
                    default="sentence and tags",
                    tooltip="What to ask for. Each is a question of its own and takes its time.",
                ),
                io.String.Input(
                    "hint",
                    default="",
                    multiline=True,
                    tooltip="Your own words after every question, e.g. what to look for or to leave out.",
                ),
                io.Int.Input(
                    "max_length",
                    default=256,
                    min=16,
                    max=4096,
                    tooltip="The longest answer, in tokens (16 to 4096).",
                ),
                io.Int.Input(
                    "attempts",
                    default=3,
                    min=1,
                    max=10,
                    tooltip="How often a question is asked until the answer can be used (1 to 10).",
                ),
                io.Int.Input(
                    "longest_side",
                    default=768,
                    min=64,
                    max=4096,
                    step=32,
                    tooltip="Pictures are shown to the model no larger than this. Smaller is faster.",
                ),
                io.Int.Input(
                    "seed",
                    default=0,
                    min=0,
                    max=0xFFFFFFFFFFFFFFFF,
                    control_after_generate=False,
                    tooltip="For the attempts after the first, which always takes the likeliest words.",
                ),
            ],
            outputs=[
                Captioner.Output(display_name="captioner", tooltip="Who looks at the pictures; wire it to Describe.")
            ],
            hidden=[io.Hidden.prompt, io.Hidden.unique_id],
        )

    @classmethod
    def check_lazy_status(cls, clip=None, **_):
        if clip is None:
            require_whole_files(cls.hidden.prompt, cls.hidden.unique_id, "clip")
        return ["clip"]

    @classmethod
    def execute(cls, clip, wanted, hint, max_length, attempts, longest_side, seed):
        from ...models.captioning.visionlanguage.captioner import VisionLanguageCaptioner
        from ...models.captioning.visionlanguage.questions import shipped_questions

        require_writer(clip)
        writer = HostedWriter(clip, max_length)
        questions = shipped_questions().with_hint(hint)
        return io.NodeOutput(VisionLanguageCaptioner(writer, questions, wanted, attempts, longest_side, seed))
