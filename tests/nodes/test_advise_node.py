"""Advise on Training Data in the host: the set goes through as it is, advice comes as sheet, report and history."""

import json

import pytest

from support.pictures import character_folder

SETTINGS = {"family": "SDXL", "trainer": "kohya", "resolution": 0, "target_steps": 0, "epochs": 10, "batch_size": 1}


@pytest.fixture(scope="module")
def host(host_inprocess):
    host_inprocess.use_core_nodes("nodes_preview_any.py")
    return host_inprocess


def prompt(folder, **settings):
    load = {"folder": str(folder), "layout": "one character", "character": "英雄", "background": "#fff"}
    return {
        "load": {"class_type": "TroupeLoadSampleSet", "inputs": {**load, "captions": "as written"}},
        "advise": {
            "class_type": "TroupeAdviseOnTrainingData",
            "inputs": {"samples": ["load", 0], **SETTINGS, **settings},
        },
        "text": {"class_type": "PreviewAny", "inputs": {"source": ["advise", 2]}},
    }


def test_advice_is_in_the_history_the_report_and_the_preview(host, tmp_path):
    result = host.execute(prompt(character_folder(tmp_path / "hero")))
    assert result.ok, result.error or result.node_errors
    (facts,) = result.outputs["advise"]["troupe"]
    assert facts["stage"] == "advise" and facts["samples"] == 6 and facts["steps"] == 1980
    assert json.loads(json.dumps(facts))["advice"][0]["what"].startswith("6 pictures; at least 20 are wanted")
    assert len(result.outputs["advise"]["images"]) == 1
    assert result.outputs["text"]["text"][0].startswith("6 pictures of 英雄, to train SDXL at 1024 with kohya")


def test_the_set_goes_through_unchanged(host, tmp_path):
    samples = host.call("TroupeLoadSampleSet", **prompt(character_folder(tmp_path / "hero"))["load"]["inputs"])[0]
    after, sheet, _ = host.call("TroupeAdviseOnTrainingData", samples=samples, **SETTINGS)
    assert after is samples
    assert sheet.shape[0] == 1 and sheet.shape[2:] == (1280, 3) and 0 <= sheet.min() <= sheet.max() <= 1


def test_an_empty_set_is_advice_too(host):
    from troupe.models.samples.sample import SampleSet

    report = host.call("TroupeAdviseOnTrainingData", samples=SampleSet(), **SETTINGS)[2]
    assert "The set is empty" in report


def test_a_resolution_that_no_trainer_has_is_refused(host, tmp_path):
    result = host.execute(prompt(character_folder(tmp_path / "hero"), resolution=32))
    assert not result.ok and "at least 64" in json.dumps(result.node_errors)


def test_cancel_stops_it(host, tmp_path, monkeypatch):
    import comfy.model_management as memory

    from troupe.models.adjusting import measuring

    measure = measuring._measure

    def cancelling(*arguments):
        memory.interrupt_current_processing()
        return measure(*arguments)

    monkeypatch.setattr(measuring, "_measure", cancelling)
    result = host.execute(prompt(character_folder(tmp_path / "many", count=12, seed=700)))
    assert not result.ok and result.error is None
