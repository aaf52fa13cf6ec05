"""Every workflow that ships, in the order of the README."""

from __future__ import annotations

from .bridging import restyle_with_any_sampler
from .captioning import describe_with_clip
from .compositing import composite_one_picture, place_several, staged_lora_dataset, train_compositing_model
from .converting import convert_lora_dataset
from .flagship import character_lora_dataset
from .restyling import restyle_with_checkpoint, restyle_with_diffusers, restyle_with_edit_model
from .reviewing import review_samples

WORKFLOWS = (
    character_lora_dataset,
    describe_with_clip,
    review_samples,
    restyle_with_checkpoint,
    restyle_with_edit_model,
    restyle_with_diffusers,
    restyle_with_any_sampler,
    convert_lora_dataset,
    staged_lora_dataset,
    composite_one_picture,
    place_several,
    train_compositing_model,
)
