"""Prompts put into a host's queue, cancelled there, and how each of them ended."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..devkit.api import ApiError, HostApi
from .loadprompts import Prompt, completed

PATIENCE = 120  # seconds for what is waited for
PAUSE = 0.02

WELL, FAILED, INTERRUPTED, REFUSED, DELETED = "well", "failed", "interrupted", "refused", "deleted"


class PromptQueue:
    def __init__(self, api: HostApi) -> None:
        self.api = api
        self._object_info = api.get("/object_info")

    def put(self, prompt: Prompt) -> str:
        """Its id, or "" where the host refuses it, or a part of it."""
        try:
            answer = self.api.post("/prompt", {"prompt": completed(prompt, self._object_info)})
        except ApiError as refused:
            if refused.status != 400:
                raise
            return ""
        return "" if answer["node_errors"] else answer["prompt_id"]

    def delete(self, prompt_id: str) -> None:
        self.api.post("/queue", {"delete": [prompt_id]})

    def interrupt(self, prompt_id: str, after: float) -> None:
        """When it has run for `after` seconds."""
        _wait(lambda: prompt_id not in self._in("queue_pending"), "a prompt to start")
        time.sleep(after)
        self.api.post("/interrupt", {"prompt_id": prompt_id})

    def _in(self, *lists: str) -> set[str]:
        queue = self.api.get("/queue")
        return {item[1] for name in lists for item in queue[name]}

    def ended(self, prompt_id: str) -> str:
        """How it ended; waits for that. What is in no list and has no record was deleted."""
        if not prompt_id:
            return REFUSED
        _wait(lambda: prompt_id not in self._in("queue_pending", "queue_running"), "a prompt to end")
        record = self.api.get(f"/history/{prompt_id}").get(prompt_id)
        if record is None:
            return DELETED
        if record["status"]["status_str"] == "success":
            return WELL
        messages = [kind for kind, _ in record["status"]["messages"]]
        return INTERRUPTED if "execution_interrupted" in messages else FAILED


def _wait(until: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not until():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {PATIENCE} s for {what}")
        time.sleep(PAUSE)
