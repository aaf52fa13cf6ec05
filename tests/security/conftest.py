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
    and a `circle` nowhere. The input folder is a new one: what other tests put into theirs may be read."""
    import folder_paths

    base, usual = host_inprocess.base, folder_paths.get_input_directory()
    folder_paths.set_input_directory(str(base / "confined"))
    folder = character_folder(base / "outside", count=2, side=96)
    for n, picture in enumerate(sorted(folder.glob("*.jpg"))):
        picture.with_suffix(".txt").write_text("secret", encoding="utf-8")
        figure(n, 96).convert("L").point(lambda v: 255 * (v < 120)).save(folder / f"{picture.stem}_mask.png")
    write_groups(folder, [NamedGroup(f"shelf {i}", Shelves(2)[i]) for i in range(2)])
    (folder / "styles.json").write_text(json.dumps({"troupe_styles": 1, "first": [STYLE], "second": []}))
    (folder / "model.safetensors").write_bytes(bytes(64))
    links = [base / place / "link" for place in ("confined", "output/datasets", "output/composite_samples")]
    for link in links:
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(folder)
    (base / "confined" / "circle").symlink_to("circle")
    yield folder
    folder_paths.set_input_directory(usual)
    for link in (*links, base / "confined" / "circle"):
        link.unlink()
    shutil.rmtree(folder)


@pytest.fixture
def ask(host_inprocess):
    """`ask("LoadSampleSet.folder", value, **others)`: what comes of it when the prompt is queued, when the host asks
    whether something has changed, and when a wire brings the value: a `TroupeError`, or what was made."""

    def of(name, value, /, **others):
        kind, _, widget = name.partition(".")
        node = host_inprocess.nodes[f"Troupe{kind}"]
        inputs = filled(node, {**others, widget: value})
        return [
            outcome(lambda: validated(node, inputs)),
            outcome(lambda: node.fingerprint_inputs(**inputs)) if ours(node, "fingerprint_inputs") else None,
            outcome(lambda: host_inprocess.call(node, **inputs)),
        ]

    return of


@pytest.fixture(scope="session")
def run(host_inprocess):
    """`run("Restyle", samples=..., stylizer=...)`: what the node makes, with the default of every other widget."""

    def of(kind, **inputs):
        node = host_inprocess.nodes[f"Troupe{kind}"]
        return host_inprocess.call(node, **filled(node, inputs))

    return of


def filled(node, inputs):
    """As the host gives them: choices without a default have their first option, and some nodes take lists alone."""
    schema = node.GET_SCHEMA()
    for input in schema.inputs:
        first = (getattr(input, "options", None) or [None])[0]
        default = getattr(input, "default", None)
        if first is not None or default is not None:
            inputs = {input.id: first if default is None else default, **inputs}
    return {n: v if isinstance(v, list) else [v] for n, v in inputs.items()} if schema.is_input_list else inputs


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
