"""The host's own node reads the folders: every picture as often as its repeats say, each with its caption."""

import pytest

from troupe.models.errors import TroupeError
from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset
from troupe.models.samples.sample import SampleSet


@pytest.mark.parametrize("format", ["kohya", "comfyui"])
def test_load_image_text_data_set_from_folder(host_inprocess, make_set, format):
    from comfy_extras.nodes_dataset import LoadImageTextDataSetFromFolderNode

    settings = WriteSettings(f"hosts.png {format}", format, class_word="girl", repeats=2, resolution=96)
    plan = plan_dataset(make_set(3, masked=True), settings)
    result = write_dataset(plan, host_inprocess.base / "input")
    assert result.folder.name == f"hosts png {format}"
    images, captions = host_inprocess.call(
        LoadImageTextDataSetFromFolderNode, folder=f"{result.folder.name}/train"
    ).args
    assert sorted(captions) == sorted(2 * [p.caption.text for p in plan.pictures])
    by_caption = {p.caption.text: p.fit.size for p in plan.pictures}
    assert all(by_caption[c] == (i.shape[2], i.shape[1]) for i, c in zip(images, captions, strict=True))


def test_a_set_in_any_format_goes_through_the_node_into_another(host_inprocess, make_set):
    from troupe.nodes.load_lora_dataset import LoadLoRADataset

    plan = plan_dataset(make_set(3, masked=True), WriteSettings("to load", "onetrainer", repeats=2, resolution=96))
    write_dataset(plan, host_inprocess.base / "input")
    answer = host_inprocess.call(LoadLoRADataset, folder="to load", format="auto", trigger="")
    samples, report, triggers = answer.args
    assert triggers == ["mirax"]
    assert "3 pictures as OneTrainer, 3 with masks" in report and "trigger word: mirax" in report
    again = plan_dataset(samples, WriteSettings("written again", "comfyui", resolution=96))
    assert [p.caption.text for p in again.pictures] == [p.caption.text for p in plan.pictures]


def test_the_node_refuses_what_is_no_folder(host_inprocess):
    from troupe.nodes.load_lora_dataset import LoadLoRADataset

    assert "There is no such folder" in LoadLoRADataset.validate_inputs(folder="nowhere")
    assert "There is no such folder" in LoadLoRADataset.validate_inputs(folder="")
    assert LoadLoRADataset.validate_inputs(folder=None) is True


def test_a_wire_without_a_folder_says_why(host_inprocess):
    with pytest.raises(TroupeError, match="Turn dry_run of Write LoRA Dataset off"):
        host_inprocess.call("TroupeLoadLoRADataset", folder="", format="auto", trigger="")


def test_a_server_that_others_reach_reads_what_it_wrote_and_nothing_else(
    host_inprocess, make_set, monkeypatch, tmp_path
):
    from troupe.nodes import bridge

    monkeypatch.setattr(bridge.args, "listen", "0.0.0.0")
    plan = plan_dataset(make_set(2), WriteSettings("reached", "comfyui", resolution=96))
    written = [write_dataset(plan, place).folder for place in (bridge.lora_datasets(), tmp_path)]
    read = [{"folder": str(folder), "format": "auto", "trigger": ""} for folder in written]
    samples, *_ = host_inprocess.call("TroupeLoadLoRADataset", **read[0]).args
    assert len(samples) == 2
    with pytest.raises(TroupeError, match="outside ComfyUI's input folder"):
        host_inprocess.call("TroupeLoadLoRADataset", **read[1])


def test_every_character_has_its_trigger_and_a_set_without_one_has_an_empty_text(host_inprocess, make_set):
    """An empty list would keep the host from running what is wired to it."""
    rob = make_set(2, character="rob", trigger="robx", caption="robx, walking")
    both = SampleSet((*make_set(2).samples, *rob.samples))
    bare = make_set(1, trigger="", caption="a walk")
    triggers = []
    for name, samples in (("both", both), ("bare", bare)):
        plan = plan_dataset(samples, WriteSettings(name, "comfyui", resolution=96))
        write_dataset(plan, host_inprocess.base / "input")
        answer = host_inprocess.call("TroupeLoadLoRADataset", folder=name, format="auto", trigger="")
        triggers.append(answer.args[2])
    assert triggers == [["mirax", "robx"], [""]]


def test_the_bridge_gives_captions_as_the_folder_has_them(host_inprocess, make_set):
    """A kept head is marked for kohya's trainer alone; others would learn the mark."""
    samples = make_set(2, caption="mirax, silver hair ||| smile")
    plan = plan_dataset(samples, WriteSettings("kept", "comfyui", resolution=96))
    folder = write_dataset(plan, host_inprocess.base / "input").folder
    loaded, *_ = host_inprocess.call("TroupeLoadLoRADataset", folder="kept", format="auto", trigger="").args
    opened = host_inprocess.call("TroupeSampleSetToImages", samples=loaded, longest_side=0, seed=0)
    texts = [f.read_text("utf-8").strip() for f in sorted(folder.rglob("*_*.txt"))]
    assert opened.args[2] == texts == 2 * ["mirax, silver hair, smile"]


def test_the_node_runs_again_when_a_caption_was_changed(host_inprocess, make_set):
    from troupe.nodes.load_lora_dataset import LoadLoRADataset

    plan = plan_dataset(make_set(2), WriteSettings("to change", "kohya", resolution=96))
    folder = write_dataset(plan, host_inprocess.base / "input").folder
    seen = [LoadLoRADataset.fingerprint_inputs(folder="to change", format="auto") for _ in range(2)]
    (folder / plan.pictures[0].files.caption).write_text("mirax, something else entirely", "utf-8")
    seen.append(LoadLoRADataset.fingerprint_inputs(folder="to change", format="auto"))
    assert seen[0] == seen[1] != seen[2]
