"""Load Composite Samples: groups of foreground, background, composite and position from a folder (B1)."""

from __future__ import annotations

from comfy_api.latest import io

from ...models.errors import TroupeError
from ..bridge import HostProgress, check, composite_sets, image_batch, input_path, shown
from ..sockets import CompositeGroups, report_out


class LoadCompositeSamples(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeLoadCompositeSamples",
            display_name="Load Composite Samples",
            category="Troupe/8 Compositing",
            has_intermediate_output=True,
            description="Reads groups of foreground, background, composite and position from a folder with a "
            "groups.json, and says everything that is wrong with it at once.",
            search_aliases=["composite dataset", "groups.json", "load groups", "troupe", "合成样本"],
            inputs=[
                io.String.Input(
                    "folder",
                    default="",
                    tooltip="A folder with groups.json or groups.jsonl (or sub-folders that have one), below ComfyUI's "
                    "input folder or a full path. Make Composite Samples writes such folders.",
                ),
                io.Float.Input(
                    "leak_warning",
                    default=2.0,
                    min=0.0,
                    max=20.0,
                    step=0.1,
                    tooltip="Warn when a simple filter finds the removed things more often than chance by this factor: "
                    "the network would learn to find repairs. 0 = do not check.",
                    advanced=True,
                ),
            ],
            outputs=[
                CompositeGroups.Output(
                    display_name="groups", tooltip="The groups; wire them to Train Compositing Model."
                ),
                io.Image.Output(display_name="sheet", tooltip="Some groups: foreground, background, composite, box."),
                report_out("How many groups, what is wrong with others, and whether the backgrounds give it away."),
            ],
        )

    @classmethod
    def validate_inputs(cls, folder=""):
        return check(groups_path, folder) if folder is not None else True

    @classmethod
    def fingerprint_inputs(cls, folder="", **_):
        from ...models.compositing.groups.fingerprint import manifest_fingerprint

        return manifest_fingerprint(groups_path(folder)) if folder else ""

    @classmethod
    def execute(cls, folder, leak_warning):
        from ...models.compositing.groups.auditing import audit_of
        from ...models.compositing.groups.groupreport import groups_report
        from ...models.compositing.groups.groupsheet import groups_sheet
        from ...models.compositing.groups.manifest import read_manifest

        progress = HostProgress()
        groups = read_manifest(groups_path(folder), progress)
        audit = audit_of(groups, leak_warning, progress) if leak_warning else None
        picture = image_batch(groups_sheet(groups))
        progress.finish(f"{len(groups)} groups")
        facts = {"stage": "load composite samples", "groups": len(groups), "faults": len(groups.faults)}
        facts |= {"leak_ratio": round(audit.ratio, 3)} if audit else {}
        return io.NodeOutput(groups, picture, groups_report(groups, audit), ui=shown(facts, picture, cls=cls))


def groups_path(folder):
    """Raises `TroupeError` where nothing is typed: all of the input folder is no set of groups."""
    if not folder.strip():
        raise TroupeError("No folder was typed", remedy="Type one that has a groups.json in it.")
    return input_path(folder, composite_sets())
