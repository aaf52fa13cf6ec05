"""Merge Sample Set Shards: all shards of a set become the set."""

from __future__ import annotations

from comfy_api.latest import io

from ...models.sharding.shard import MOST, Shard
from ..bridge import roots, shown
from ..sockets import report_out, samples_out
from .inputs import CATEGORY, NamesASet, folder_of, name_in


class MergeSampleSetShards(NamesASet, io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeMergeSampleSetShards",
            display_name="Merge Sample Set Shards",
            category=CATEGORY,
            is_output_node=True,
            description="Joins the shards of a set to what one run over the whole set would have saved. Shards that "
            "are missing, damaged or made with other settings are named, and nothing is joined.",
            search_aliases=["join shards", "combine", "concatenate dataset", "troupe", "合并分片", "样本集"],
            inputs=[
                name_in("my_set", "Folder below output/troupe_sets with the shards; or wire Save Sample Set to it."),
                io.Int.Input(
                    "shard_count",
                    default=0,
                    min=0,
                    max=MOST,
                    tooltip="How many shards the set must have; 0 = as many as the files there say.",
                ),
            ],
            outputs=[samples_out("The whole set."), report_out("How many pictures were joined, and where they are.")],
        )

    @classmethod
    def execute(cls, name, shard_count):
        from ...models.samples.glance import glance
        from ...models.sharding.savedset import join, load, path_of

        folder, whole = folder_of(name), Shard(0, 1)
        seal = join(folder, shard_count)
        samples = load(folder, whole, roots())
        file = path_of(folder, whole)
        report = f"{name}: {seal.samples} pictures, {seal.rejected} dropped before.\nWritten to: {file}"
        facts = {
            "stage": "merge",
            "samples": seal.samples,
            "rejected": seal.rejected,
            "name": name,
            "digest": seal.digest,
            "file": str(file),
        }
        picture = glance(samples.samples, samples.rejected)
        return io.NodeOutput(samples, report, ui=shown(facts, picture, cls=cls))
