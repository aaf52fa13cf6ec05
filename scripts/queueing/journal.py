"""What is done, kept in a file with a line for each job, so that a run that was stopped goes on where it was.

{"work": "3fa1...", "shard": 7, "server": "host2:8188", "seconds": 81.2, "facts": [...], "at": "..."}
{"work": "3fa1...", "ended": true, "at": "..."}      all were done: whoever starts the same again means all of it
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from devkit.trouble import Trouble


class Journal:
    """Of one piece of `work`; lines of others in the same file are left alone."""

    def __init__(self, path: Path, work: str) -> None:
        self.path, self.work = path, work

    def done(self) -> dict[int, dict[str, Any]]:
        """The lines of what is done since the work was last ended, by shard."""
        done: dict[int, dict[str, Any]] = {}
        for line in self._lines():
            if line.get("ended"):
                done = {}
            elif isinstance(line.get("shard"), int) and "error" not in line:
                done[line["shard"]] = line
        return done

    def write(self, **said: Any) -> None:
        line = {"work": self.work, **said, "at": datetime.now(timezone.utc).isoformat(timespec="seconds")}
        try:
            with open(self.path, "ab+") as file:
                torn = file.tell() and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n"
                file.write(b"\n" * bool(torn) + json.dumps(line, ensure_ascii=False).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise Trouble(f"The journal cannot be written: {error}. Name another file with --journal.") from None

    def _lines(self) -> Iterator[dict[str, Any]]:
        """A line that was torn when the power went counts for none."""
        try:
            text = self.path.read_bytes().decode(errors="replace") if self.path.exists() else ""
        except OSError as error:
            raise Trouble(f"The journal cannot be read: {error}") from None
        for line in text.splitlines():
            try:
                said = json.loads(line)
            except ValueError:
                continue
            if isinstance(said, dict) and said.get("work") == self.work:
                yield said
