"""Show the host's events as they come: one moving line in a terminal, plain lines in a log."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Mapping
from typing import TextIO

BAR = 24
NAME = 32
# In a log, a long stage says where it is this often.
SECONDS_BETWEEN_LINES = 15


def bar(done: float, total: float, width: int = BAR) -> str:
    """ASCII, because not every terminal and hardly a CI log has more."""
    full = round(width * min(1.0, done / total)) if total else 0
    return "[" + "#" * full + "." * (width - full) + "]"


def titles(prompt: Mapping[str, dict]) -> dict[str, str]:
    """What each node is called: its title in the workflow, else its class."""
    return {key: node.get("_meta", {}).get("title") or node["class_type"] for key, node in prompt.items()}


class ProgressLine:
    """Give every event to `show`; `finish` ends the last line."""

    def __init__(self, names: Mapping[str, str], out: TextIO = sys.stdout, clock=time.monotonic):
        self.names, self.out, self.clock = names, out, clock
        self.live = out.isatty() and os.environ.get("TERM") != "dumb"
        self.node: str | None = None
        self.done, self.total, self.text = 0, 0, ""
        self.began = self.said = clock()

    def show(self, event: dict) -> None:
        data = event.get("data") or {}
        if event["type"] == "executing":
            self._next(data.get("node"))
        elif event["type"] in ("execution_error", "execution_interrupted"):
            self._next(None, "stopped")
        elif event["type"] == "progress" and data.get("node") == self.node:
            self.done, self.total = data["value"], data["max"]
            self._update()
        elif event["type"] == "progress_text" and data["node"] == self.node:
            self.text = " ".join(data["text"].split())
            self._update()

    def finish(self) -> None:
        self._next(None)

    def _next(self, node: str | None, ended: str = "done") -> None:
        """Close the line of the node that has ended, and open that of `node`."""
        if self.node is not None and self.node != node:
            self._write(f"{self._name():<{NAME}} {ended} {self.clock() - self.began:7.1f} s", last=True)
        if node is not None and node != self.node:
            self.done, self.total, self.text = 0, 0, ""
            self.began = self.said = self.clock()
            self.node = node
            self._update()
        self.node = node

    def _update(self) -> None:
        if self.live:
            self._write(self._line(), last=False)
        elif self.total and self.clock() - self.said >= SECONDS_BETWEEN_LINES:
            self.said = self.clock()
            self._write(self._line(), last=True)

    def _name(self) -> str:
        return self.names.get(self.node, self.node or "")

    def _line(self) -> str:
        # The pack's own text says "12 of 56: hero/front.png"; other nodes only count.
        what = self.text or (f"{self.done:.0f} of {self.total:.0f}" if self.total else "...")
        return f"{self._name():<{NAME}} {bar(self.done, self.total)} {what}"

    def _write(self, line: str, last: bool) -> None:
        if not self.live:
            self.out.write(line.rstrip() + "\n")
        else:
            # One column short: a full line would wrap and leave its copy behind.
            width = shutil.get_terminal_size().columns - 1
            self.out.write("\r" + line.rstrip()[:width].ljust(width) + ("\n" if last else ""))
        self.out.flush()
