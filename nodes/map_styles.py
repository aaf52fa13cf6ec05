"""Map Styles: a first sub-style from the text description, a second one to one with an image feature (A3, A4)."""

from __future__ import annotations

from comfy_api.latest import io

from ..models.errors import TroupeError
from .bridge import HostProgress, check, input_path, shown
from .sockets import report_out, samples_in, samples_out

BY_RULES = "by rules"
AXES = ["auto", "angle", "action", "shot", "expression", "background", "place", "none"]


class MapStyles(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        from ..models.styles.library import load_library

        library = load_library()
        return io.Schema(
            node_id="TroupeMapStyles",
            display_name="Map Styles",
            category="Troupe/3 Restyle",
            has_intermediate_output=True,
            description="Chooses how each picture will be drawn: the first sub-style by its description, the second "
            "one by one image feature, one style for one value and never the same for two.",
            search_aliases=[
                "style",
                "anime",
                "ink wash",
                "style selector",
                "watercolor",
                "cartoon",
                "comic",
                "troupe",
                "风格",
                "国风",
                "二次元",
            ],
            inputs=[
                samples_in(),
                io.Combo.Input(
                    "first_style",
                    options=["auto", BY_RULES, *(s.id for s in library.firsts)],
                    default="auto",
                    tooltip="How the character is drawn. Auto: the style closest to the descriptions, one a character. "
                    "By rules: your rules below.",
                ),
                io.String.Input(
                    "rules",
                    default="",
                    multiline=True,
                    tooltip="For first style by rules, one a line, the first that fits wins: night, moon -> ink_wash. "
                    "A star fits everything: * -> anime_cel",
                ),
                io.Combo.Input(
                    "second_by",
                    options=AXES,
                    default="auto",
                    tooltip="Which image feature the second sub-styles belong to, one to one. Auto: the best-known one "
                    "with several values. None: no second sub-styles.",
                ),
                io.String.Input(
                    "table",
                    default="",
                    multiline=True,
                    tooltip="Your own pairs, one a line: front = fine_line. What you leave out is assigned as well as "
                    "possible.",
                ),
                io.String.Input(
                    "own_styles",
                    default="",
                    tooltip="More styles: JSON text, or the path of a JSON file below the input folder.",
                    advanced=True,
                    optional=True,
                ),
                io.String.Input(
                    "previous",
                    default="",
                    multiline=True,
                    tooltip="The mapping of an earlier run, so that a set with new pictures keeps its old pairs.",
                    advanced=True,
                    optional=True,
                ),
            ],
            outputs=[
                samples_out("The set, each picture with its two sub-styles."),
                report_out("Which feature got which style, and why."),
                io.String.Output(
                    display_name="mapping", tooltip='The mapping as JSON; feed it to "previous" to keep it.'
                ),
            ],
        )

    @classmethod
    def validate_inputs(cls, table=""):
        # The host repeats an error on every input named here, so there is one; the rest is checked when it runs.
        from ..models.styles.table import require_one_to_one

        return check(require_one_to_one, table) if table is not None else True

    @classmethod
    def execute(cls, samples, first_style, rules, second_by, table, own_styles="", previous=""):
        from ..models.styles.mapping import MapSettings, map_styles
        from ..models.styles.stylemap import StyleMap
        from ..models.styles.stylepicture import style_picture

        if first_style == BY_RULES and not rules.strip():
            raise TroupeError(
                "The first styles are to be chosen by rules, and there are none",
                remedy="Write rules such as: * -> anime_cel, or choose a first style.",
            )
        settings = MapSettings(
            first=rules if first_style == BY_RULES else first_style,
            axis=second_by,
            table=table,
            previous=StyleMap.from_json(previous) if previous.strip() else None,
            second_enabled=second_by != "none",
        )
        mapped = map_styles(samples, _library(own_styles), settings)
        facts = {"stage": "map styles", "samples": len(mapped.sample_set)}
        HostProgress().finish(mapped.words)
        told = shown(facts, style_picture(mapped), cls=cls)
        return io.NodeOutput(mapped.sample_set, mapped.report, mapped.style_map.to_json(), ui=told)


def _library(own_styles):
    """Ours and the artist's: JSON text, or a file below the input folder."""
    from ..models.styles.library import load_library

    text = own_styles.strip()
    return load_library(text if not text or text.startswith("{") else input_path(text))
