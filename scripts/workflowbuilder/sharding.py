"""A large set restyled in shards: saved with its styles, drawn part by part, joined."""

from __future__ import annotations

from .graph import BLUE, GREEN, ORANGE, PURPLE, Graph
from .restyling import styled_pictures

SAVE = """
# A large set, first of three: save it with its styles

1. Type your folder in place of **troupe-samples/mira** and press **Run**: pictures are described, and each is given its
   styles. Styles are mapped over the whole set, so this comes before the shards.
2. **Save Sample Set** keeps what is known of the pictures as *output/troupe_sets/my_styled_set*.
3. Go on with the template **restyle_in_shards**.
"""

RESTYLE = """
# A large set, second of three: draw it in shards

Loads one part of *my_styled_set* (the template **save_for_shards** makes it), draws it and saves it as that part of
*my_restyled_set*. As it stands, with **shard_count** 1, it draws the whole set.

For many parts on one or several running ComfyUIs, export this workflow with **Export (API)** and run

    python3 scripts/troupe.py queue FILE.json --shards 64 \\
      --server 127.0.0.1:8188 --server host2:8188

It sets **shard_index** and **shard_count**. All servers share ComfyUI's folders *input* and *output*.

Any stylizer will do in place of *Painterly Stylizer*. Join the parts with the template **join_shards**.
"""

JOIN = """
# A large set, last of three: join the shards

**Merge Sample Set Shards** makes one set of all shards of *my_restyled_set*, the very one that a single run would have
made. Shards that are missing, or were drawn with other settings, are named.

Then go on as with any set. Behind the shards, `troupe.py queue` runs this workflow, too: add `--then FILE.json`.
"""


def save_for_shards() -> Graph:
    graph = Graph("save_for_shards", "Save a large set with its styles")
    styles = styled_pictures(graph, SAVE)
    with graph.group("2  Save it", ORANGE):
        save = graph.node(
            "TroupeSaveSampleSet",
            "Save Sample Set",
            at=(1770, 0),
            size=(360, 280),
            samples=styles["samples"],
            name="my_styled_set",
        )
        graph.node("PreviewAny", "What was saved", at=(1770, 370), size=(360, 270), source=save["report"])
    return graph


def restyle_in_shards() -> Graph:
    graph = Graph("restyle_in_shards", "Redraw a large set in shards")
    graph.note(RESTYLE, at=(0, 0), size=(440, 520), title="Start here")
    with graph.group("1  One shard of the set", BLUE):
        load = graph.node(
            "TroupeLoadSavedSampleSet",
            "Load Saved Sample Set",
            at=(510, 0),
            size=(360, 560),
            name="my_styled_set",
        )
    with graph.group("2  Draw it", ORANGE):
        stylizer = graph.node(
            "TroupePainterlyStylizer",
            "Painterly Stylizer",
            at=(970, 0),
            size=(330, 190),
            new_character="ember knight",
        )
        restyle = graph.node(
            "TroupeRestyle",
            "Restyle",
            at=(1370, 0),
            size=(340, 880),
            samples=load["samples"],
            stylizer=stylizer["stylizer"],
        )
        graph.node("PreviewAny", "What was drawn", at=(970, 320), size=(330, 560), source=restyle["report"])
    with graph.group("3  Save the shard", GREEN):
        save = graph.node(
            "TroupeSaveSampleSet",
            "Save Sample Set",
            at=(1810, 0),
            size=(360, 280),
            samples=restyle["samples"],
            name="my_restyled_set",
            shard_index=load["shard_index"],
            shard_count=load["shard_count"],
        )
        graph.node("PreviewAny", "What was saved", at=(1810, 370), size=(360, 510), source=save["report"])
    return graph


def join_shards() -> Graph:
    graph = Graph("join_shards", "Join the shards of a set, and write it")
    graph.note(JOIN, at=(0, 0), size=(440, 360), title="Start here")
    with graph.group("1  Join", BLUE):
        merge = graph.node(
            "TroupeMergeSampleSetShards",
            "Merge Sample Set Shards",
            at=(510, 0),
            size=(360, 500),
            name="my_restyled_set",
        )
        graph.node("PreviewAny", "What was joined", at=(510, 600), size=(360, 280), source=merge["report"])
    with graph.group("2  Captions", PURPLE):
        tag = graph.node(
            "TroupeTagFeatures",
            "Tag Features",
            at=(970, 0),
            size=(340, 880),
            samples=merge["samples"],
            trigger="emberkn",
            class_word="1girl",
        )
    with graph.group("3  Write", GREEN):
        write = graph.node(
            "TroupeWriteLoRADataset",
            "Write LoRA Dataset",
            at=(1410, 0),
            size=(360, 880),
            samples=tag["samples"],
            name="emberkn_large",
            class_word="1girl",
        )
        graph.node("PreviewAny", "What the trainer will see", at=(1840, 0), size=(600, 880), source=write["report"])
    return graph
