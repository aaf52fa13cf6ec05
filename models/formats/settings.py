"""What a person chooses when a LoRA data set is written."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import TroupeError
from .naming import data_set_name

PICTURE_FORMATS = ("png", "jpg", "webp")
RESIZES = ("none", "longest side", "shortest side", "bucket")
MODES = ("new", "replace", "add")
# Below one bucket step no trainer learns anything; above 8192 Pillow's WebP and most VAEs give up.
RESOLUTIONS = (64, 8192)


@dataclass(frozen=True)
class WriteSettings:
    """`name`: the data set's folder below the root, a name and not a path.

    `resize`: "none" leaves pictures as they are; "longest side" and "shortest side" bring that side to
    `resolution` pixels; "bucket" also crops to a size that the format's trainers cut no further, so that the
    cut can be seen before training and masks stay on their subject.
    `upscale`: enlarge pictures that are smaller than that; the trainer learns the blur, so it is off.
    `repeats`: how often a trainer shows each picture in an epoch; 0 = worked out from `target_steps`.
    `batch_size`, `epochs`: what the training will use; they decide what `target_steps` means.
    `masks`: write masks for masked training; `mask_dilate`: how far they reach past the subject, in pixels.
    `mode`: "new" never touches an existing data set (name, name_2, ...), "replace" swaps it for this one,
    "add" puts the pictures that it does not have yet behind its own.
    `class_word`: what the character is ("girl", "fox"), behind the trigger word in folder names and in captions
    that would be empty. `keep_tokens`: how many comma parts at a caption's start a trainer must not shuffle.
    `include_originals`: also write the pictures that the samples were restyled from, in a folder of their own.
    `pairs`: write each picture's original beside it, cut and scaled alike, for models that learn to edit; then captions
    are instructions. `instruction`: theirs, with `pairing.STYLE` where the styles' own goes. `minimum_structure`: share
    of the picture that must lie where it does in its original, or the pair is left out; 0 = do not look.
    """

    name: str
    format: str = "kohya"
    picture_format: str = "png"
    resize: str = "longest side"
    resolution: int = 1024
    upscale: bool = False
    repeats: int = 0
    target_steps: int = 1500
    batch_size: int = 1
    epochs: int = 10
    masks: bool = True
    mask_dilate: int = 8
    mode: str = "new"
    class_word: str = ""
    licence_note: str = ""
    keep_tokens: int = 1
    include_originals: bool = False
    pairs: bool = False
    instruction: str = "{style}"
    minimum_structure: float = 0.3

    def __post_init__(self) -> None:
        check_name(self.name)
        for name, choices in (("picture_format", PICTURE_FORMATS), ("resize", RESIZES), ("mode", MODES)):
            if getattr(self, name) not in choices:
                raise TroupeError(
                    f"Unknown {name.replace('_', ' ')}",
                    item=repr(getattr(self, name)),
                    remedy=f"Choose one of: {', '.join(choices)}.",
                )
        low, high = RESOLUTIONS
        for name, least, most in (
            ("resolution", low, high),
            ("repeats", 0, None),
            ("target_steps", 1, None),
            ("batch_size", 1, None),
            ("epochs", 1, None),
            ("mask_dilate", 0, None),
            ("keep_tokens", 0, None),
            ("minimum_structure", 0, 1),
        ):
            value = getattr(self, name)
            if value < least or (most is not None and value > most):
                wanted = f"at least {least}" if most is None else f"from {least} to {most}"
                raise TroupeError(
                    f"Out of range: {name.replace('_', ' ')}", item=str(value), remedy=f"It must be {wanted}."
                )

    @property
    def step(self) -> str:
        """The node that is at work, as people know it."""
        return "Write Edit Pairs" if self.pairs else "Write LoRA Dataset"

    @property
    def suffix(self) -> str:
        """The written pictures' file suffix, with its dot."""
        return f".{self.picture_format}"


def check_name(name: str) -> None:
    """Raises `TroupeError` for a data set's name that is a path, or nothing."""
    data_set_name(name)
