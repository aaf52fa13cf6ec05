"""Load Saved Sample Set: a set that was saved, or one shard of it."""

from __future__ import annotations

from comfy_api.latest import io

from ...models.sharding.shard import Shard
from ..bridge import roots, shown
from ..sockets import report_out, samples_out
from .inputs import CATEGORY, NamesAShard, folder_of, name_in, shard_in


class LoadSavedSampleSet(NamesAShard, io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeLoadSavedSampleSet",
            display_name="Load Saved Sample Set",
            category=CATEGORY,
            has_intermediate_output=True,
            description="Reads a set that Save Sample Set or Merge Sample Set Shards wrote, or one shard of it. "
            "Restyled in shards it becomes what it would have become as a whole.",
            search_aliases=["load dataset", "manifest", "shard", "resume", "troupe", "加载样本集", "分片"],
            inputs=[
                name_in("my_set", "Folder below output/troupe_sets; or wire Save Sample Set to it."),
                *shard_in(),
            ],
            outputs=[
                samples_out("The set as it was saved, or this part of it."),
                io.Int.Output(
                    display_name="shard_index", tooltip="Wire it to Save Sample Set, so that both are the same shard."
                ),
                io.Int.Output(display_name="shard_count", tooltip="The same for the number of shards."),
                report_out("How many pictures there are."),
            ],
        )

    @classmethod
    def execute(cls, name, shard_index, shard_count):
        from ...models.samples.glance import glance
        from ...models.sharding.savedset import load

        shard = Shard(shard_index, shard_count)
        samples = load(folder_of(name), shard, roots())
        part = f"shard {shard.index} of {shard.count}" if shard.count > 1 else "whole"
        report = f"{name}, {part}: {len(samples)} pictures of {', '.join(samples.characters) or 'nobody'}."
        facts = {"stage": "load saved", "samples": len(samples), "rejected": len(samples.rejected), "shard": shard.name}
        picture = glance(samples.samples, samples.rejected)
        return io.NodeOutput(samples, shard_index, shard_count, report, ui=shown(facts, picture, cls=cls))
