"""Shards on several servers: each done once, by whoever answers; what fails is tried elsewhere, then named."""

import _thread
import json
import threading

import pytest
from queueing import worker
from queueing.jobs import digest, numbered, read_workflow, shard_jobs, with_settings
from queueing.journal import Journal
from queueing.server import Server

from devkit.commandline import run
from devkit.trouble import Trouble
from support.queuehost import QueueHost

PROMPT = {
    "1": {
        "class_type": "Draw",
        "inputs": {"shard_index": 0, "shard_count": 1, "name": "mira"},
        "_meta": {"title": "D"},
    },
    "2": {"class_type": "Save", "inputs": {"shard_index": ["1", 0], "shard_count": ["1", 1], "seed": 3}},
}


@pytest.fixture
def host():
    """Call it for a server that is stopped after the test."""
    made = []

    def start(**behaviour):
        made.append(QueueHost(**behaviour))
        return made[-1]

    yield start
    for server in made:
        server.stop()


@pytest.fixture
def workflow(tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(worker, "LONGEST_PAUSE", 0.1)
    path = tmp_path / "draw.api.json"
    path.write_text(json.dumps(PROMPT))
    return path


def queue(workflow, servers, *more, shards=6):
    named = [part for server in servers for part in ("--server", getattr(server, "address", server))]
    return run(["queue", str(workflow), "--shards", str(shards), "--poll", "0.01", *named, *more], "")


def index_of(prompt):
    return prompt["1"]["inputs"]["shard_index"]


def shards_done(*servers):
    return sorted(index_of(item[2]) for server in servers for item in server.done)


def journal(workflow):
    return [json.loads(line) for line in workflow.with_name("draw.queue.jsonl").read_text().splitlines()]


def test_every_shard_is_done_once_and_no_server_waits_or_holds_more_than_two(host, workflow, capsys):
    servers = host(), host()
    assert queue(workflow, servers, shards=20) == 0
    assert shards_done(*servers) == list(range(20)) and all(server.done for server in servers)
    assert all(server.most == 2 for server in servers)
    assert all(item[2]["1"]["inputs"]["shard_count"] == 20 for server in servers for item in server.done)
    assert "20 of 20 shards are done" in (said := capsys.readouterr().out)
    assert "save" in said and "100" in said  # the samples of all shards


def test_at_the_end_no_shard_waits_at_one_server_while_another_has_nothing(host, workflow):
    servers = host(), host()
    assert queue(workflow, servers, shards=2) == 0
    assert [len(server.done) for server in servers] == [1, 1] and max(server.most for server in servers) == 1


def test_a_shard_that_fails_on_one_server_is_done_by_the_other(host, workflow, capsys):
    bad, good = host(outcome=lambda prompt: "no such model"), host()
    assert queue(workflow, (bad, good)) == 0
    assert shards_done(good) == list(range(6)) and len(bad.history) <= 6
    assert (
        f"failed on {bad.address} and will be tried again: D stopped: no such model (Boom)" in capsys.readouterr().out
    )


def test_a_shard_that_fails_everywhere_is_named_with_what_the_servers_said(host, workflow, capsys):
    servers = [host(outcome=lambda prompt: "out of memory" if index_of(prompt) == 3 else "") for _ in range(2)]
    assert queue(workflow, servers, "--retries", "2") == 1
    assert shards_done(*servers) == [0, 1, 2, 4, 5]
    assert sum("error" == item["status"]["status_str"] for server in servers for item in server.history.values()) == 3
    said = capsys.readouterr().out
    assert "shard 3 of 6 failed:" in said and said.count("    127.0.0.1:") == 2 and "5 of 6 shards are done" in said
    assert [line["shard"] for line in journal(workflow) if "error" in line] == [3]


WRONG = {"1": {"errors": [{"message": "Value not in list", "details": "ckpt_name: 'mine'"}]}}


@pytest.mark.parametrize("whole", [True, False])
def test_a_server_that_refuses_the_prompt_or_a_branch_of_it_is_as_one_that_fails(host, workflow, whole, capsys):
    picky, good = host(refusal=lambda prompt: WRONG, whole=whole), host()
    assert queue(workflow, (picky, good)) == 0
    assert shards_done(good) == list(range(6)) and not picky.done
    assert whole or picky.withdrawn  # the host would run the branches that are right
    assert "D: Value not in list ckpt_name: 'mine'" in capsys.readouterr().out


@pytest.mark.parametrize("trouble", [{"broken": 500}, {"broken": 404}, {"broken": "closed"}, {"slow": 0.5}])
def test_a_server_that_breaks_is_set_aside_and_taken_back_when_it_answers(host, workflow, trouble, capsys):
    """It breaks after its first shard, and answers again when the other one, which waits for that, has done six."""

    def breaking(prompt):
        if sick.done and not broke.is_set():
            broke.set()
            for name, value in trouble.items():
                setattr(sick, name, value)
        return ""

    def healing(prompt):
        if len(good.done) == 6 and broke.is_set():
            healed.set()
            sick.broken, sick.slow = 0, 0.0
        waits = not broke.is_set() if len(good.done) < 6 else len(sick.done) < 3
        return None if waits and len(good.done) > 2 else ""

    broke = threading.Event()
    healed = threading.Event()
    sick, good = host(outcome=breaking), host(outcome=healing)
    assert queue(workflow, (sick, good), "--timeout", "0.2", shards=14) == 0
    assert set(shards_done(sick, good)) == set(range(14)) and healed.is_set()
    said = capsys.readouterr().out
    assert f"{sick.address} is set aside" in said and said.count(f"{sick.address} answers") == 2


def test_nobody_listens_at_one_address(host, workflow, capsys):
    good = host()
    assert queue(workflow, ("127.0.0.1:1", good)) == 0
    assert shards_done(good) == list(range(6)) and "127.0.0.1:1 is set aside" in capsys.readouterr().out


def test_a_mistake_of_ours_with_one_server_costs_that_server_alone(host, workflow, monkeypatch, capsys):
    odd, good = host(), host()
    look = Server.look
    monkeypatch.setattr(Server, "look", lambda self, prompts: None if self.name == odd.address else look(self, prompts))
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    assert queue(workflow, (odd, good)) == 0
    assert set(shards_done(good)) == set(range(6)) and "whoever watched it has stopped" in capsys.readouterr().out


def test_without_any_server_the_run_gives_up_and_says_what_is_left(workflow, capsys):
    assert queue(workflow, ("127.0.0.1:1",), "--wait", "0.005") == 1
    assert "6 were not done; the next run does them." in capsys.readouterr().out


def test_something_else_answers_there(host, workflow, capsys):
    other = host()
    other.answer = lambda *_: (200, ["not", "a", "ComfyUI"])
    assert queue(workflow, (other,), "--wait", "0.005") == 1
    assert "does not answer as ComfyUI does" in capsys.readouterr().out


def test_a_prompt_that_a_restarted_server_has_forgotten_is_done_again(host, workflow, capsys):
    def forgetful(prompt):
        if index_of(prompt) == 2 and not forgotten.is_set():
            forgotten.set()
            threading.Timer(0.0, server.forget).start()
            return None
        return ""

    forgotten = threading.Event()
    server = host(outcome=forgetful)
    assert queue(workflow, (server,)) == 0
    assert shards_done(server) == list(range(6))
    assert "was ComfyUI restarted?" in capsys.readouterr().out


def test_a_shard_that_takes_too_long_is_interrupted_and_done_elsewhere(host, workflow, capsys):
    endless, good = host(outcome=lambda prompt: None), host()
    assert queue(workflow, (endless, good), "--longest", "0.003") == 0
    assert endless.interrupted and shards_done(good) == list(range(6))
    assert "D was interrupted." in capsys.readouterr().out


def test_a_shard_that_cannot_be_interrupted_costs_its_server_and_is_done_elsewhere(host, workflow, monkeypatch, capsys):
    monkeypatch.setattr(worker, "GRACE", 0.2)
    stuck, good = host(outcome=lambda prompt: None), host()
    stuck.interrupted = Deaf()
    assert queue(workflow, (stuck, good), "--longest", "0.003") == 0
    assert (
        shards_done(good) == list(range(6))
        and "it was interrupted after its time and goes on" in capsys.readouterr().out
    )


class Deaf(list):
    def __iadd__(self, _):
        return self


def test_ctrl_c_takes_back_what_waits_and_says_what_is_left_running(host, workflow, capsys):
    def stopping(prompt):
        if index_of(prompt) < 2:
            return ""
        if not stopped.is_set():
            stopped.set()
            _thread.interrupt_main()
        return None

    stopped = threading.Event()
    server = host(outcome=stopping)
    assert queue(workflow, (server,)) == 130
    said = capsys.readouterr().out
    assert f"shard 2 of 6 is left running on {server.address}" in said and "2 of 6 shards are done" in said
    assert [index_of(item[2]) for item in server.running] == [2] and not server.pending and server.withdrawn

    server.outcome = lambda prompt: ""
    assert queue(workflow, (server,)) == 0
    assert "2 of 6 shards are done already" in capsys.readouterr().out
    assert set(shards_done(server)) == set(range(6)) and shards_done(server).count(0) == 1


def test_what_was_done_is_not_done_again_until_all_is(host, workflow):
    server = host(outcome=lambda prompt: "no" if index_of(prompt) == 4 else "")
    assert queue(workflow, (server,)) == 1
    file = workflow.with_name("draw.queue.jsonl")
    file.write_bytes(file.read_bytes()[:-9])  # the power went while the last line was written
    server.outcome = lambda prompt: ""
    assert queue(workflow, (server,)) == 0
    assert shards_done(server) == list(range(6))
    assert queue(workflow, (server,)) == 0  # the whole was ended: now all of it is meant
    assert shards_done(server) == sorted([*range(6), *range(6)])


def test_other_settings_are_other_work(host, workflow):
    server = host(outcome=lambda prompt: "no" if index_of(prompt) == 4 else "")
    assert queue(workflow, (server,), "--retries", "0") == 1
    assert queue(workflow, (server,), "--retries", "0", "--set", "Save.seed=4") == 1
    assert shards_done(server) == sorted([0, 1, 2, 3, 5] * 2)
    assert {item[2]["2"]["inputs"]["seed"] for item in server.done} == {3, 4}


def test_then_runs_once_when_all_shards_are_done(host, workflow, tmp_path):
    joining = tmp_path / "join.api.json"
    joining.write_text(json.dumps({"1": {"class_type": "Join", "inputs": {"shard_count": 0, "shard_index": 7}}}))
    server = host(outcome=lambda prompt: "no" if prompt["1"]["inputs"]["shard_index"] in bad else "")
    bad = [5]
    then = "--then", str(joining), "--then-set", "Join.shard_index=9", "--retries", "0"
    assert queue(workflow, (server,), *then) == 1 and shards_done(server) == [0, 1, 2, 3, 4]
    bad[:] = [9]
    assert queue(workflow, (server,), *then) == 1 and shards_done(server) == [0, 1, 2, 3, 4, 5]
    bad[:] = []
    assert queue(workflow, (server,), *then) == 0 and shards_done(server) == [0, 1, 2, 3, 4, 5, 9]
    assert server.done[-1][2]["1"]["inputs"] == {"shard_count": 6, "shard_index": 9}


def test_numbers_go_to_inputs_that_no_wire_leads_to():
    jobs = shard_jobs(PROMPT, 3)
    assert [job.prompt["1"]["inputs"]["shard_index"] for job in jobs] == [0, 1, 2]
    assert all(job.prompt["2"] == PROMPT["2"] for job in jobs)
    assert PROMPT["1"]["inputs"]["shard_count"] == 1


def test_a_digest_knows_the_work_and_not_its_titles_or_its_numbers():
    renamed = {key: {**node, "_meta": {"title": "x"}} for key, node in PROMPT.items()}
    assert digest(PROMPT, 3) == digest(renamed, 3) == digest(numbered(PROMPT, 2, 3), 3)
    assert len({digest(PROMPT, 3), digest(PROMPT, 4), digest(with_settings(PROMPT, ["2.seed=4"]), 3)}) == 3


@pytest.mark.parametrize(
    ("setting", "value"),
    [("D.name=bram", "bram"), ("1.name=5", 5), ("Draw.name=a=b", "a=b"), ('D.name="5"', "5"), ("D.name=", "")],
)
def test_settings(setting, value):
    assert with_settings(PROMPT, [setting])["1"]["inputs"]["name"] == value


@pytest.mark.parametrize("setting", ["name=1", "D.name", "D.colour=1", "7.name=1", "=", "."])
def test_a_setting_that_reaches_nothing_is_said(setting):
    with pytest.raises(Trouble, match="--set"):
        with_settings(PROMPT, [setting])


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "cannot be read"), ("{", "cannot be read"), ("{}", "no workflow"), ("[]", "no workflow"),
     ('{"nodes": [], "links": []}', "for the editor"), ('{"1": {"class_type": "A"}}', "no workflow")],
)  # fmt: skip
def test_a_file_that_is_no_api_workflow_is_said(tmp_path, text, said):
    path = tmp_path / "w.json"
    path.write_text(text)
    with pytest.raises(Trouble, match=said):
        read_workflow(path)


def test_a_workflow_without_shards_is_refused():
    same = {"1": {"class_type": "Draw", "inputs": {"shard_index": 0}}}
    with pytest.raises(Trouble, match="no input shard_count|has an input shard_count"):
        shard_jobs(same, 2)
    assert len(shard_jobs(same, 1)) == 1


def test_a_journal_that_cannot_be_written_is_said_before_anything_is_queued(host, workflow, capsys):
    server = host()
    assert queue(workflow, (server,), "--journal", str(workflow.parent)) == 1
    assert not server.done and "journal" in capsys.readouterr().err


def test_lines_of_other_work_in_a_journal_are_left_alone(tmp_path):
    one, other = Journal(tmp_path / "j", "one"), Journal(tmp_path / "j", "other")
    one.write(shard=1, facts=[])
    other.write(shard=2, facts=[])
    other.write(ended=True)
    one.write(shard=3, error="no")
    assert one.done().keys() == {1} and not other.done()
