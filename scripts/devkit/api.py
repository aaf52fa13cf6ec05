"""Talk to a running host: plain HTTP, and the event stream while a prompt runs."""

from __future__ import annotations

import json
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .serverprocess import direct
from .websocket import WebSocket

THE_END = ("execution_success", "execution_error", "execution_interrupted")

# protocol.py of the host: node id and text, each as bytes, the id led by its length
PROGRESS_TEXT = 3


class ApiError(Exception):
    """The host answered with an HTTP error; `body` is its JSON."""

    def __init__(self, status: int, body: Any):
        super().__init__(f"HTTP {status}: {json.dumps(body)[:2000]}")
        self.status, self.body = status, body


@dataclass(frozen=True)
class Run:
    """A finished prompt: the answer to the POST, every event with its time `t`, and the host's record of it."""

    prompt_id: str
    ack: dict
    events: list[dict]
    history: dict
    seconds: float

    @property
    def ok(self) -> bool:
        return self.history["status"]["status_str"] == "success"

    @property
    def outputs(self) -> dict[str, dict]:
        """What the nodes put into `ui`, by node id."""
        return self.history["outputs"]

    @property
    def error(self) -> dict | None:
        """The message of the failure (or of the interruption), with node_id, node_type and exception_message."""
        messages = self.history["status"]["messages"]
        return next((data for kind, data in messages if kind in THE_END[1:]), None)

    def of(self, kind: str) -> list[dict]:
        return [event for event in self.events if event["type"] == kind]


class HostApi:
    def __init__(self, url: str):
        self.url = url

    def get(self, path: str, timeout: float = 60) -> Any:
        return json.loads(self.raw(path, timeout))

    def raw(self, path: str, timeout: float = 60) -> bytes:
        return self._request("GET", path, None, timeout)

    def post(self, path: str, data: Any, timeout: float = 60) -> Any:
        body = self._request("POST", path, json.dumps(data).encode(), timeout)
        return json.loads(body) if body else None

    def view(self, item: dict) -> bytes:
        """The bytes of a picture that a node has put into `ui.images`."""
        wanted = {name: item[name] for name in ("filename", "subfolder", "type")}
        return self.raw("/view?" + urllib.parse.urlencode(wanted))

    def interrupt(self) -> None:
        self.post("/interrupt", {})

    def run(
        self,
        prompt: dict,
        timeout: float | None = 120,
        on_event: Callable[[dict], None] = lambda event: None,
        extra_data: dict | None = None,
    ) -> Run:
        """Queue `prompt` (API format) and wait for its end. Refused prompts raise ApiError."""
        client, events, start = uuid.uuid4().hex, [], time.monotonic()
        socket = WebSocket(f"{self.url}/ws?clientId={client}")
        try:
            # As the browser does: without it the host sends no preview pictures.
            socket.send(json.dumps({"type": "feature_flags", "data": {"supports_preview_metadata": True}}))
            ack = self.post("/prompt", {"prompt": prompt, "client_id": client, "extra_data": extra_data or {}})
            for event in _events(socket, ack["prompt_id"], start, timeout):
                events.append(event)
                on_event(event)
        finally:
            socket.close()
        history = self._history(ack["prompt_id"])
        return Run(ack["prompt_id"], ack, events, history, time.monotonic() - start)

    def _history(self, prompt_id: str, timeout: float = 30) -> dict:
        """The host writes it a moment after it has announced the end."""
        start = time.monotonic()
        while time.monotonic() - start < timeout:
            history = self.get(f"/history/{prompt_id}")
            if prompt_id in history:
                return history[prompt_id]
            time.sleep(0.005)
        raise TimeoutError(f"the host has no record of prompt {prompt_id}")

    def _request(self, method: str, path: str, body: bytes | None, timeout: float) -> bytes:
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, body, headers, method=method)  # noqa: S310 - of a host's own
        try:
            with direct.open(request, timeout=timeout) as response:
                return response.read()
        except urllib.error.HTTPError as error:
            raise ApiError(error.code, _json_or_text(error.read())) from None


def _events(socket: WebSocket, prompt_id: str, start: float, timeout: float | None):
    """Every event up to the last one of this prompt."""
    while True:
        left = None if timeout is None else max(0.1, start + timeout - time.monotonic())
        event = {**_decode(socket.receive(left)), "t": time.monotonic() - start}
        yield event
        if event["type"] in THE_END and event["data"].get("prompt_id") == prompt_id:
            return


def _decode(message: str | bytes) -> dict:
    if isinstance(message, str):
        return json.loads(message)
    (kind,) = struct.unpack_from(">I", message)
    if kind != PROGRESS_TEXT:
        return {"type": "binary", "event": kind, "bytes": len(message), "data": {}}
    (length,) = struct.unpack_from(">I", message, 4)
    node, text = message[8 : 8 + length].decode(), message[8 + length :].decode(errors="replace")
    return {"type": "progress_text", "data": {"node": node, "text": text}}


def _json_or_text(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
