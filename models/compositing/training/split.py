"""Which groups are trained on and which are only measured on."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from ...errors import TroupeError
from ..groups.group import CompositeGroup, GroupSet

# So many named scenes, and whole scenes are held out: two frames of one camera are not independent.
SCENES = 4
LEAST = 4


class Split(NamedTuple):
    """Numbers of groups."""

    trained: list[int]
    heldout: list[int]


def split(groups: GroupSet, share: float) -> Split:
    """About `share` of the groups are held out, always the same ones, whatever else is in the set.

    Raises `TroupeError` for fewer than four groups.
    """
    if len(groups) < LEAST:
        raise TroupeError(
            "These are too few groups to train on",
            item=f"{len(groups)}",
            remedy=f"At least {LEAST} are needed to hold some out; a few hundred make a useful model.",
        )
    by_scene = len({group.scene for group in groups.groups}) >= SCENES
    lots = [_lot(group, by_scene) for group in groups.groups]
    heldout = [i for i, lot in enumerate(lots) if lot < share]
    if not heldout or len(heldout) == len(lots):
        # So few that the lots fell to one side: the lowest is held out, and with it whatever shares its lot.
        edge = min(lots) if not heldout else sorted(set(lots))[0]
        heldout = [i for i, lot in enumerate(lots) if lot == edge][: len(lots) - 1]
    kept = set(heldout)
    return Split([i for i in range(len(lots)) if i not in kept], heldout)


def _lot(group: CompositeGroup, by_scene: bool) -> float:
    name = group.scene if by_scene else group.id
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") / 2**64
