"""Saved sets that somebody else wrote, or a disk has eaten: each is a set, or an error with a remedy."""

import copy
import json

import pytest

from troupe.models.errors import TroupeError
from troupe.models.samples.sample import (
    Description,
    Feature,
    ImageFile,
    Labels,
    MaskFile,
    Rejection,
    Sample,
    SampleSet,
    Step,
    StylePair,
    SubStyle,
)
from troupe.models.samples.welltyped import fits
from troupe.models.sharding.roots import Roots
from troupe.models.sharding.savedset import join, load, save, set_folder
from troupe.models.sharding.seal import seal_path
from troupe.models.sharding.shard import Shard

NUMBERS = (True, 0, -1, 5, 10**30, 0.5, float("nan"), float("inf"))
VALUES = (*NUMBERS, None, "", "x", "input:../../etc/passwd", "/etc/passwd", [], [1], [[]], {}, {"a": 1})
WHOLE = Shard(0, 1)


def a_set(folder):
    folder.mkdir()
    (folder / "a.png").write_bytes(b"a picture")
    image = ImageFile(str(folder / "a.png"), "0" * 64, 8, 8)
    style = SubStyle(
        "ink", "Ink", "墨", "drawn", "in ink", keywords=("ink",), painterly=(("look", "ink"), ("dark", 0.5))
    )
    feature = Feature("angle", "front", "measured", 0.5, 1.0)
    told = (feature,), Description("A girl.", ("girl",)), StylePair(style, style, "angle")
    labels, steps = Labels("m", ("hair",), ("run",)), (Step("load", "{}", 3),)
    full = Sample("a", "mira", image, MaskFile(image.path, "", "alpha"), *told, labels, None, steps)
    full = Sample(**{**vars(full), "source": Sample("b", "mira", image)})
    return SampleSet((full,), (Rejection("c", "load", "empty", image.path, Sample("c", "mira", image)),))


@pytest.fixture
def saved(tmp_path):
    """The manifest of a set; and how to load it."""
    roots = Roots((("input", str(tmp_path / "input")),))
    folder = set_folder(tmp_path / "sets", "ours")
    path = save(folder, WHOLE, a_set(tmp_path / "input"), "key", roots).path
    return path, lambda: load(folder, WHOLE, roots)


def places(value, at=()):
    """Every place in nested JSON."""
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*at, key))


def put(value, at, new):
    if not at:
        return new
    changed = copy.deepcopy(value)
    inside = changed
    for key in at[:-1]:
        inside = inside[key]
    inside[at[-1]] = new
    return changed


def is_a_set_or_an_error(read):
    try:
        assert fits(read(), SampleSet)
    except TroupeError as error:
        assert error.remedy
        return False
    return True


@pytest.mark.parametrize("line", [1, 2])
def test_any_value_anywhere_in_a_line(saved, line):
    path, read = saved
    lines = path.read_bytes().splitlines()
    plain, seal = json.loads(lines[line]), json.loads(seal_path(path).read_text())
    known = 0
    for at in places(plain):
        for value in VALUES:
            changed = [*lines]
            changed[line] = json.dumps(put(plain, at, value)).encode()
            path.write_bytes(b"\n".join(changed) + b"\n")
            blocks = [len(lines[0]) + 1]
            seal_path(path).write_text(json.dumps({**seal, "size": path.stat().st_size, "blocks": blocks}))
            known += is_a_set_or_an_error(read)
    assert known > 20  # another text in place of a text is a set


def test_any_value_anywhere_in_a_seal(saved):
    path, read = saved
    seal = json.loads(seal_path(path).read_text())
    for at in places(seal):
        for value in VALUES:
            seal_path(path).write_text(json.dumps(put(seal, at, value)))
            is_a_set_or_an_error(read)
    seal_path(path).write_text(json.dumps(seal))
    assert is_a_set_or_an_error(read)


def test_any_value_anywhere_in_the_seal_of_a_shard_that_is_joined(tmp_path):
    roots = Roots((("input", str(tmp_path / "input")),))
    folder = set_folder(tmp_path / "sets", "ours")
    known = a_set(tmp_path / "input")
    paths = [save(folder, Shard(index, 2), known, "key", roots).path for index in (0, 1)]
    seal = json.loads(seal_path(paths[1]).read_text())
    for at in places(seal):
        for value in VALUES:
            seal_path(paths[1]).write_text(json.dumps(put(seal, at, value)))
            is_a_set_or_an_error(lambda: (join(folder), load(folder, WHOLE, roots))[1])


def test_cut_off_anywhere(saved):
    path, read = saved
    data, seal = path.read_bytes(), json.loads(seal_path(path).read_text())
    for size in range(0, len(data) - 1, 7):
        path.write_bytes(data[:size])
        seal_path(path).write_text(json.dumps({**seal, "size": size}))
        assert not is_a_set_or_an_error(read)


def test_deep_as_a_well(saved):
    path, read = saved
    lines = path.read_text().splitlines()
    bare = json.dumps({**json.loads(lines[1]), "source": None})
    deep = bare
    for _ in range(400):
        deep = bare.replace('"source": null', f'"source": {deep}')
        if len(deep) > 400_000:
            break
    path.write_text("\n".join([lines[0], deep, lines[2]]) + "\n")
    seal = json.loads(seal_path(path).read_text())
    seal_path(path).write_text(json.dumps({**seal, "size": path.stat().st_size}))
    is_a_set_or_an_error(read)
