"""A planned picture survives being a line of text."""

import json
from dataclasses import asdict, replace

import pytest

from troupe.models.formats.entry import entry_from_json, entry_to_json
from troupe.models.formats.manifest import read_manifest
from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.plannedline import planned_from_json, planned_to_json
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset


@pytest.mark.parametrize("settings", [{}, {"format": "webdataset", "resize": "bucket"}, {"pairs": True}], ids=str)
def test_there_and_back(make_set, settings):
    if settings.get("pairs"):
        settings = {**settings, "format": "ai-toolkit", "instruction": "in ink", "minimum_structure": 0}
    known = make_set(3, masked=True)
    known = known.mapped(lambda s: replace(s, source=replace(s, id=f"{s.id} before"))).mapped(lambda s: s.after("x"))
    plan = plan_dataset(known, WriteSettings("mira", **settings))
    assert len(plan.pictures) == 3 and bool(plan.pictures[0].control) == ("pairs" in settings)
    for picture in plan.pictures:
        assert planned_from_json(json.loads(json.dumps(planned_to_json(picture)))) == picture


def test_an_entry_says_what_dataclasses_say(make_set, tmp_path):
    """Of every member, also of one that is new: only faster."""
    known = make_set(2, masked=True).mapped(lambda s: replace(s, source=s).after("x", seed=3))
    written = write_dataset(plan_dataset(known, WriteSettings("mira")), tmp_path / "sets")
    for entry in read_manifest(written.folder).entries:
        said = json.loads(json.dumps(entry_to_json(entry)))
        assert said == json.loads(json.dumps(asdict(entry))) and entry_from_json(said) == entry


def test_all_paths_move(make_set):
    """Of the original beside it too."""
    settings = WriteSettings("mira", format="ai-toolkit", pairs=True, instruction="in ink", minimum_structure=0)
    picture = plan_dataset(make_set(1).mapped(lambda s: replace(s, source=s)), settings).pictures[0]

    def moved(sample):
        return replace(
            sample, image=replace(sample.image, path="/elsewhere"), source=sample.source and moved(sample.source)
        )

    back = planned_from_json(json.loads(json.dumps(planned_to_json(picture))), moved)
    assert back.sample.image.path == back.control.original.image.path == "/elsewhere"


@pytest.mark.parametrize("file", [5, "../../etc/passwd", "/etc/passwd", "train\\..\\..\\a", "c:a.png", "a\0"])
def test_a_file_that_would_lie_elsewhere_is_refused(make_set, file):
    data = planned_to_json(plan_dataset(make_set(1), WriteSettings("mira")).pictures[0])
    for place in range(len(data["files"])):
        files = [*data["files"]]
        files[place] = file
        with pytest.raises((TypeError, ValueError)):
            planned_from_json({**data, "files": files})
