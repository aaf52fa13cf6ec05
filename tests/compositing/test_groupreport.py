"""The report counts what is there, gives every reason for what is not, and says whether backgrounds leak."""

import json
import os
from pathlib import Path

import pytest
import torch

from troupe.models.compositing.groups.auditing import audit_of
from troupe.models.compositing.groups.fingerprint import manifest_fingerprint
from troupe.models.compositing.groups.group import CompositeGroup, GroupFault, GroupPixels, GroupSet
from troupe.models.compositing.groups.groupreport import groups_report
from troupe.models.compositing.groups.writing import NamedGroup, write_groups
from troupe.models.errors import TroupeError
from troupe.models.geometry import Box


def group(number, **more):
    return CompositeGroup(f"g{number}", Path("b.png"), Path("c.png"), Box(0, 0, 2, 2), **more)


def pixels(seed):
    """Grain everywhere but in a flat block where something was: the worst of repairs."""
    draw = torch.Generator().manual_seed(seed)
    composite = torch.rand(64, 96, 3, generator=draw)
    left = 10 + 7 * seed
    box = Box(left, 20, left + 14, 44)
    background = composite.clone()
    background[14:50, left - 6 : left + 20] = 0.5
    return GroupPixels(
        torch.cat((composite[20:44, left : left + 14], torch.ones(24, 14, 1)), -1), background, composite, box
    )


@pytest.fixture
def written(tmp_path):
    groups = [NamedGroup(f"g{n}", pixels(n), "cup", "kitchen") for n in range(4)]
    return write_groups(tmp_path / "set", groups)


def test_kinds_and_scenes_are_counted():
    groups = [group(n, category="cup" if n else "", scene="kitchen") for n in range(3)]
    text = groups_report(GroupSet(tuple(groups), root=Path("here")))
    assert "3 composite groups in here" in text
    assert text.split()[-12:] == "what it is groups cup 2 (not named) 1 scene groups kitchen 3".split()[-12:]


def test_many_kinds_are_summed_up():
    text = groups_report(GroupSet(tuple(group(n, category=f"kind {n}") for n in range(30))))
    assert "18 others" in text and "kind 29" not in text


def test_what_is_special_is_said():
    groups = (group(0, position_only=True), group(1, gain=(1.1, 1.0, 1.0)), group(2, foreground=Path("f.png")))
    text = groups_report(GroupSet(groups))
    assert "1 for the position only" in text and "1 whose composite" in text and "2 with a mask" in text


def test_every_fault_is_in_the_report():
    faults = tuple(GroupFault(f"bad {n}", f"reason {n}") for n in range(40))
    text = groups_report(GroupSet((group(0),), faults))
    assert "40 groups cannot be used" in text
    assert all(f"bad {n}: reason {n}" in text for n in range(40))


def test_a_flat_repair_is_warned_of_unless_the_owner_allows_it(written):
    audit = audit_of(written, 2.0)
    assert audit.leaks and "Warning" in groups_report(written, audit)
    tolerant = audit_of(written, 1000.0)
    assert not tolerant.leaks and "warning above 1000" in groups_report(written, tolerant)
    assert tolerant.ratio == audit.ratio > 2


def test_a_damaged_group_is_left_out_of_the_audit_and_named(written):
    written.groups[1].background.write_bytes(b"damaged")
    audit = audit_of(written)
    assert len(audit.backgrounds) == 3
    assert [fault.id for fault in audit.unread] == ["g1"]
    assert "Not looked at" in groups_report(written, audit)


def test_nothing_to_audit_is_an_error():
    with pytest.raises(TroupeError):
        audit_of(GroupSet())


def test_the_audit_asks_before_every_group(written):
    class Cancel(BaseException):
        pass

    told = []

    def progress(done, total, name):
        told.append((done, total))
        if done == 2:
            raise Cancel

    with pytest.raises(Cancel):
        audit_of(written, progress=progress)
    assert told == [(0, 4), (1, 4), (2, 4)]


def test_the_fingerprint_changes_with_files_and_with_nothing_else(written):
    first = manifest_fingerprint(written.root)
    assert manifest_fingerprint(written.root) == manifest_fingerprint(written.root / "groups.json") == first
    os.utime(written.groups[0].composite, ns=(1, 1))
    second = manifest_fingerprint(written.root)
    (written.root / "groups.json").write_text(json.dumps({"groups": []}))
    assert len({first, second, manifest_fingerprint(written.root)}) == 3
    assert manifest_fingerprint(written.root / "nowhere") == "missing"
