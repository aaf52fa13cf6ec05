"""Save Sample Set: a set, or a shard of one, as a file that other runs and other servers go on from."""

from __future__ import annotations

from comfy_api.latest import io

from ...models.sharding.shard import Shard
from ..bridge import HostProgress, keeper, roots, shown
from ..sockets import report_out, samples_in, samples_out
from .inputs import CATEGORY, NamesAShard, folder_of, name_in, shard_in
from .made_by import made_by


class SaveSampleSet(NamesAShard, io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeSaveSampleSet",
            display_name="Save Sample Set",
            category=CATEGORY,
            is_output_node=True,
            description="Saves a sample set, or one shard of it, below output/troupe_sets: what is known of every "
            "picture, and where its file is. Drawn pictures are kept in output/troupe_pictures.",
            search_aliases=["save dataset", "manifest", "shard", "checkpoint", "troupe", "保存样本集", "分片"],
            inputs=[
                samples_in("The set to save; all of it is saved as this shard."),
                name_in("my_set", "Folder below output/troupe_sets. A set that is there is replaced."),
                *shard_in(),
            ],
            outputs=[
                samples_out("The same set."),
                io.String.Output(
                    display_name="name", tooltip="For Load Saved Sample Set and Merge Sample Set Shards, which wait."
                ),
                report_out("How many pictures were saved, and where."),
            ],
            hidden=[io.Hidden.prompt, io.Hidden.unique_id],
        )

    @classmethod
    def execute(cls, samples, name, shard_index, shard_count):
        from ...models.sharding.savedset import save

        shard = Shard(shard_index, shard_count)
        key = made_by(cls.hidden.prompt, cls.hidden.unique_id, name, shard)
        progress = HostProgress()
        saved = save(folder_of(name), shard, keeper().sample_set(samples, progress), key, roots())
        progress.finish(f"{saved.seal.samples} pictures saved" if saved.anew else "finished already")
        facts = {
            "stage": "save",
            "samples": saved.seal.samples,
            "rejected": saved.seal.rejected,
            "name": name,
            "shard": shard.name,
            "anew": saved.anew,
            "file": str(saved.path),
        }
        part = f"shard {shard.index} of {shard.count}" if shard.count > 1 else "whole"
        report = (
            f"{name}, {part}: {saved.seal.samples} pictures, {saved.seal.rejected} dropped before.\n"
            f"{'Written to' if saved.anew else 'Finished already'}: {saved.path}"
        )
        return io.NodeOutput(samples, name, report, ui=shown(facts))
