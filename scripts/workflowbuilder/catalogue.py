"""Every workflow that ships, in the order of the README."""

from __future__ import annotations

from .bridging import restyle_with_any_sampler
from .captioning import describe_with_clip, describe_with_vision_language
from .compositing import composite_one_picture, place_several, staged_lora_dataset, train_compositing_model
from .converting import convert_lora_dataset
from .flagship import character_lora_dataset
from .pairs import write_edit_pairs
from .restyling import restyle_with_checkpoint, restyle_with_diffusers, restyle_with_edit_model
from .reviewing import review_samples
from .sharding import join_shards, restyle_in_shards, save_for_shards
from .training import train_a_lora

WORKFLOWS = (
    character_lora_dataset,
    describe_with_clip,
    describe_with_vision_language,
    review_samples,
    restyle_with_checkpoint,
    restyle_with_edit_model,
    restyle_with_diffusers,
    write_edit_pairs,
    restyle_with_any_sampler,
    convert_lora_dataset,
    staged_lora_dataset,
    save_for_shards,
    restyle_in_shards,
    join_shards,
    train_a_lora,
    composite_one_picture,
    place_several,
    train_compositing_model,
)
