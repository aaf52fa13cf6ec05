"""Run one command of the set-up: its output goes to a log, its duration to the screen."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .trouble import Trouble, last_lines

# What pip, uv and the system say when no connection is made.
NO_CONNECTION = (
    "connection refused",
    "connection reset",
    "connecttimeout",
    "newconnectionerror",
    "max retries exceeded",
    "dns error",
    "error sending request",
    "failed to fetch",
    "name or service not known",
    "temporary failure in name resolution",
    "nodename nor servname",
    "getaddrinfo failed",
    "network is unreachable",
    "proxyerror",
)


class StepFailed(Exception):
    """A command ended with an error; `output` is all it printed."""

    def __init__(self, what: str, output: str):
        super().__init__(what)
        self.what, self.output = what, output

    @property
    def offline(self) -> bool:
        text = self.output.lower()
        return any(sign in text for sign in NO_CONNECTION)

    def as_trouble(self) -> Trouble:
        if self.offline:
            return Trouble(
                f"{self.what}: the Python package index can't be reached.\n"
                "Check the network, or name your mirror in pip's configuration (or in PIP_INDEX_URL and\n"
                f"UV_DEFAULT_INDEX), and run the command again. The last lines were:\n{last_lines(self.output)}"
            )
        return Trouble(f"{self.what} failed. The last lines were:\n{last_lines(self.output)}")


def say(message: str) -> None:
    print(f"[troupe] {message}", flush=True)


def run_step(what: str, command: Sequence, log: Path, env: Mapping[str, str]) -> str:
    """Run `command` and give back what it printed; raise StepFailed when it does not end well."""
    log.parent.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    with open(log, "wb") as out:
        process = subprocess.Popen([str(c) for c in command], stdout=out, stderr=subprocess.STDOUT, env=dict(env))
        try:
            while process.poll() is None:
                _tick(what, time.monotonic() - start)
                time.sleep(0.1)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    output = log.read_text(errors="replace")
    _clear_tick()
    if process.returncode:
        raise StepFailed(what, output)
    say(f"{what}: {time.monotonic() - start:.1f} s")
    return output


def _tick(what: str, seconds: float) -> None:
    if sys.stdout.isatty():
        print(f"\r[troupe] {what} ... {seconds:.0f} s ", end="", flush=True)


def _clear_tick() -> None:
    if sys.stdout.isatty():
        print("\r\033[K", end="", flush=True)
