"""A server that answers as a ComfyUI's queue does and computes nothing: each question after its queue moves it on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class QueueHost:
    """`outcome(prompt)`: the error that it ends with, "" for none, None while it goes on. `refusal(prompt)`: node
    errors, of the `whole` prompt or of a branch. Set `broken` to an HTTP status or "closed", and `slow` to seconds."""

    def __init__(
        self,
        outcome: Callable[[dict], str | None] = lambda prompt: "",
        refusal: Callable[[dict], dict] = lambda prompt: {},
        whole: bool = True,
    ) -> None:
        self.outcome, self.refusal, self.whole = outcome, refusal, whole
        self.broken: int | str = 0
        self.slow = 0.0
        self.pending, self.running, self.history = [], [], {}
        self.done, self.withdrawn, self.interrupted, self.most = [], [], [], 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def forget(self) -> None:
        """As after a restart."""
        with self._lock:
            self.pending, self.running, self.history = [], [], {}

    def answer(self, method: str, path: str, body: dict) -> tuple[int, object]:
        with self._lock:
            if path == "/queue" and method == "GET":
                return 200, self._queue()
            if path == "/queue":
                gone = [item for item in self.pending if item[1] in body["delete"]]
                self.withdrawn += gone
                self.pending = [item for item in self.pending if item not in gone]
                return 200, None
            if path == "/interrupt":
                self.interrupted += [item for item in self.running if item[1] == body["prompt_id"]]
                return 200, None
            if path == "/prompt":
                return self._take(body)
            id = path.removeprefix("/history/")
            return 200, {id: self.history[id]} if id in self.history else {}

    def _take(self, body: dict) -> tuple[int, object]:
        errors = self.refusal(body["prompt"])
        if errors and self.whole:
            return 400, {"error": {"message": "Prompt outputs failed validation"}, "node_errors": errors}
        self.pending.append([0, body["prompt_id"], body["prompt"]])
        self.most = max(self.most, len(self.pending) + len(self.running))
        return 200, {"prompt_id": body["prompt_id"], "node_errors": errors}

    def _queue(self) -> dict:
        for item in list(self.running):
            error = self.outcome(item[2]) if item not in self.interrupted else None
            if error is not None or item in self.interrupted:
                self.running.remove(item)
                self.history[item[1]] = _history(error, item in self.interrupted)
                self.done += [item] if error == "" else []
        if self.pending and not self.running:
            self.running.append(self.pending.pop(0))
        return {"queue_running": self.running, "queue_pending": self.pending}


def _history(error: str | None, interrupted: bool) -> dict:
    said = {"node_id": "1", "node_type": "Draw"}
    if interrupted:
        messages = [["execution_interrupted", said]]
    else:
        messages = (
            [["execution_error", {**said, "exception_message": error, "exception_type": "Boom"}]] if error else []
        )
    status = {"status_str": "error" if error or interrupted else "success", "messages": messages}
    return {"status": status, "outputs": {"1": {"troupe": [{"stage": "save", "samples": 5, "rejected": 1}]}}}


def _handler(host: QueueHost) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            time.sleep(host.slow)
            if host.broken == "closed":
                self.close_connection = True
                return
            status, said = (
                (host.broken, "no") if host.broken else host.answer(self.command, self.path, json.loads(body or b"{}"))
            )
            with suppress(OSError):  # who asked has gone
                self._send(status, said)

        def _send(self, status: int, said: object) -> None:
            data = b"" if said is None else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _answer

        def log_message(self, *_) -> None:
            pass

    return Handler
