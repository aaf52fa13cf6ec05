"""The nodes in this process, asked as the host asks them, and a folder that none of them may look into."""

import json
import shutil

import pytest

from support.compositing import Shelves
from support.pictures import character_folder, figure
from troupe.models.compositing.groups.writing import NamedGroup, write_groups
from troupe.models.errors import TroupeError

STYLE = {"id": "stolen", "name": "Stolen", "prompt": "secret"}


@pytest.fixture
def listening(host_inprocess, monkeypatch):
    """`listening(addresses)`: as if the host had been started with these."""
    from comfy.cli_args import args

    return lambda addresses: monkeypatch.setattr(args, "listen", addresses)


@pytest.fixture(scope="module")
def outside(host_inprocess):
    """Beside the input folder, with something for every node that reads. A `link` in each folder of ours leads there,
    and a `circle` nowhere."""
    base = host_inprocess.base
    folder = character_folder(base / "outside", count=2, side=96)
    for n, picture in enumerate(sorted(folder.glob("*.jpg"))):
        picture.with_suffix(".txt").write_text("secret", encoding="utf-8")
        figure(n, 96).convert("L").point(lambda v: 255 * (v < 120)).save(folder / f"{picture.stem}_mask.png")
    write_groups(folder, [NamedGroup(f"shelf {i}", Shelves(2)[i]) for i in range(2)])
    (folder / "styles.json").write_text(json.dumps({"troupe_styles": 1, "first": [STYLE], "second": []}))
    (folder / "model.safetensors").write_bytes(bytes(64))
    links = [base / place / "link" for place in ("input", "output/datasets", "output/composite_samples")]
    for link in links:
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(folder)
    (base / "input" / "circle").symlink_to("circle")
    yield folder
    for link in (*links, base / "input" / "circle"):
        link.unlink()
    shutil.rmtree(folder)


@pytest.fixture
def ask(host_inprocess):
    """`ask("LoadSampleSet.folder", value, **others)`: what comes of it when the prompt is queued, when the host asks
    whether something has changed, and when a wire brings the value: a `TroupeError`, or what was made."""

    def of(name, value, /, **others):
        kind, _, widget = name.partition(".")
        node = host_inprocess.nodes[f"Troupe{kind}"]
        inputs = {**defaults(node), **others, widget: value}
        if node.GET_SCHEMA().is_input_list:
            inputs = {n: v if isinstance(v, list) else [v] for n, v in inputs.items()}
        return [
            outcome(lambda: validated(node, inputs)),
            outcome(lambda: node.fingerprint_inputs(**inputs)) if ours(node, "fingerprint_inputs") else None,
            outcome(lambda: host_inprocess.call(node, **inputs)),
        ]

    return of


def defaults(node):
    given = {input.id: getattr(input, "default", None) for input in node.GET_SCHEMA().inputs}
    return {name: value for name, value in given.items() if value is not None}


def ours(node, method):
    return getattr(node, method).__module__.startswith("troupe")


def validated(node, inputs):
    """The host gives `validate_inputs` what it names, and shows the text that it returns."""
    if not ours(node, "validate_inputs"):
        return True
    code = node.validate_inputs.__code__
    told = node.validate_inputs(**{n: inputs[n] for n in code.co_varnames[1 : code.co_argcount]})
    return TroupeError(told) if isinstance(told, str) else told


def outcome(step):
    try:
        return step()
    except TroupeError as error:
        return error
