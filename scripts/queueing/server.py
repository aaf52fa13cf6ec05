"""One running ComfyUI, as far as a queue of prompts needs it: take one, say how it stands, let go of one."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from devkit.api import THE_END, ApiError, HostApi
from devkit.demo import failure, refusal
from devkit.progressline import titles

WAITING, RUNNING, LOST = "waiting", "running", "lost"

Answer = TypeVar("Answer")


class Gone(Exception):
    """The server does not answer, or not as a ComfyUI does."""


class Refused(Exception):
    """The server does not take this prompt; says why."""


class Ended(NamedTuple):
    """`error`: empty when all went well. `facts`: what Troupe's nodes told of their work."""

    error: str
    facts: tuple[dict, ...] = ()


class Server:
    """`address`: host:port, or a URL. `timeout`: seconds that one answer may take."""

    def __init__(self, address: str, timeout: float = 30.0) -> None:
        self.name = address
        self.timeout = timeout
        self._api = HostApi(url_of(address))

    def ping(self) -> None:
        self._ask(lambda: self._api.get("/queue", self.timeout)["queue_running"])

    def submit(self, prompt: Mapping[str, dict], prompt_id: str) -> None:
        """Raises `Refused` for a prompt of which any branch is wrong: the host would quietly leave it out."""
        try:
            body = {"prompt": prompt, "prompt_id": prompt_id}
            ack = self._ask(lambda: self._api.post("/prompt", body, self.timeout), refusing=400)
            wrong = ack.get("node_errors") or {}
        except ApiError as refused:
            answer = refused.body
        else:
            if not wrong:
                return
            self.withdraw([prompt_id])
            answer = {"node_errors": wrong}
        raise Refused(self._ask(lambda: refusal(answer, titles(prompt)).strip()))

    def look(self, prompts: Mapping[str, Mapping[str, dict]]) -> dict[str, str | Ended]:
        """How each stands, by id. The queue is asked first: what leaves it stands in the history at once."""
        queue = self._ask(lambda: _ids(self._api.get("/queue", self.timeout)))
        return {id: queue.get(id) or self._end_of(id, titles(prompt)) for id, prompt in prompts.items()}

    def withdraw(self, ids: Iterable[str]) -> None:
        """Of what still waits; what runs goes on."""
        self._ask(lambda: self._api.post("/queue", {"delete": list(ids)}, self.timeout))

    def interrupt(self, id: str) -> None:
        self._ask(lambda: self._api.post("/interrupt", {"prompt_id": id}, self.timeout))

    def _end_of(self, id: str, names: Mapping[str, str]) -> str | Ended:
        history = self._ask(lambda: self._api.get(f"/history/{id}", self.timeout).get(id))
        return self._ask(lambda: _ended(history, names)) if history else LOST

    def _ask(self, question: Callable[[], Answer], refusing: int | None = None) -> Answer:
        """`refusing`: the status that is an answer, too."""
        try:
            return question()
        except ApiError as error:
            if error.status == refusing and isinstance(error.body, dict):
                raise
            raise Gone(f"it answers with {error}"[:300]) from None
        except (OSError, http.client.HTTPException) as error:
            raise Gone(str(getattr(error, "reason", None) or error) or error.__class__.__name__) from None
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise Gone(f"it does not answer as ComfyUI does ({error.__class__.__name__})") from None


def url_of(address: str) -> str:
    return (address if "://" in address else f"http://{address}").rstrip("/")


def _ids(queue: Mapping[str, Any]) -> dict[str, str]:
    """Both lists hold [number, id, prompt, ...]."""
    waiting = {item[1]: WAITING for item in queue["queue_pending"]}
    return waiting | {item[1]: RUNNING for item in queue["queue_running"]}


def _ended(history: Mapping[str, Any], names: Mapping[str, str]) -> Ended:
    facts = tuple(fact for ui in history["outputs"].values() for fact in ui.get("troupe", ()))
    if history["status"]["status_str"] == "success":
        return Ended("", facts)
    end = next((data for kind, data in history["status"]["messages"] if kind in THE_END[1:]), {})
    return Ended(failure(end, names), facts)
