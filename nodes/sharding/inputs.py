"""What the nodes of saved sets have in common: the name, the shard, and when a set must be looked at again."""

from __future__ import annotations

from pathlib import Path

from comfy_api.latest import io

from ...models.errors import TroupeError
from ...models.sharding.shard import MOST, Shard
from ..bridge import check, saved_sets

CATEGORY = "Troupe/9 Saved Sets"


class NamesASet:
    """Mix-in: checks `name` (and the shard) before the run, and runs again where the set's manifests changed."""

    @classmethod
    def validate_inputs(cls, name=None):
        return check(folder_of, name) if name is not None else True  # a linked input is checked when it runs

    @classmethod
    def fingerprint_inputs(cls, name=None, **_):
        from ...models.sharding.savedset import fingerprint

        try:
            return fingerprint(folder_of(name)) if name is not None else ""
        except TroupeError as error:
            return str(error)


class NamesAShard(NamesASet):
    @classmethod
    def validate_inputs(cls, name=None, shard_index=None, shard_count=None):
        named = super().validate_inputs(name)
        linked = shard_index is None or shard_count is None
        return named if named is not True or linked else check(Shard, shard_index, shard_count)


def folder_of(name: str) -> Path:
    from ...models.sharding.savedset import set_folder

    return set_folder(saved_sets(), name)


def name_in(default: str, tooltip: str) -> io.Input:
    return io.String.Input("name", default=default, tooltip=tooltip)


def shard_in() -> tuple[io.Input, io.Input]:
    return (
        io.Int.Input(
            "shard_index",
            default=0,
            min=0,
            max=MOST - 1,
            tooltip="Which part of the set this is, counted from 0; troupe.py queue sets it.",
        ),
        io.Int.Input(
            "shard_count",
            default=1,
            min=1,
            max=MOST,
            tooltip="How many parts the set is worked on in; 1 = the whole set at once.",
        ),
    )
