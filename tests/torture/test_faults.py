"""The short forms of the parts that kill, fill disks, take memory and cancel: every promise kept."""

import pytest

from troupe.scripts.torture.parts import run_part

PARTS = ("kills", "disks", "memory", "cancels")


@pytest.mark.parametrize("name", PARTS)
def test_every_promise_is_kept(name, tmp_path):
    found = list(run_part(name, False, tmp_path / name))
    assert found
    assert [figure for figure in found if not figure.kept] == []
