"""The store keeps made pictures by what they were made from, whole or not at all."""

import os
import time
from pathlib import Path

import pytest

from troupe.models.errors import TroupeError
from troupe.models.samples.store import Store, store_key


def text(value):
    return lambda file: file.write(value.encode())


def test_what_is_put_is_found(tmp_path):
    store = Store(tmp_path)
    key = store_key("restyle", 1, {"seed": 3})
    assert store.find(key, ".txt") is None
    path = store.put(key, ".txt", text("done"))
    assert store.find(key, ".txt") == path and path.read_text() == "done"


def test_equal_work_has_an_equal_key_whatever_the_order_of_settings():
    assert store_key({"a": 1, "b": 2}) == store_key({"b": 2, "a": 1})
    assert store_key(["a", "b"]) != store_key(["b", "a"])
    assert store_key("ab", "c") != store_key("a", "bc")


def test_a_killed_write_leaves_nothing_under_the_name(tmp_path):
    store, key = Store(tmp_path), store_key("x")

    def half(file):
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.put(key, ".png", half)
    assert store.find(key, ".png") is None
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_second_writer_of_the_same_key_does_no_harm(tmp_path):
    key = store_key("x")
    Store(tmp_path).put(key, ".txt", text("same"))
    Store(tmp_path).put(key, ".txt", text("same"))
    assert len(list(tmp_path.rglob("*.txt"))) == 1


YESTERDAY = time.time() - 2 * 86_400


def test_trimming_drops_what_was_used_longest_ago(tmp_path):
    store = Store(tmp_path, limit=20)
    paths = [store.put(store_key(i), ".txt", text("x" * 10)) for i in range(4)]
    for age, path in enumerate(reversed(paths)):
        os.utime(path, (YESTERDAY - age, YESTERDAY - age))
    before = store.identity()
    assert store.trim() == 20
    assert [p.exists() for p in paths] == [False, False, True, True]
    assert store.identity() != before  # whoever remembers the paths looks again


def test_what_was_used_today_is_never_trimmed(tmp_path):
    store = Store(tmp_path, limit=0)
    old, new = (store.put(store_key(i), ".txt", text("x")) for i in range(2))
    for path in (old, new):
        os.utime(path, (YESTERDAY, YESTERDAY))
    assert store.find(store_key(1), ".txt")  # used now
    store.trim()
    assert not old.exists() and new.exists()


def test_tidying_trims_at_most_once_an_hour(tmp_path):
    store = Store(tmp_path, limit=0)
    store.tidy()
    path = store.put(store_key(1), ".txt", text("x"))
    os.utime(path, (YESTERDAY, YESTERDAY))
    store.tidy()
    assert path.exists()
    os.utime(tmp_path / "trimmed.txt", (YESTERDAY, YESTERDAY))
    store.tidy()
    assert not path.exists()


def test_leftovers_of_killed_runs_go_after_a_day(tmp_path):
    (tmp_path / "ab").mkdir()
    old, new = tmp_path / "ab" / ".writing-old", tmp_path / "ab" / ".writing-new"
    for path, age in ((old, 90_000), (new, 60)):
        path.write_bytes(b"half")
        os.utime(path, (time.time() - age,) * 2)
    Store(tmp_path).trim()
    assert not old.exists() and new.exists()


def test_identity_changes_when_the_store_was_deleted(tmp_path):
    store = Store(tmp_path / "store")
    first = store.identity()
    assert store.identity() == first
    for path in sorted((tmp_path / "store").rglob("*"), reverse=True):
        path.unlink()
    assert store.identity() != first


def test_an_unwritable_store_says_so_and_what_to_do(tmp_path):
    (tmp_path / "store").write_text("a file where the folder should be")
    with pytest.raises(TroupeError, match="cannot be written.*the finished is kept"):
        Store(Path(tmp_path / "store")).put(store_key("x"), ".txt", text("x"))


def test_files_of_the_future_are_trimmed_as_if_they_were_as_old(tmp_path):
    """A clock that was put back: they must not stay until it has caught up."""
    store = Store(tmp_path, limit=10)
    ahead, today = (store.put(store_key(i), ".txt", text("x" * 10)) for i in range(2))
    left = ahead.with_name(".writing-left")
    left.write_bytes(b"half")
    for path in (ahead, left):
        os.utime(path, (time.time() + 10 * 86_400,) * 2)
    assert store.trim() == 10
    assert [path.exists() for path in (ahead, left, today)] == [False, False, True]


def test_a_mark_of_the_future_does_not_put_off_tidying(tmp_path):
    store = Store(tmp_path, limit=0)
    path = store.put(store_key(1), ".txt", text("x"))
    os.utime(path, (YESTERDAY, YESTERDAY))
    (tmp_path / "trimmed.txt").touch()
    os.utime(tmp_path / "trimmed.txt", (time.time() + 86_400,) * 2)
    store.tidy()
    assert not path.exists()


def test_a_file_that_somebody_deleted_meanwhile_is_told_of(tmp_path):
    store = Store(tmp_path)
    path = store.put(store_key(1), ".txt", text("x"))
    assert len(store.digest(store_key(1), ".txt")) == 64
    path.unlink()
    with pytest.raises(TroupeError, match="vanished from the store.*run again"):
        store.digest(store_key(1), ".txt")
