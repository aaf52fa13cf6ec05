"""Painterly Stylizer: a stylizer that needs no weights and no GPU."""

from __future__ import annotations

from comfy_api.latest import io

from ..sockets import Stylizer

KEEP, OWN = "keep the old colours", "my colours"
SAME = "same as subject"


def _parse(new_character, colours):
    from ...models.restyling.palettes import named_palettes, parse_palette

    if new_character == KEEP:
        return None
    return parse_palette(colours) if new_character == OWN else named_palettes()[new_character]


class PainterlyStylizerLoader(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        from ...models.restyling.painterly.looks import LOOKS
        from ...models.restyling.palettes import shipped_colours

        return io.Schema(
            node_id="TroupePainterlyStylizer",
            display_name="Painterly Stylizer",
            category="Troupe/3 Restyle",
            description="Draws by hand-made filters instead of a model: anime, ink wash, watercolour, oil, comic and "
            "more, the same over the whole set, and can give the character new colours.",
            search_aliases=[
                "filter",
                "stylize",
                "no gpu",
                "palette",
                "recolor",
                "anime",
                "watercolor",
                "sketch",
                "troupe",
                "滤镜",
                "配色",
            ],
            inputs=[
                io.Combo.Input(
                    "new_character",
                    options=[KEEP, OWN, *shipped_colours()],
                    default=KEEP,
                    tooltip="Colours of the new character. They replace the old one's hair, skin and clothes colours, "
                    "the same way in every picture.",
                ),
                io.String.Input(
                    "colours",
                    default="#2d4a6b, #e8b04a, #f3e6d0, #a63d40",
                    tooltip='Used with "my colours": 3 to 12 colours as #rrggbb or names.',
                ),
                io.Float.Input(
                    "colour_amount",
                    default=1.0,
                    min=0.0,
                    max=1.0,
                    step=0.05,
                    tooltip="How far the old colours move to the new ones (0 = not at all, 1 = all the way).",
                ),
                io.Float.Input(
                    "strength",
                    default=1.0,
                    min=0.0,
                    max=1.0,
                    step=0.05,
                    tooltip="How strongly every style is drawn (0 = the source picture, 1 = as designed).",
                ),
                io.Combo.Input(
                    "background_look",
                    options=[SAME, *LOOKS],
                    default=SAME,
                    tooltip="Draw what is behind the subject in another look. Needs masks (1 = subject).",
                ),
            ],
            outputs=[Stylizer.Output(display_name="stylizer", tooltip="Who draws; wire it to Restyle.")],
        )

    @classmethod
    def execute(cls, new_character, colours, colour_amount, strength, background_look):
        import comfy.model_management

        from ...models.restyling.painterlystylizer import PainterlyStylizer

        return io.NodeOutput(
            PainterlyStylizer(
                palette=_parse(new_character, colours),
                palette_amount=colour_amount,
                background="" if background_look == SAME else background_look,
                strength=strength,
                device=str(comfy.model_management.get_torch_device()),
            )
        )
