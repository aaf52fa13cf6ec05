"""The short forms of the parts that kill, fill disks, take memory and cancel: every promise kept."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from troupe.scripts.torture.parts import run_part

PARTS = ("kills", "disks", "memory", "cancels")


@pytest.mark.parametrize("name", PARTS)
def test_every_promise_is_kept(name):
    # Not below tmp_path, which other users may not look into: one of the disks is tried as one of them.
    with TemporaryDirectory(prefix="troupe-torture-") as scratch:
        found = list(run_part(name, False, Path(scratch) / name))
    assert found
    assert [figure for figure in found if not figure.kept] == []
