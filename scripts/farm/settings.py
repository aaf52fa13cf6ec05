"""What a recipe says of the steps whose settings are not those of one function."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...models.adjusting.preset import PRESETS, Preset, parse_preset
from ...models.captioning.describe import Rewrite
from ...models.registration.gate import GateSettings
from ...models.restyling.drawing import RestyleSettings
from ...models.restyling.painterly import LOOKS, CharacterPalette
from ...models.restyling.painterlystylizer import PainterlyStylizer
from ...models.restyling.palettes import named_palettes, parse_palette
from ...models.styles.firsts import FirstStyles, Scope
from ...models.styles.library import load_library
from ...models.styles.mapping import MapSettings
from ...models.styles.seconds import allowed_seconds
from ...models.styles.table import require_one_to_one
from ..compositing.jsonvalues import wrong

OWN = "my wishes only"
MOST_RETRIES = 10


@dataclass(frozen=True)
class Describing:
    """captioner: "measured" needs no weights; "openclip" looks with `model`, a folder or a .safetensors file, on
    `device`."""

    captioner: Literal["measured", "openclip"] = "measured"
    rewrite: Rewrite = "fill gaps"
    model: Path | None = None
    architecture: str = ""
    precision: Literal["fp32", "fp16", "bf16"] = "fp32"
    batch_size: int = 16
    strictness: float = 0.0
    device: str = "cpu"

    def check(self) -> None:
        if self.captioner == "openclip" and self.model is None:
            raise wrong("recipe.describe.model", "is missing", "Name a folder or a .safetensors file.")


@dataclass(frozen=True)
class StyleMapping:
    """As `mapping.MapSettings`. own_styles: a JSON file with more styles."""

    first: str = "auto"
    axis: str = "auto"
    table: str = ""
    seconds: tuple[str, ...] = ()
    second_enabled: bool = True
    first_scope: Scope = "character"
    own_styles: Path | None = None

    @property
    def settings(self) -> MapSettings:
        said = {name: value for name, value in vars(self).items() if name != "own_styles"}
        return MapSettings(**said)

    def check(self) -> None:
        library = load_library(self.own_styles)
        FirstStyles.of(library, self.first, {})
        allowed_seconds(library, self.seconds)
        require_one_to_one(self.table)


@dataclass(frozen=True)
class Restyling:
    """With the Painterly Stylizer. new_character: one of its palettes, or colours such as "#2d4a6b, #e8b04a, #f3e6d0",
    "" keeps the old ones. minimum_structure: 0 leaves the structure unchecked. device: where to draw, "cuda:0"."""

    new_character: str = ""
    colour_amount: float = 1.0
    strength: float = 1.0
    background_look: str = ""
    seed: int = 0
    minimum_structure: float = 0.3
    retries: int = 1
    closer: float = 0.2
    device: str = "cpu"

    @property
    def settings(self) -> RestyleSettings:
        gate = GateSettings(minimum=self.minimum_structure) if self.minimum_structure > 0 else None
        return RestyleSettings(self.seed, gate, self.retries, self.closer)

    def palette(self) -> CharacterPalette | None:
        """Raises `TroupeError` for colours that are none."""
        if not self.new_character:
            return None
        return named_palettes().get(self.new_character) or parse_palette(self.new_character)

    @property
    def stylizer(self) -> PainterlyStylizer:
        return PainterlyStylizer(self.palette(), self.colour_amount, self.background_look, self.strength, self.device)

    def check(self) -> None:
        for name in ("colour_amount", "strength", "minimum_structure", "closer"):
            if not 0 <= getattr(self, name) <= 1:
                raise wrong(f"recipe.restyle.{name}", f"is {getattr(self, name)}", "Write a number from 0 to 1.")
        if not 0 <= self.retries <= MOST_RETRIES:
            raise wrong("recipe.restyle.retries", f"is {self.retries}", f"Write a number from 0 to {MOST_RETRIES}.")
        if self.background_look not in ("", *LOOKS):
            remedy = f"Choose one of: {', '.join(LOOKS)}."
            raise wrong("recipe.restyle.background_look", f"is {self.background_look!r}", remedy)
        self.palette()


@dataclass(frozen=True)
class Adjusting:
    """wishes: TOML, or JSON, laid over the preset."""

    preset: str = "everything usable"
    wishes: str = ""

    @property
    def wanted(self) -> Preset:
        if self.preset not in (*PRESETS, OWN):
            raise wrong("recipe.adjust.preset", f"is {self.preset!r}", f"Choose one of: {', '.join((*PRESETS, OWN))}.")
        return parse_preset(self.wishes, PRESETS.get(self.preset))

    def check(self) -> None:
        self.wanted.quotas()
