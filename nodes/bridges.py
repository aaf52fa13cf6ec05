"""Bridges between sample sets and the host's IMAGE, MASK and STRING lists, so that every other node can take part."""

from __future__ import annotations

from comfy_api.latest import io

from .bridge import HostProgress, UsesStore, shown, store
from .sockets import samples_in, samples_out

CATEGORY = "Troupe/6 Bridges"
ORDER = "In the order of Sample Set to Images."


def _one(values, default=None):
    """A widget's value: with list inputs every widget arrives as a list of one."""
    return values[0] if values else default


class SampleSetFromImages(UsesStore, io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeSampleSetFromImages",
            display_name="Sample Set from Images",
            category=CATEGORY,
            is_input_list=True,
            has_intermediate_output=True,
            description="Makes a sample set of pictures from any other node.",
            search_aliases=["images to dataset", "collect images", "troupe", "图像转样本集"],
            inputs=[
                io.Image.Input("images", tooltip="Pictures of one character, as a list or a batch; any sizes."),
                io.String.Input(
                    "character",
                    default="character",
                    tooltip="The character's name; a trigger word can be made from it.",
                ),
                io.Mask.Input("masks", optional=True, tooltip="One mask per picture, 1 = subject."),
                io.String.Input(
                    "names",
                    optional=True,
                    force_input=True,
                    tooltip="One name per picture. Words such as front, run or close-up in it are understood.",
                ),
                io.String.Input(
                    "captions", optional=True, force_input=True, tooltip="One caption per picture, kept as your words."
                ),
            ],
            outputs=[samples_out("The new set.")],
        )

    @classmethod
    def execute(cls, images, character, masks=None, names=None, captions=None):
        from ..models.samples.bridging import from_images
        from ..models.samples.captiontext import with_captions, with_name_words
        from ..models.samples.glance import glance

        made = from_images(images, store(), character=_one(character), masks=masks or (), names=names or ())
        made = with_name_words(made) if names else made
        made = with_captions(made, captions, mine=True) if captions else made
        facts = {"stage": "from images", "samples": len(made)}
        return io.NodeOutput(made, ui=shown(facts, glance(made.samples), cls=cls))


class SampleSetToImages(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeSampleSetToImages",
            display_name="Sample Set to Images",
            category=CATEGORY,
            description="Opens the set as equal-length lists for any other node: sampler, captioner, detector. "
            "Bring results back with Set Images, Set Captions or Set Masks.",
            search_aliases=["dataset to images", "unpack", "prompts list", "troupe", "样本集转图像"],
            inputs=[
                samples_in(),
                io.Int.Input(
                    "longest_side",
                    default=0,
                    min=0,
                    max=8192,
                    step=8,
                    tooltip="Bring larger pictures down to this (0 = full size). All are in memory at once.",
                ),
                io.Int.Input(
                    "seed",
                    default=0,
                    min=0,
                    max=0xFFFFFFFFFFFFFFFF,
                    # Another seed after every run would have all that is wired to the pictures run again.
                    control_after_generate=False,
                    tooltip="Each picture's own seed comes from this one and the picture's name.",
                ),
            ],
            outputs=[
                io.Image.Output(display_name="images", is_output_list=True, tooltip="The pictures, one by one."),
                io.Mask.Output(
                    display_name="masks", is_output_list=True, tooltip="1 = subject; all 1 where there is no mask."
                ),
                io.String.Output(
                    display_name="captions", is_output_list=True, tooltip="Caption, or else the sentence."
                ),
                io.String.Output(
                    display_name="prompts",
                    is_output_list=True,
                    tooltip="Style words and description, for img2img models.",
                ),
                io.String.Output(
                    display_name="negatives", is_output_list=True, tooltip="The styles' negative prompts."
                ),
                io.String.Output(
                    display_name="instructions",
                    is_output_list=True,
                    tooltip="For edit models: what to change and keep.",
                ),
                io.Int.Output(
                    display_name="seeds",
                    is_output_list=True,
                    tooltip="One seed per picture; adding pictures changes no other.",
                ),
                io.String.Output(
                    display_name="names",
                    is_output_list=True,
                    tooltip="The pictures' ids, such as mira/front_01; for file names.",
                ),
            ],
        )

    @classmethod
    def execute(cls, samples, longest_side, seed):
        from ..models.formats.captions import without_separator
        from ..models.samples.bridging import blank_mask, host_image
        from ..models.samples.prompts import style_instruction, style_negative, style_prompt
        from ..models.samples.sample import read_picture
        from ..models.samples.seeds import sample_seed

        samples.require_any("Sample Set to Images")
        progress = HostProgress()
        images, masks = [], []
        for done, sample in enumerate(samples.samples):
            progress(done, len(samples), sample.id)
            picture = read_picture(sample)
            images.append(host_image(picture.rgb, longest_side))
            height, width = images[-1].shape[1:3]
            masks.append(blank_mask(width, height) if picture.mask is None else host_image(picture.mask, longest_side))
        return io.NodeOutput(
            images,
            masks,
            # The mark of a kept head is for one trainer; a text encoder would read it.
            [without_separator(s.labels.caption) if s.labels else s.description.sentence for s in samples.samples],
            [style_prompt(s) for s in samples.samples],
            [style_negative(s) for s in samples.samples],
            [style_instruction(s) for s in samples.samples],
            [sample_seed(seed, s.id) for s in samples.samples],
            [s.id for s in samples.samples],
        )


class SetImages(UsesStore, io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeSetImages",
            display_name="Set Images",
            category=CATEGORY,
            is_input_list=True,
            has_intermediate_output=True,
            description="Puts pictures that other nodes made back into the set. Each remembers what it was made from.",
            search_aliases=["images to sample set", "collect", "replace images", "troupe", "设置图像"],
            inputs=[
                samples_in("The set the pictures were made from."),
                io.Image.Input("images", tooltip=f"One picture per sample. {ORDER}"),
            ],
            outputs=[samples_out("The set with the new pictures.")],
        )

    @classmethod
    def execute(cls, samples, images):
        from ..models.samples.bridging import with_images
        from ..models.samples.glance import glance_at_pairs

        redrawn = with_images(_one(samples), images, store())
        facts = {"stage": "set images", "samples": len(redrawn)}
        return io.NodeOutput(redrawn, ui=shown(facts, glance_at_pairs(redrawn.samples), cls=cls))


class SetCaptions(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeSetCaptions",
            display_name="Set Captions",
            category=CATEGORY,
            is_input_list=True,
            description="Puts captions or tags from another node, e.g. a tagger, into the set.",
            search_aliases=["wd14", "tags to dataset", "florence", "joycaption", "troupe", "设置描述", "打标"],
            inputs=[
                samples_in(),
                io.String.Input("captions", force_input=True, tooltip=f"One sentence or tag list per sample. {ORDER}"),
                io.Boolean.Input(
                    "mine",
                    default=False,
                    label_on="my words",
                    label_off="machine text",
                    tooltip="Your words are never overwritten; machine text may be.",
                ),
            ],
            outputs=[samples_out("The set with the captions and the features found in them.")],
        )

    @classmethod
    def execute(cls, samples, captions, mine):
        from ..models.samples.captiontext import with_captions

        return io.NodeOutput(with_captions(_one(samples), captions, mine=_one(mine, False)))


class SetMasks(UsesStore, io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeSetMasks",
            display_name="Set Masks",
            category=CATEGORY,
            is_input_list=True,
            description="Gives every sample a mask of its subject, e.g. from the host's Remove Background.",
            search_aliases=[
                "mask to dataset",
                "segmentation",
                "remove background",
                "troupe",
                "设置遮罩",
                "掩码",
                "抠图",
            ],
            inputs=[
                samples_in(),
                io.Mask.Input("masks", tooltip=f"One mask per sample. {ORDER}"),
                io.Boolean.Input(
                    "inverted",
                    default=False,
                    label_on="1 = background",
                    label_off="1 = subject",
                    tooltip="Load Image and some others mark the background; say so here.",
                ),
            ],
            outputs=[samples_out("The set with the masks.")],
        )

    @classmethod
    def execute(cls, samples, masks, inverted):
        from ..models.samples.bridging import with_masks

        flipped = [1 - m for m in masks] if _one(inverted, False) else masks
        return io.NodeOutput(with_masks(_one(samples), flipped, store()))
