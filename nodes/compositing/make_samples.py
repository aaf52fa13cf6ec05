"""Make Composite Samples: groups of foreground, background, composite and position out of any pictures (B1)."""

from __future__ import annotations

from comfy_api.latest import io

from ..bridge import HostProgress, check, composite_sets, image_batch, input_folder, input_path, shown, store
from ..sockets import CompositeGroups, report_out


class MakeCompositeSamples(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeMakeCompositeSamples",
            display_name="Make Composite Samples",
            category="Troupe/8 Compositing",
            is_output_node=True,
            is_input_list=True,
            description="Takes the masked thing out of each picture and fills its place with the picture's own "
            "texture, so that a model can learn where things stand. What is finished is kept: after Cancel only "
            "missing groups are made.",
            search_aliases=["composite dataset", "remove object", "inpaint background", "troupe", "制作合成样本"],
            inputs=[
                io.String.Input(
                    "name", default="my_groups", tooltip="Folder below output/composite_samples; name_2 if it is taken."
                ),
                io.String.Input(
                    "folder",
                    default="",
                    tooltip="Pictures from here as well, below ComfyUI's input folder or a full path. The mask of "
                    "NAME.jpg is NAME_mask.png beside it, or masks/NAME.png, white = the thing; or else its own alpha.",
                ),
                io.Int.Input(
                    "decoys",
                    default=4,
                    min=0,
                    max=32,
                    tooltip="Places repaired without need in each picture, so that a repair tells nothing.",
                ),
                io.Float.Input(
                    "shadow_growth",
                    default=0.06,
                    min=0.0,
                    max=1.0,
                    step=0.01,
                    tooltip="How far around its foot the thing's shadow is removed too, in heights of the thing.",
                ),
                io.Boolean.Input(
                    "degrade",
                    default=True,
                    tooltip="Spoil background and composite alike (noise, JPEG), so that it tells them not apart.",
                ),
                io.Int.Input(
                    "seed",
                    default=0,
                    min=0,
                    max=0xFFFFFFFFFFFFFFFF,
                    control_after_generate=False,
                    tooltip="For fills, decoys and noise: the same seed makes the same groups.",
                ),
                io.Int.Input(
                    "longest_side",
                    default=1024,
                    min=0,
                    max=8192,
                    step=8,
                    tooltip="Larger pictures are brought down to this (0 = full size, which takes longer).",
                    advanced=True,
                ),
                io.Float.Input(
                    "leak_warning",
                    default=2.0,
                    min=0.0,
                    max=20.0,
                    step=0.1,
                    tooltip="Warn when a simple filter finds the removed things more often than chance by this factor. "
                    "0 = do not check.",
                    advanced=True,
                ),
                io.Image.Input(
                    "images", optional=True, tooltip="Whole pictures, one thing in each; a list or a batch, any sizes."
                ),
                io.Mask.Input("masks", optional=True, tooltip="One per picture, 1 = the thing. Not needed for RGBA."),
            ],
            outputs=[
                CompositeGroups.Output(
                    display_name="groups", tooltip="The groups; wire them to Train Compositing Model."
                ),
                io.Image.Output(display_name="sheet", tooltip="Some groups: cut-out, background, composite."),
                io.String.Output(display_name="folder", tooltip="Where they lie, for Load Composite Samples."),
                report_out("How many groups, which pictures cannot be used and why, and whether backgrounds leak."),
            ],
        )

    @classmethod
    def validate_inputs(cls, name=("",), folder=("",)):
        from ...models.compositing.groups.setfolder import set_name

        named = check(set_name, _one(name)) if _one(name) is not None else True
        return named if named is not True or not _one(folder) else check(input_path, _one(folder))

    @classmethod
    def fingerprint_inputs(cls, name=("",), folder=("",), **_):
        from ...models.compositing.groups.setfolder import set_fingerprint
        from ...models.samples.listing import folder_fingerprint

        pictures = folder_fingerprint(input_path(_one(folder))) if _one(folder) else ""
        return f"{set_fingerprint(composite_sets(), _one(name) or '')} {pictures}"

    @classmethod
    def execute(
        cls, name, folder, decoys, shadow_growth, degrade, seed, longest_side, leak_warning, images=None, masks=None
    ):
        from ...models.compositing.groups.auditing import audit_of
        from ...models.compositing.groups.groupreport import groups_report
        from ...models.compositing.groups.groupsheet import groups_sheet
        from ...models.compositing.groups.makeset import make_set
        from ...models.compositing.groups.making import MakeSettings
        from ...models.compositing.groups.setfolder import set_name
        from ...models.compositing.groups.sources import gathered

        progress = HostProgress()
        settings = MakeSettings(_one(decoys), _one(shadow_growth), _one(degrade), _one(seed))
        sources, left_out = gathered(images, masks, input_folder(_one(folder)) if _one(folder) else None)
        place = composite_sets() / set_name(_one(name))
        side, warn_above = _one(longest_side), _one(leak_warning)
        made = make_set(sources, settings, place, store(), longest_side=side, left_out=left_out, progress=progress)
        groups = made.groups
        audit = audit_of(groups, warn_above, progress) if warn_above else None
        picture = image_batch(groups_sheet(groups))
        progress.finish(f"{len(groups)} groups: {made.computed} made, {made.reused} found finished")
        facts = {"stage": "make composite samples", "groups": len(groups), "faults": len(groups.faults)}
        facts |= {"computed": made.computed, "reused": made.reused, "folder": str(groups.root)}
        facts |= {"leak_ratio": round(audit.ratio, 3)} if audit else {}
        report = groups_report(groups, audit)
        return io.NodeOutput(groups, picture, str(groups.root), report, ui=shown(facts, picture, cls=cls))


def _one(values):
    """A widget's value: with list inputs every widget arrives as a list of one."""
    return values[0] if isinstance(values, list | tuple) else values
