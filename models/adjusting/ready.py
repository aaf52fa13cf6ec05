"""Ready presets: what people who train character LoRAs say they use, as data."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from .wishes import Preset, Wish

# Sources, read in 2026; practitioners' advice, which contradicts itself, hence several.
# 20 to 30 pictures, 40 % close-ups, 30 % medium, 30 % full: civitai.com/articles/26698. At least one back and one
# profile, three expressions: the same and rishidesai.github.io/posts/character-lora.
# 12 faces, 6 busts, 6 bodies, 1 back of 25: the composition target of LoRA Dataset Studio.
# A third identity, two thirds in context: civitai.com/articles/31467.
# 256 pixels: sd-scripts has no smaller bucket (min_bucket_reso); 768: what SDXL and Flux still learn detail from.

_SHOTS_40_30_30 = (Wish("close-up", share=0.4), Wish("medium", share=0.3), Wish("full", share=0.3))

# Exposure: shares that no good picture reached. White: of 66 drawn figures, reduced to thin lines a third as tall as
# the sheet, without a mask, up to 0.991; cut out on white 0.986; photographs 0.57. Black: of 138 photographs darkened
# to night, exposure down by 2.7 stops after a gamma of 2.2, up to 0.86; line drawings 0.47.
_USABLE = Preset(minimum_side=256, sharpness_minimum=0.35, clipped_dark_maximum=0.98, clipped_bright_maximum=0.995)

PRESETS = MappingProxyType(
    {
        "everything usable": _USABLE,
        "character LoRA, 25 pictures (40/30/30)": replace(
            _USABLE,
            total=25,
            shots=_SHOTS_40_30_30,
            crop_to_shot=("close-up", "medium"),
            identity_minimum=0.5,
        ),
        "character LoRA, 40 pictures, all angles, from 768 pixels": replace(
            _USABLE,
            total=40,
            shots=_SHOTS_40_30_30,
            angles=(
                Wish("front", share=0.35),
                Wish("three-quarter", share=0.3),
                Wish("side", share=0.2),
                Wish("back", share=0.15),
            ),
            crop_to_shot=("close-up", "medium"),
            minimum_side=768,
            identity_minimum=0.5,
        ),
        "face heavy": replace(
            _USABLE,
            total=25,
            shots=(Wish("close-up", 12), Wish("medium", 6), Wish("full", 7)),
            crop_to_shot=("close-up",),
            sharpness_minimum=0.5,
            identity_minimum=0.5,
        ),
        "identity and context (1/3, 2/3)": replace(
            _USABLE,
            total=30,
            shots=(Wish("close-up", 10), Wish("medium", 10), Wish("full", 10)),
        ),
        "duplicates only": Preset(),
    }
)
