"""The leak audit of groups on the disk, read side by side, with the limit that its owner set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...errors import TroupeError
from ...parallel import ordered_map
from ...progress import Progress, silent
from .group import CompositeGroup, GroupFault, GroupPixels, GroupSet
from .leakaudit import SIDE, SURE, WARNING, LeakAudit, leak_audit
from .reading import read_group


@dataclass(frozen=True)
class FolderAudit(LeakAudit):
    """`warn_above`: times chance. `unread`: groups that could not be attacked, because their pictures are damaged."""

    warn_above: float = WARNING
    unread: tuple[GroupFault, ...] = ()

    @property
    def leaks(self) -> bool:
        return self.ratio > self.warn_above

    @property
    def verdict(self) -> str:
        """One sentence for the owner of the groups."""
        sure = abs(self.ratio - self.warn_above) > SURE * self.standard_error
        doubt = "" if sure else f" {len(self.backgrounds)} groups are too few to be sure."
        found = f"{self.ratio:.1f} times as many removed objects were found as by chance"
        if self.leaks:
            return f"Warning: {found}; a model would look for the repair and not for a good place.{doubt}"
        return f"No leak: {found} (warning above {self.warn_above:g}).{doubt}"


def audit_of(groups: GroupSet, warn_above: float = WARNING, progress: Progress = silent) -> FolderAudit:
    """Attack every group that can be read. Raises `TroupeError` when there is none."""
    unread: list[GroupFault] = []

    def told(done: int, _: int, name: str) -> None:
        progress(min(done + len(unread), len(groups)), len(groups), f"looking for traces in {name}")

    audit = leak_audit(_readable(groups, unread), told)
    return FolderAudit(audit.backgrounds, audit.composites, warn_above, tuple(unread))


def _readable(groups: GroupSet, unread: list[GroupFault]) -> Iterator[tuple[str, GroupPixels]]:
    for group, pixels in zip(groups.groups, ordered_map(_read, groups.groups), strict=True):
        if isinstance(pixels, GroupFault):
            unread.append(pixels)
        else:
            yield group.id, pixels


def _read(group: CompositeGroup) -> GroupPixels | GroupFault:
    try:
        return read_group(group, SIDE)
    except TroupeError as error:
        return GroupFault(group.id, str(error))
