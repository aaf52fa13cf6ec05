"""What a person, or somebody over the API, types into a node leads nowhere but into the folders that are meant for it.

`support/texts.py` names every text that there is; here each that is a path, or becomes one, is attacked.
"""

import ntpath
import os
import posixpath
from pathlib import Path

import pytest
import torch

from support import hostile
from support.pictures import character_folder
from support.texts import CHOSEN, READ, WRITTEN, declared, promised
from troupe.models.compositing.groups.group import GroupSet
from troupe.models.confinement import stays_below
from troupe.models.devicenames import is_device
from troupe.models.errors import TroupeError
from troupe.models.formats import FORMATS
from troupe.models.samples.reading import ReadOptions, read_sample_set

ANYWHERE = "0.0.0.0,::"


def attacks(outside):
    """By what they are. Those that begin with "out" reach the folder on this system."""
    ups = {f"out, {n} up": f"{'../' * n}outside" for n in (1, 2, 3, 4, 6)}
    return ups | {
        "out, by a detour": "a/b/../../../outside",
        "out, full path": str(outside),
        "out, doubled slashes": f"/{outside}",
        "out, a link": "link",
        "out, in quotes": f'"{outside}"',
        "out, behind our samples": f"troupe-samples/{'../' * 12}{str(outside).lstrip('/')}",
        "back slashes": "..\\outside",
        "a drive": "C:\\Windows",
        "a drive's folder": "C:outside",
        "another machine": "\\\\192.0.2.1\\share",
        "another machine, turned": "//192.0.2.1/share",
        "a device's path": "\\\\?\\C:\\Windows",
        "an address": f"file://{outside}",
        "a home": "~",
        "somebody's home": "~root",
        "a zero byte": f"{outside}\0",
        "a zero byte behind a name": "few\0/../../outside",
        "half a character": "\ud800",
        "a circle": "circle",
        "a device": "con",
        "very long": "x" * 5_000,
        "very deep": "x/" * 3_000,
        "a dot": ".",
        "two dots": "..",
    }


NAMES = list(attacks(Path("/outside")))


def test_every_text_that_a_node_takes_is_declared():
    """Who adds one says what it is, and with that chooses how it is attacked."""
    assert sorted(declared()) == sorted(promised())


# What is read


@pytest.mark.parametrize("attack", NAMES)
@pytest.mark.parametrize("name", READ)
def test_nothing_outside_is_read_when_other_machines_reach_the_host(name, attack, ask, outside, listening, a_set):
    listening(ANYWHERE)
    value = attacks(outside)[attack]
    value = value if value.startswith('"') else value + READ[name]
    with hostile.nothing_opened_in(outside):
        outcomes = ask(name, value, **others(name, a_set))
    assert isinstance(outcomes[-1], TroupeError) and outcomes[-1].remedy
    if attack.startswith("out"):
        assert "outside ComfyUI's input folder" in str(outcomes[-1])


@pytest.mark.parametrize("name", READ)
def test_the_same_is_read_when_only_this_machine_reaches_it(name, ask, outside, listening, a_set):
    """So the folder would have been of use to each node, and what was refused was refused for where it lies."""
    listening("127.0.0.1")
    validated, _, made = ask(name, str(outside) + READ[name], **others(name, a_set))
    assert not isinstance(validated, TroupeError)
    if name == "OpenCLIPCaptioner.path":  # what lies there is no model, which it can only say when it has looked
        assert "model.safetensors" in str(made)
    else:
        assert not isinstance(made, TroupeError)


def others(name, a_set):
    """What else the node wants."""
    more = {
        "MapStyles.own_styles": {"samples": a_set},
        "OpenCLIPCaptioner.path": {"model": "(a path)"},
        "MakeCompositeSamples.folder": {"name": "bait"},
    }
    return more.get(name, {})


@pytest.fixture(scope="module")
def a_set(host_inprocess, tmp_path_factory):
    """Pictures that know their originals."""
    found = read_sample_set(character_folder(tmp_path_factory.mktemp("mira"), count=2, side=96), ReadOptions())
    return host_inprocess.call("TroupeSetImages", samples=[found], images=[torch.rand(1, 96, 96, 3)] * 2)[0]


# What is written


PLACES = (
    "output/datasets", "output/composite_samples", "output/troupe_sets", "output/troupe_pictures", "user/troupe",
    "models/troupe_compositing", "temp",
)  # fmt: skip


@pytest.mark.parametrize("attack", NAMES)
@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_is_written_outside_of_a_nodes_own_folder(name, attack, ask, outside, host_inprocess, a_set):
    base = host_inprocess.base
    before = files_below(base.parent)
    thing = torch.nn.functional.pad(torch.ones(1, 30, 30), (30, 36, 30, 36))
    more = {
        "WriteLoRADataset.name": {"samples": a_set, "class_word": "girl", "mode": "replace"},
        "WriteEditPairs.name": {"samples": a_set, "minimum_structure": 0.0, "instruction": "draw", "mode": "add"},
        "MakeCompositeSamples.name": {"images": [torch.rand(1, 96, 96, 3)], "masks": [thing], "decoys": 0},
        "ReviewSamples.name": {"samples": a_set},
        "TrainCompositingModel.name": {"groups": GroupSet((), (), base)},
        "SaveSampleSet.name": {"samples": a_set},
    }
    with hostile.nothing_opened_in(outside):
        validated, _, made = ask(name, attacks(outside)[attack], **more.get(name, {}))
    assert isinstance(made, TroupeError) or not isinstance(validated, TroupeError)
    new = files_below(base.parent) - before
    assert not [path for path in new if not path.relative_to(base).as_posix().startswith(PLACES)]


def files_below(folder):
    return {Path(place, name) for place, _, names in os.walk(folder) for name in names}


@pytest.mark.parametrize("text", ["../../outside/evil", "C:\\x", "con", "~", "a\0b", ".."])
@pytest.mark.parametrize("format", FORMATS, ids=lambda f: f.id)
def test_words_in_the_names_of_a_data_set_stay_words(format, text, ask, outside, host_inprocess):
    """Character, trigger and class word: all that `IN_NAMES` holds, through the nodes that take it."""
    base = host_inprocess.base
    before = files_below(base.parent)
    pictures = [torch.rand(1, 64, 64, 3) for _ in range(2)]
    images = {"images": pictures, "names": [f"{text}/a", f"{text}b"], "character": text}
    with hostile.nothing_opened_in(outside):
        made = ask("SampleSetFromImages.character", text, **images)[-1]
        tagged = ask("TagFeatures.trigger", text, samples=made[0], class_word=text)[-1]
        if isinstance(tagged, TroupeError):
            tagged = ask("TagFeatures.class_word", text, samples=made[0], trigger="mirax")[-1]
        more = {"samples": tagged[0], "name": "words", "format": format.id, "resolution": 64, "mode": "replace"}
        written = ask("WriteLoRADataset.class_word", text, **more)[-1]
    assert Path(written[0]).parent == base / "output" / "datasets"
    new = [path.relative_to(base).as_posix() for path in files_below(base.parent) - before]
    assert new and all(path.startswith(PLACES) for path in new)
    names = [part for path in new for part in path.split("/")]
    assert not [n for n in names if is_device(n) or n.strip(". ") == "" or any(sign in n for sign in "\\:~\0")]


# What is chosen


@pytest.mark.parametrize("attack", NAMES)
@pytest.mark.parametrize("name", CHOSEN)
def test_no_file_but_a_models_is_chosen(name, attack, ask, outside, host_inprocess):
    """The host refuses what is typed and not in its list; what a wire brings it hands on."""
    more = {"TrainCompositingModel.base_checkpoint": {"preset": "sd15-inpaint", "groups": None}}
    with hostile.nothing_opened_in(outside):
        made = ask(name, attacks(outside)[attack], **more.get(name, {"model": "none"}))[-1]
    assert isinstance(made, TroupeError)


# The words of a path


@pytest.mark.parametrize(
    ("system", "root", "inside", "out"),
    [
        (posixpath, "/c/in", ("", "a", "a/../b", "/c/in/a", "a//b", "..a", "~"), ("..", "../x", "/c/inn", "/")),
        (
            ntpath,
            r"C:\c\in",
            ("a", r"a\..\b", "a/b", r"C:\C\IN\a", "C:a", "/c/in/a"),
            (r"..\x", "../x", r"a\..\..\x", "C:\\", "D:a", r"D:\c\in", r"\\host\share", "//host/share/c/in", r"\x",
             r"\\?\C:\x", r"\\.\pipe\x"),
        ),
        (ntpath, r"\\nas\art\in", ("a", r"\\nas\art\in\a"), (r"\\nas\art\x", r"\\other\art\in", r"C:\a")),
    ],
)  # fmt: skip
def test_whether_a_path_stays_is_told_by_its_words(system, root, inside, out):
    assert not [typed for typed in inside if not stays_below(root, typed, system)]
    assert not [typed for typed in out if stays_below(root, typed, system)]


@pytest.mark.parametrize("name", ["con", "NUL", "com1.csv", "aux.tar.gz", "lpt²"])
def test_windows_keeps_some_names(name):
    assert is_device(name) and not is_device(f"_{name}")


@pytest.mark.parametrize(
    ("addresses", "alone"),
    [
        ("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.0.0.1,::1", True), ("127.8.9.1", True),
        ("0.0.0.0", False), ("0.0.0.0,::", False), ("192.168.0.7", False), ("127.0.0.1,0.0.0.0", False), ("", False),
        ("my.host", False),
    ],
)  # fmt: skip
def test_who_can_reach_the_host(addresses, alone, listening):
    from troupe.nodes.bridge import listens_on_loopback

    listening(addresses)
    assert listens_on_loopback() is alone
