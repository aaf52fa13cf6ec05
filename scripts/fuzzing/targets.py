"""Everything that reads what others wrote; a new reader adds a line."""

from __future__ import annotations

from . import datasets, files, texts
from .target import Target

TARGETS = (
    Target("caption", "captions and tags", texts.caption, texts.words_seeds),
    Target("record", "JSON objects about a picture", texts.record, texts.words_seeds),
    Target("wishes", "presets of Adjust, TOML and JSON", texts.wishes, texts.wish_seeds),
    Target("styles", "rules, tables, maps and libraries of styles", texts.styles, texts.style_seeds),
    Target("tags", "patterns, renamings and trigger words", texts.tags, texts.tag_seeds),
    Target("colours", "palettes and colours", texts.colours, texts.colour_seeds),
    Target("answers", "what models that write say", texts.answers, texts.answer_seeds),
    Target("names", "texts that become names of files", texts.names, texts.name_seeds),
    Target("places", "texts that go into manifests", texts.places, texts.place_seeds),
    Target("sidecar", "texts and tables beside pictures", files.sidecar, files.sidecar_seeds),
    Target("groups", "lists of composite groups", files.groups, files.group_seeds),
    Target("weights", "safetensors files", files.weights, files.weight_seeds),
    Target("prompts", "prompts.json of OpenCLIP Captioner", files.prompts, files.prompt_seeds),
    Target("table", "review tables and what is remembered of them", files.table, files.table_seeds),
    Target("picture", "pictures", files.picture, files.picture_seeds),
    Target(
        "configuration", "lists and configurations of trainers", datasets.configuration, datasets.configuration_seeds
    ),
    Target("shard", "tar files of webdataset", datasets.shard, datasets.shard_seeds),
    Target("parquet", "parquet tables", datasets.parquet, datasets.parquet_seeds),
    Target("manifest", "manifests of data sets", datasets.manifest, datasets.manifest_seeds),
)
