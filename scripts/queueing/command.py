"""`troupe.py queue`: a workflow over all shards, on all servers that are named, then the workflow that joins them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from devkit.steps import say
from devkit.trouble import Trouble

from .board import Board, News
from .jobs import Job, digest, numbered, read_workflow, shard_jobs, with_settings
from .journal import Journal
from .report import failures, line, table, undone
from .running import Ways, run_jobs
from .server import Server

DONE, FAILED, STOPPED = 0, 1, 130


def add_arguments(read: argparse.ArgumentParser) -> None:
    add = read.add_argument
    add("workflow", type=Path, metavar="WORKFLOW.api.json", help="exported with Export (API)")
    add("--shards", type=_at_least(1, int), required=True, metavar="N", help="how many parts the set is worked on in")
    add("--server", action="append", default=[], metavar="HOST:PORT", help="a running ComfyUI (127.0.0.1:8188)")
    add("--set", action="append", default=[], metavar="NODE.input=value", help="NODE: number, title or class")
    add("--then", type=Path, metavar="FILE", help="a workflow to run when all shards are done, to join them")
    add("--then-set", action="append", default=[], metavar="NODE.input=value", help="the same for that one")
    add("--retries", type=_at_least(0, int), default=2, metavar="N", help="of a shard that failed (2)")
    add("--timeout", type=_at_least(0), default=30, metavar="SECONDS", help="for one answer of a server (30)")
    add("--longest", type=_at_least(0), default=0, metavar="MINUTES", help="that a shard may run (0: as it needs)")
    add("--wait", type=_at_least(0), default=10, metavar="MINUTES", help="before giving up with no server (10)")
    add("--poll", type=_at_least(0), default=1, metavar="SECONDS", help="between two looks at a server (1)")
    add("--journal", type=Path, metavar="FILE", help="what is done (beside the workflow)")
    add("--again", action="store_true", help="queue all shards, also those that the journal has as done")


def queue(wanted: argparse.Namespace) -> int:
    """The exit status: 0 when all is done, 1 when something failed, 130 after Ctrl-C."""
    prompt = with_settings(read_workflow(wanted.workflow), wanted.set)
    jobs = shard_jobs(prompt, wanted.shards)
    after = with_settings(read_workflow(wanted.then), wanted.then_set) if wanted.then else None
    journal = Journal(wanted.journal or journal_of(wanted.workflow), digest(prompt, wanted.shards))
    kept = {} if wanted.again else journal.done()
    if kept:
        say(f"{len(kept)} of {len(jobs)} shards are done already, says {journal.path}")
    todo = [job for job in jobs if job.index not in kept]
    journal.write(begun=len(todo))
    status, board = _run(todo, wanted, _writing(journal))
    facts = [fact for line in kept.values() for fact in line.get("facts", ())]
    print("\n".join(table(facts + [fact for news in board.done for fact in news.facts])))
    say(f"{len(kept) + len(board.done)} of {len(jobs)} shards are done.")
    if status == DONE and after is not None:
        joining = Job(0, wanted.then.name, numbered(after, None, wanted.shards))
        status, board = _run([joining], wanted, lambda news: None)
        print("\n".join(table(fact for news in board.done for fact in news.facts)))
    if status == DONE:
        journal.write(ended=True)
    return status


def journal_of(workflow: Path) -> Path:
    return workflow.with_name(workflow.name.removesuffix(".json").removesuffix(".api") + ".queue.jsonl")


def _run(jobs: list[Job], wanted: argparse.Namespace, keep: Callable[[News], None]) -> tuple[int, Board]:
    def tell(news: News) -> None:
        keep(news)
        say(line(news))

    servers = [Server(address, wanted.timeout) for address in dict.fromkeys(wanted.server or ["127.0.0.1:8188"])]
    ways = Ways(wanted.retries, wanted.poll, wanted.longest * 60, wanted.wait * 60)
    board, stopped = run_jobs(jobs, servers, ways, tell)
    problems = failures(board.failed.values())
    if board.waiting or board.left_running:
        problems += undone(board)
    for problem in problems:
        say(problem)
    return STOPPED if stopped else DONE if len(board.done) == len(jobs) else FAILED, board


def _writing(journal: Journal) -> Callable[[News], None]:
    def keep(news: News) -> None:
        said = (
            {"seconds": round(news.seconds, 2), "facts": news.facts} if news.what == "done" else {"error": news.error}
        )
        if news.what in ("done", "failed"):
            try:
                journal.write(shard=news.job.index, server=news.server, **said)
            except Trouble as trouble:  # what is done is done, and is found finished the next time
                say(str(trouble))

    return keep


def _at_least(least: float, kind: Callable[[str], float] = float) -> Callable[[str], float]:
    def number(text: str) -> float:
        value = kind(text)
        if not least <= value < float("inf"):
            raise argparse.ArgumentTypeError(f"{text} is less than {least}")
        return value

    return number
