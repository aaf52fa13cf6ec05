"""A real host for tests: a server process in its own base directory, with a client that runs prompts on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from devkit.api import HostApi, Run
from devkit.basefolder import make_base
from devkit.hosts import Host
from devkit.serverprocess import HostProcess

ROOT = Path(__file__).resolve().parents[2]


class ComfyHost:
    """`start`, `run(prompt)`, `interrupt`, `stop`; `kill` and `restart` for tests of resuming.

    Pictures go into `input`, results come to `output`; both lie below `base`.
    """

    def __init__(
        self, host: Host, base: Path, packs: Sequence[tuple[str, Path]] = (("troupe", ROOT),), extra=(), env=None
    ):
        self.base, self.input, self.output = base, base / "input", base / "output"
        self.process = HostProcess(host, base, extra=("--cpu", *extra), env=env or {})
        self.packs = packs

    def start(self) -> ComfyHost:
        make_base(self.base, self.packs)
        self.process.start()
        self.api = HostApi(self.process.url)
        if "IMPORT FAILED" in self.log_text():
            self.stop()
            raise AssertionError(f"the host could not import the pack\n{self.log_text()[-4000:]}")
        return self

    def run(self, prompt: dict, timeout: float = 120, on_event: Callable[[dict], None] = lambda event: None) -> Run:
        """Queue a prompt that the host must accept whole, and wait for its end; `.ok` says how it went."""
        run = self.api.run(prompt, timeout, on_event)
        # One bad branch beside a good one is accepted with HTTP 200 and quietly left out.
        assert not run.ack["node_errors"], run.ack["node_errors"]
        return run

    @property
    def url(self) -> str:
        return self.process.url

    def get(self, path: str):
        return self.api.get(path)

    def post(self, path: str, data):
        return self.api.post(path, data)

    def view(self, item: dict) -> bytes:
        return self.api.view(item)

    def interrupt(self) -> None:
        self.api.interrupt()

    def stored(self) -> int:
        """How many pictures the pack's store holds."""
        return sum(1 for _ in (self.base / "user" / "troupe" / "store").rglob("*.png"))

    def stop(self) -> None:
        self.process.stop()

    def kill(self) -> None:
        """As a power cut would: nothing is flushed, nothing is removed."""
        self.process.kill()

    def restart(self) -> ComfyHost:
        self.stop()
        return self.start()

    def log_text(self) -> str:
        return self.process.log_text()
