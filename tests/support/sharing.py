"""How tests are shared out to several processes: a file stays whole, and files that need the same dear thing are one
share, so that it is made once.

The dear shares go out first, because they take longest; whoever is done takes the next file.
"""

from __future__ import annotations

import re

import pytest

# Fixture -> name of the share. A running host starts in eight seconds; the small CLIP learns for half a minute.
DEAR = {"live_host": "host", "trained_folder": "clip"}
NAMED = re.compile(rf"@({'|'.join(DEAR.values())})$")


def gather(items: list[pytest.Item]) -> None:
    """Mark the tests of the dear shares and put them first, in the order of `DEAR`."""
    share_of = {}
    for share in reversed(DEAR):  # the first one has the last word
        share_of |= {item.path: DEAR[share] for item in items if share in getattr(item, "fixturenames", ())}
    for item in items:
        if item.path in share_of:
            item.add_marker(pytest.mark.xdist_group(share_of[item.path]))
    order = [*DEAR.values(), None]
    items.sort(key=lambda item: order.index(share_of.get(item.path)))


def scheduler(config, log):
    """As xdist's for `--dist loadgroup`, but what has no share goes out by file and not test by test."""
    from xdist.scheduler import LoadGroupScheduling

    class ByShareOrFile(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            share = super()._split_scope(nodeid)
            return nodeid.split("::")[0] if share == nodeid else share

    return ByShareOrFile(config, log) if config.getvalue("dist") == "loadgroup" else None


def own_name(nodeid: str) -> str:
    """The name without the share that xdist has put behind it."""
    return NAMED.sub("", nodeid)
