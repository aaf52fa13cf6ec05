"""`troupe.py queue` with two real ComfyUIs that share input and output: a killed server, a shard that nobody can do."""

import json
import shutil
from pathlib import Path

import pytest
from queueing.jobs import shard_jobs
from queueing.running import Ways, run_jobs
from queueing.server import Server

from devkit.commandline import run
from support.livehost import ComfyHost
from support.pictures import character_folder

WORKFLOWS = Path(__file__).resolve().parents[1] / "workflows"
SHARDS, PICTURES = 6, 12


@pytest.fixture(scope="module")
def servers(host_source, tmp_path_factory):
    """Each has a store of its own."""
    base = tmp_path_factory.mktemp("shared")
    shared = ("--input-directory", base / "input", "--output-directory", base / "output")
    both = [ComfyHost(host_source, base / name, extra=shared).start() for name in ("one", "two")]
    for number, name in enumerate(("hero", "villain")):
        character_folder(base / "input" / "two" / name, count=PICTURES // 2, side=192, seed=50 * number)
    prompt, of = shipped("save_for_shards")
    of["LoadSampleSet"]["folder"] = "two"
    saved = both[0].run(prompt)
    assert saved.ok, saved.error
    for server in both:
        server.input, server.output = base / "input", base / "output"
    yield both
    for server in both:
        server.stop()


def shipped(name):
    """A workflow, and the inputs of its nodes by their kind."""
    prompt = json.loads((WORKFLOWS / f"{name}.api.json").read_text(encoding="utf-8"))
    return prompt, {node["class_type"].removeprefix("Troupe"): node["inputs"] for node in prompt.values()}


def addresses(servers):
    return [server.url.removeprefix("http://") for server in servers]


def queue(servers, tmp_path, *more):
    named = [part for address in addresses(servers) for part in ("--server", address)]
    drawing, journal = WORKFLOWS / "restyle_in_shards.api.json", tmp_path / "journal"
    return run(["queue", str(drawing), "--shards", str(SHARDS), "--poll", "0.1", "--journal", str(journal)]
               + named + list(more), "")  # fmt: skip


def test_two_servers_make_of_the_shards_what_one_makes_of_the_whole(servers, tmp_path, capsys):
    """Which draws all of it anew."""
    sets = servers[0].output / "troupe_sets"
    assert queue(servers, tmp_path, "--then", str(WORKFLOWS / "join_shards.api.json")) == 0
    said = capsys.readouterr().out
    assert f"{SHARDS} of {SHARDS} shards are done" in said
    done = [json.loads(line) for line in (tmp_path / "journal").read_text().splitlines()]
    assert {line["server"] for line in done if "shard" in line} == set(addresses(servers))
    restyled = [fact for line in done for fact in line.get("facts", ()) if fact["stage"] == "restyle"]
    assert sum(fact["computed"] for fact in restyled) == PICTURES
    assert (servers[0].output / "datasets" / "emberkn_large").is_dir()

    joined = (sets / "my_restyled_set" / "set.jsonl").read_bytes()
    shutil.rmtree(servers[1].base / "user" / "troupe" / "store")
    whole, of = shipped("restyle_in_shards")
    of["SaveSampleSet"]["name"] = "at_once"
    outputs = servers[1].run(whole).outputs.values()
    assert PICTURES in [fact.get("computed") for output in outputs for fact in output.get("troupe", ())]
    assert (sets / "at_once" / "set.jsonl").read_bytes() == joined


def test_a_shard_whose_picture_is_gone_is_tried_on_both_servers_and_named(servers, tmp_path, capsys):
    lost = sorted((servers[0].input / "two" / "villain").iterdir())[0]
    aside = lost.rename(tmp_path / lost.name)
    assert queue(servers, tmp_path, "--retries", "1", "--set", "Restyle.seed=1") == 1
    said = capsys.readouterr().out
    assert "3 of 6 shards are done" in said
    for index in (3, 4, 5):
        for address in addresses(servers):
            assert f"shard {index} of 6 failed" in said
            assert f"    {address}: Load Saved Sample Set stopped: 1 of {PICTURES // 2} files of this set" in said
    aside.rename(lost)
    assert queue(servers, tmp_path, "--set", "Restyle.seed=1") == 0
    assert "3 of 6 shards are done already" in capsys.readouterr().out


def test_what_a_killed_server_had_is_done_by_the_other(servers, capsys):
    prompt, of = shipped("restyle_in_shards")
    of["Restyle"]["seed"] = 2
    news = []

    def tell(said):
        news.append(said)
        if len([n for n in news if n.what == "done"]) == 1:
            servers[0].kill()

    both = [Server(address, timeout=10) for address in addresses(servers)]
    board, stopped = run_jobs(shard_jobs(prompt, SHARDS), both, Ways(poll=0.1), tell)
    assert not stopped and not board.failed and len(board.done) == SHARDS
    assert board.away.keys() == {both[0].name}
    assert [n.server for n in news if n.what == "again"] == [both[0].name]  # what it was at; the other went back
    assert sum(n.server == both[1].name for n in board.done) >= SHARDS - 1
    joining = servers[1].run({"1": shipped("join_shards")[0]["2"]})
    assert joining.ok, joining.error
    assert joining.outputs["1"]["troupe"][0]["samples"] == PICTURES
