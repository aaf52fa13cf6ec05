"""The flow over the API queue of a real host: POST, progress, /history, /view, Cancel, errors, a killed host."""

import io
import json
import shutil
import time
from pathlib import Path

import pytest
from PIL import Image

from devkit.api import ApiError
from support.pictures import character_folder

WORKFLOW = Path(__file__).resolve().parents[1] / "workflows" / "character_lora_dataset.api.json"


def flow(folder, name, seed=0, **write):
    """The smallest whole flow on `folder`."""
    return {
        "load": node("LoadSampleSet", folder=str(folder), layout="one character", character="hero", background="#fff",
                     captions="as written"),
        "captioner": node("MeasuredCaptioner"),
        "describe": node("Describe", samples=["load", 0], captioner=["captioner", 0], rewrite="fill gaps"),
        "map": node("MapStyles", samples=["describe", 0], first_style="anime_cel", rules="", second_by="angle",
                    table=""),
        "painter": node("PainterlyStylizer", new_character="keep the old colours", colours="#fff", colour_amount=1.0,
                        strength=1.0, background_look="same as subject"),
        "restyle": node("Restyle", samples=["map", 0], stylizer=["painter", 0], seed=seed, minimum_structure=0.3,
                        retries=0),
        "tag": node("TagFeatures", samples=["restyle", 0], trigger="herotrp", class_word="", policy="absorb",
                    style="tags", threshold=0.8, always_keep="", force_target="", never_write="", replace="",
                    underscores=False, escape_brackets=False, style_words="caption", maximum_tags=60,
                    measured_words=False, shuffle=False, trigger_in_own_captions=True),
        "write": node("WriteLoRADataset", samples=["tag", 0], name=name, **{
            "format": "kohya", "picture_format": "png", "resize": "longest side", "resolution": 512,
            "target_steps": 100, "epochs": 1, "batch_size": 1, "repeats": 0, "masks": True, "mode": "new",
            "dry_run": False, "class_word": "", "keep_tokens": 1, "mask_dilate": 8, "upscale": False,
            "include_originals": False, "licence_note": "", **write}),
    }  # fmt: skip


def node(kind, **inputs):
    return {"class_type": f"Troupe{kind}", "inputs": inputs}


def facts(run, name):
    return run.outputs[name]["troupe"][0]


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    return character_folder(tmp_path_factory.mktemp("pictures"))


def test_the_flagship_makes_a_data_set_and_sheets_to_look_at(live_host):
    prompt = json.loads(WORKFLOW.read_text(encoding="utf-8"))
    run = live_host.run(prompt, timeout=600)
    assert run.ok, run.error
    stages = {f["stage"]: f for output in run.outputs.values() for f in output.get("troupe", [])}
    assert stages["load"]["samples"] >= 20 and stages["load"]["rejected"] == 0
    assert stages["restyle"]["computed"] == stages["load"]["samples"]
    folder = Path(stages["write"]["folder"])
    assert folder.is_relative_to(live_host.output)
    assert stages["write"]["samples"] == len(list(folder.rglob("*.png"))) - len(list((folder / "masks").rglob("*.png")))
    saved = [i for o in run.outputs.values() for i in o.get("images", []) if i["type"] == "output"]
    assert len(saved) == 2
    for item in saved:
        assert Image.open(io.BytesIO(live_host.view(item))).width >= 600


def test_progress_names_the_picture_at_hand(live_host, pictures):
    run = live_host.run(flow(pictures, "progress", seed=11))
    texts = [e["data"]["text"] for e in run.of("progress_text") if e["data"]["node"] == "restyle"]
    assert any(text.startswith("1 of 6: back_run_full_05") for text in texts), texts
    bars = [e["data"]["nodes"]["restyle"]["value"] for e in run.of("progress_state") if "restyle" in e["data"]["nodes"]]
    assert bars == sorted(bars)


def test_an_unchanged_prompt_costs_nothing_and_a_deleted_data_set_is_written_again(live_host, pictures):
    first = live_host.run(flow(pictures, "twice"))
    folder = Path(facts(first, "write")["folder"])
    live_host.run(flow(pictures, "twice"))
    third = live_host.run(flow(pictures, "twice"))
    assert facts(third, "write")["folder"] == str(folder)
    assert [p.name for p in folder.parent.glob("twice*")] == ["twice"]
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
    again = live_host.run(flow(pictures, "twice"))
    assert folder.is_dir() and facts(again, "write")["samples"] == 6


def test_a_changed_caption_file_is_seen(live_host, tmp_path):
    folder = character_folder(tmp_path / "edited")
    live_host.run(flow(folder, "edited"))
    picture = sorted(folder.glob("*.jpg"))[0]
    picture.with_suffix(".txt").write_text("a hero in the snow", encoding="utf-8")
    run = live_host.run(flow(folder, "edited", mode="replace"))
    captions = [p.read_text(encoding="utf-8") for p in Path(facts(run, "write")["folder"]).rglob("*.txt")]
    assert any("hero in the snow" in caption for caption in captions)


def once_drawn(host, count, act):
    """Heeds events: `act()` when Restyle has put `count` pictures into the store, however many it draws at once."""
    seen = []

    def heed(event):
        if event["type"] == "progress_text" and event["data"]["node"] == "restyle":
            seen.append(host.stored())
            if seen[-1] - seen[0] >= count:
                act()

    return heed


def test_cancel_is_honoured_and_loses_nothing(live_host, tmp_path):
    folder = character_folder(tmp_path / "many", count=12, side=768, seed=100)
    moments = {}

    def cancel():
        if "asked" not in moments:
            moments["asked"] = time.monotonic()
            live_host.interrupt()

    cancel_in_restyle = once_drawn(live_host, 3, cancel)

    def heed(event):
        cancel_in_restyle(event)
        if event["type"] == "execution_interrupted":
            moments["stopped"] = time.monotonic()

    run = live_host.run(flow(folder, "cancelled"), on_event=heed)
    assert not run.ok
    assert moments["stopped"] - moments["asked"] < 10  # on a busy machine; torture measures a second
    rest = live_host.run(flow(folder, "cancelled"), timeout=600)
    assert rest.ok and facts(rest, "restyle")["reused"] >= 3
    assert facts(rest, "restyle")["reused"] + facts(rest, "restyle")["computed"] == 12


def test_a_killed_host_resumes_where_it_was(fresh_host, live_host, tmp_path):
    folder = character_folder(tmp_path / "killed", count=8, side=512, seed=200)
    host = fresh_host()

    with pytest.raises(OSError):
        host.run(flow(folder, "killed"), on_event=once_drawn(host, 4, host.kill))
    host.restart()
    run = host.run(flow(folder, "killed"), timeout=300)
    assert run.ok, run.error
    done = facts(run, "restyle")
    assert done["reused"] >= 4 and done["reused"] + done["computed"] == 8
    assert facts(run, "write")["samples"] == 8
    undisturbed = live_host.run(flow(folder, "killed"), timeout=300)
    assert facts(undisturbed, "restyle")["computed"] == 8
    assert written(run) == written(undisturbed)


def written(run):
    """Relative path -> bytes of every picture and caption."""
    folder = Path(facts(run, "write")["folder"])
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.suffix in (".png", ".txt")}


REFUSED = {
    "no such folder": (lambda p: p["load"]["inputs"].update(folder="nowhere"), "There is no such folder: nowhere"),
    "a repeated style": (
        lambda p: p["map"]["inputs"].update(table="front = fine_line\nside = fine_line"),
        "fine_line",
    ),
    "two trigger words": (lambda p: p["tag"]["inputs"].update(trigger="a, b"), "A trigger word must be one word"),
    "a path for a name": (lambda p: p["write"]["inputs"].update(name="../../etc"), "../../etc"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_wrong_inputs_are_refused_before_anything_runs(what, live_host, pictures):
    change, expected = REFUSED[what]
    prompt = flow(pictures, "refused")
    change(prompt)
    with pytest.raises(ApiError) as refused:
        live_host.run(prompt)
    details = [e["details"] for n in refused.value.body["node_errors"].values() for e in n["errors"]]
    assert refused.value.status == 400 and any(expected in d for d in details), details


WRONG = {
    "not a colour": (lambda p: p["load"]["inputs"].update(background="bluish"), "Not a colour: 'bluish'"),
    "two colours": (
        lambda p: p["painter"]["inputs"].update(new_character="my colours", colours="red, blue"),
        "3 to 12 colours, not 2",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_settings_are_told_by_the_node_that_has_them(what, live_host, pictures):
    change, expected = WRONG[what]
    prompt = flow(pictures, "wrong")
    change(prompt)
    run = live_host.run(prompt)
    assert not run.ok and expected in run.error["exception_message"]


def test_after_the_store_was_deleted_everything_is_made_again(live_host, pictures):
    prompt = flow(pictures, "stored", seed=5)
    live_host.run(prompt)
    shutil.rmtree(live_host.base / "user" / "troupe" / "store")
    again = live_host.run(prompt)
    assert again.ok and facts(again, "restyle")["computed"] == 6


def test_an_empty_folder_is_an_error_that_an_artist_understands(live_host, tmp_path):
    run = live_host.run(flow(tmp_path, "empty"))
    assert not run.ok and run.error["node_id"] == "load"
    assert run.error["exception_type"].endswith("EmptySet") and str(tmp_path.name) in run.error["exception_message"]


def test_broken_pictures_are_told_and_the_rest_goes_on(live_host, tmp_path):
    folder = character_folder(tmp_path / "mixed")
    (folder / "torn.jpg").write_bytes(sorted(folder.glob("*.jpg"))[0].read_bytes()[:900])
    (folder / "empty.png").touch()
    run = live_host.run(flow(folder, "mixed"))
    assert run.ok, run.error
    assert facts(run, "load") == {"stage": "load", "samples": 6, "rejected": 2}
