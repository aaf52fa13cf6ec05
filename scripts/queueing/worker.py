"""What keeps one server busy: one job runs there, one waits, and when the server is gone its jobs go to others."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field

from .board import Board
from .jobs import Job
from .server import LOST, RUNNING, WAITING, Ended, Gone, Refused, Server

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds between two questions to a server that does not answer
GRACE = 60.0  # seconds that an interrupted prompt may take to end


class Stuck(Exception):
    """The server answers, and cannot be made to stop what it does."""


@dataclass
class Flight:
    """A job at a server."""

    job: Job
    accepted: bool = False
    running_since: float | None = None
    began: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        return time.monotonic() - (self.running_since or self.began)


class Worker:
    """`poll`: seconds between two looks. `longest`: seconds that a job may run; 0 for any."""

    def __init__(self, server: Server, board: Board, poll: float = 1.0, longest: float = 0.0) -> None:
        self.server, self.board, self.poll, self.longest = server, board, poll, longest
        self.flights: dict[str, Flight] = {}
        self.left_behind: list[str] = []  # ids at a server that was gone: theirs are others' jobs now
        self.here = False
        self.pause = FIRST_PAUSE

    def run(self) -> None:
        why = "whoever watched it has stopped"
        try:
            while not self.board.over():
                self.board.stopped.wait(self._once())
        except Stuck as stuck:
            why = str(stuck)
        finally:
            if self.board.stopped.is_set():
                self._leave()
            elif not self.board.over():
                self._let_go(why)
                self.board.set_aside(self.server.name, why)

    def _once(self) -> float:
        """One look at everything; how long to wait for the next."""
        try:
            if not self.here:
                self._arrive()
            self._fill()
            self._watch()
            return self.poll
        except Gone as gone:
            self._set_aside(str(gone))
            self.pause = min(2 * self.pause, LONGEST_PAUSE)
            return self.pause / 2

    def _arrive(self) -> None:
        self.server.ping()
        if self.left_behind:
            self.server.withdraw(self.left_behind)
            for id in self.left_behind:
                self.server.interrupt(id)
        self.left_behind, self.here, self.pause = [], True, FIRST_PAUSE
        self.board.welcome(self.server.name)

    def _fill(self) -> None:
        while len(self.flights) < self.board.room() and (job := self.board.take(self.server.name)):
            id = str(uuid.uuid4())
            self.flights[id] = Flight(job)
            try:
                self.server.submit(job.prompt, id)
                self.flights[id].accepted = True
            except Refused as refused:
                del self.flights[id]
                self.board.fail(job, self.server.name, str(refused))

    def _watch(self) -> None:
        states = self.server.look({id: flight.job.prompt for id, flight in self.flights.items()})
        for id, state in states.items():
            flight = self.flights[id]
            if state == RUNNING:
                flight.running_since = flight.running_since or time.monotonic()
                self._mind_the_time(id, flight)
            elif state != WAITING:
                end = Ended("it is not known there any more: was ComfyUI restarted?") if state == LOST else state
                del self.flights[id]
                self.board.finish(flight.job, self.server.name, flight.seconds(), end)

    def _mind_the_time(self, id: str, flight: Flight) -> None:
        if not self.longest or flight.seconds() < self.longest:
            return
        if flight.seconds() > self.longest + GRACE:
            raise Stuck("it was interrupted after its time and goes on; restart it")
        self.server.interrupt(id)

    def _set_aside(self, why: str) -> None:
        self.here = False
        self._let_go(f"the server was gone: {why}")
        self.board.set_aside(self.server.name, why)

    def _let_go(self, why: str) -> None:
        """The first was at work when it happened, and perhaps because of it; the others go back as they came."""
        for number, (id, flight) in enumerate(self.flights.items()):
            self.left_behind.append(id)
            if number == 0 and flight.accepted:
                self.board.fail(flight.job, self.server.name, why)
            else:
                self.board.give_back(flight.job)
        self.flights = {}

    def _leave(self) -> None:
        """What waits is taken back, what runs may end by itself."""
        try:
            if self.flights:
                self._watch()
                waiting = [id for id, flight in self.flights.items() if flight.running_since is None]
                self.server.withdraw(waiting)
                for id in waiting:
                    self.board.give_back(self.flights.pop(id).job)
        except (Gone, Stuck):
            pass
        for flight in self.flights.values():
            self.board.leave_running(flight.job, self.server.name)
