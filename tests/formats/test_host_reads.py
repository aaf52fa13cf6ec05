"""The host's own node reads the kohya folder: every picture as often as its repeats say, each with its caption."""

from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset


def test_load_image_text_data_set_from_folder(host_inprocess, make_set):
    from comfy_extras.nodes_dataset import LoadImageTextDataSetFromFolderNode

    settings = WriteSettings("hosts.png reading", class_word="girl", repeats=2, resolution=96)
    plan = plan_dataset(make_set(3, masked=True), settings)
    result = write_dataset(plan, host_inprocess.base / "input")
    assert result.folder.name == "hosts png reading"
    images, captions = host_inprocess.call(
        LoadImageTextDataSetFromFolderNode, folder=f"{result.folder.name}/train"
    ).args
    assert sorted(captions) == sorted(2 * [p.caption.text for p in plan.pictures])
    by_caption = {p.caption.text: p.fit.size for p in plan.pictures}
    assert all(by_caption[c] == (i.shape[2], i.shape[1]) for i, c in zip(images, captions, strict=True))
