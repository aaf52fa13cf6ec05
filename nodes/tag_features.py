"""Tag Features: target features go to the trigger word, non-target features stay in the caption (A7)."""

from __future__ import annotations

from comfy_api.latest import io

from .bridge import HostProgress, check, shown
from .sockets import report_out, samples_in, samples_out


class TagFeatures(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeTagFeatures",
            display_name="Tag Features",
            category="Troupe/4 Adjust and Tag",
            has_intermediate_output=True,
            description="Decides from the whole set what the character is (absorbed by the trigger word) and what only "
            "varies (kept in the caption), and writes the captions. Captions you wrote are never overwritten.",
            search_aliases=[
                "trigger word",
                "prune tags",
                "captions",
                "lora tags",
                "target",
                "troupe",
                "触发词",
                "标签",
            ],
            inputs=[
                samples_in(),
                io.String.Input(
                    "trigger",
                    default="",
                    tooltip="The word that will call the character, e.g. mira_trp. Empty: made from its name. "
                    "{character} stands for the name when the set has several.",
                ),
                io.String.Input("class_word", default="", tooltip="Written after the trigger, e.g. 1girl or boy."),
                io.Combo.Input(
                    "policy",
                    options=["absorb", "describe all", "hybrid"],
                    default="absorb",
                    tooltip="Absorb: leave the character's own features out, so the trigger learns them. Describe all: "
                    "write everything. Hybrid: write them first, before a separator.",
                ),
                io.Combo.Input(
                    "style",
                    options=["tags", "sentence", "tags and sentence"],
                    default="tags",
                    tooltip="Tags for anime and SDXL models, sentences for Flux, Qwen and other newer ones.",
                ),
                io.Float.Input(
                    "threshold",
                    default=0.8,
                    min=0.5,
                    max=1.0,
                    step=0.05,
                    tooltip="Share of pictures that must agree before a feature counts as the character's own. Only "
                    "pictures that can show it are counted.",
                ),
                io.String.Input(
                    "always_keep",
                    default="",
                    tooltip="Always in the caption, comma-separated, stars allowed: *hat*, expression:*",
                    advanced=True,
                ),
                io.String.Input(
                    "force_target",
                    default="",
                    tooltip="Always the character's own, whatever the pictures say: freckles, hair.colour:*",
                    advanced=True,
                ),
                io.String.Input(
                    "never_write",
                    default="",
                    tooltip="In no caption at all, comma-separated, stars allowed.",
                    advanced=True,
                ),
                io.String.Input(
                    "replace", default="", multiline=True, tooltip="Rename tags, one a line: old -> new", advanced=True
                ),
                io.Boolean.Input(
                    "underscores", default=False, tooltip="from_behind instead of from behind.", advanced=True
                ),
                io.Boolean.Input(
                    "escape_brackets", default=False, tooltip=r"Write \( and \) for brackets.", advanced=True
                ),
                io.Combo.Input(
                    "style_words",
                    options=["caption", "leave out"],
                    default="caption",
                    tooltip="Whether the names of the sub-styles are in the caption. Named styles stay changeable, "
                    "unnamed ones are learned with the character.",
                    advanced=True,
                ),
                io.Int.Input(
                    "maximum_tags",
                    default=60,
                    min=1,
                    max=500,
                    tooltip="Tags in a caption at most, without trigger and class word.",
                    advanced=True,
                ),
                io.Boolean.Input(
                    "measured_words",
                    default=False,
                    tooltip="Also write what was measured of the picture, such as brightness.",
                    advanced=True,
                ),
                io.Boolean.Input(
                    "shuffle",
                    default=False,
                    tooltip="Mix each picture's tags, always the same way, for trainers that cannot.",
                    advanced=True,
                ),
                io.Boolean.Input(
                    "trigger_in_own_captions",
                    default=True,
                    tooltip="Put the trigger in front of captions that you wrote, where it is missing.",
                    advanced=True,
                ),
            ],
            outputs=[samples_out(), report_out("Which feature goes where and why, before anything is written.")],
        )

    @classmethod
    def validate_inputs(cls, trigger=""):
        from ..models.labelling.settings import LabelSettings

        return check(LabelSettings, trigger) if trigger is not None else True

    @classmethod
    def execute(cls, samples, style_words, **settings):
        from ..models.labelling.label import label
        from ..models.labelling.settings import LabelSettings
        from ..models.labelling.tagpicture import tag_picture

        progress = HostProgress()
        labelled = label(samples, LabelSettings(style_tags=style_words, **settings), progress=progress)
        progress.finish(f"{len(labelled.sample_set)} captions")
        facts = {
            "stage": "tag",
            "samples": len(labelled.sample_set),
            "warnings": list(labelled.warnings),
        }
        picture = tag_picture(labelled)
        return io.NodeOutput(labelled.sample_set, labelled.report, ui=shown(facts, picture, cls=cls))
