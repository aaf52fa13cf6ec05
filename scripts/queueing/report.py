"""What the person at the keyboard reads: a line for each thing that happens, and what it came to at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from .board import Board, News, Try
from .jobs import Job

COUNTS = ("samples", "computed", "reused", "rejected")


def line(news: News) -> str:
    name = news.job.name if news.job else ""
    if news.what == "done":
        left = f", {duration(news.left)} left" if news.left else ""
        return f"{news.done} of {news.of} done: {name} on {news.server} in {duration(news.seconds)}{left}"
    if news.what == "again":
        return f"{name} failed on {news.server} and will be tried again: {news.error}"
    if news.what == "failed":
        return f"{name} failed on {news.server}, for the last time: {news.error}"
    if news.what == "away":
        return f"{news.server} is set aside, its shards go to others: {news.error}"
    return f"{news.server} answers."


def totals(facts: Iterable[Mapping]) -> dict[str, dict[str, int]]:
    """By stage, the counts of all shards added up."""
    stages: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for fact in facts:
        for name in COUNTS:
            if isinstance(fact.get(name), int):
                stages[str(fact.get("stage"))][name] += fact[name]
    return {stage: dict(counts) for stage, counts in stages.items()}


def table(facts: Iterable[Mapping]) -> list[str]:
    stages = totals(facts)
    if not stages:
        return []
    rows = [("stage", *COUNTS), *((stage, *(counts.get(n, "") for n in COUNTS)) for stage, counts in stages.items())]
    return ["", *(f"{row[0]:<16}" + "".join(f"{cell:>12}" for cell in row[1:]) for row in rows), ""]


def failures(failed: Iterable[tuple[Job, list[Try]]]) -> list[str]:
    """Each job, and under it what every server said; the same words only once."""
    lines = []
    for job, tries in failed:
        lines.append(f"{job.name} failed:")
        said = dict.fromkeys((tried.server, tried.error) for tried in tries)
        lines += [f"    {server}: {error}" for server, error in said]
    return lines


def undone(board: Board) -> list[str]:
    """What is left when the run was stopped, or no server answered."""
    lines = [f"{len(board.waiting)} were not done; the next run does them."] if board.waiting else []
    lines += [f"{server}: {why}" for server, why in board.away.items()]
    return lines + [
        f"{job.name} is left running on {server} and ends by itself; the next run finds what it has made."
        for job, server in board.left_running
    ]


def duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
