"""Start, watch and stop one ComfyUI server process."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .environment import child_environment
from .hosts import Host
from .trouble import Trouble, last_lines

PORT_TAKEN = "address already in use"
# Traffic to this machine never goes through a proxy.
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name != "nt":  # there it would take a port that somebody listens on
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def has_accelerator() -> bool:
    """Told by what the driver installs, because asking torch would cost a second before the host even starts."""
    apple = sys.platform == "darwin" and platform.machine() == "arm64"
    return apple or bool(shutil.which("nvidia-smi")) or Path("/dev/kfd").exists()  # kfd: AMD's driver


@dataclass
class HostProcess:
    """One server on 127.0.0.1. `output` overrides where saved files go; `extra` are more arguments of the host,
    `env` more variables for it.

    `name` keeps apart what two hosts in one base directory must not share: log, database, temporary files.
    """

    host: Host
    base: Path
    port: int | None = None
    output: Path | None = None
    extra: Sequence[str] = ()
    name: str = "host"
    env: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = field(default=None, init=False)
    boot_seconds: float = field(default=0.0, init=False)

    @property
    def log(self) -> Path:
        return self.base / f"{self.name}.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        command = [self.host.python, "-u", "main.py", "--listen", "127.0.0.1", "--port", self.port]
        database = self.base / "user" / f"{self.name}.db"
        command += ["--base-directory", self.base, "--database-url", f"sqlite:///{database}"]
        # The host adds "temp" to this folder, and empties it when it starts and when it stops.
        command += ["--temp-directory", self.base / "temp" / self.name]
        command += ["--disable-auto-launch", "--disable-api-nodes", "--log-stdout"]
        if self.output:
            command += ["--output-directory", self.output]
        if "--cpu" not in self.extra and not has_accelerator():
            command.append("--cpu")
        return [str(part) for part in (*command, *self.extra)]

    def start(self, timeout: float = 180.0) -> HostProcess:
        """Return once the server answers. Another program may take a free port first, hence the three tries."""
        chosen = self.port
        for _ in range(3):
            self.port = chosen or free_port()
            self._spawn()
            if self._answers(timeout):
                return self
            if PORT_TAKEN not in self.log_text().lower() or chosen:
                break
        raise Trouble(self._what_happened(timeout))

    def _spawn(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        env = {**child_environment(), "PYTHONUNBUFFERED": "1", "NO_PROXY": "127.0.0.1,localhost", **self.env}
        with open(self.log, "ab") as log:
            self._log_start = log.tell()
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.host.folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                **_own_group(),
            )

    def _answers(self, timeout: float) -> bool:
        start = time.monotonic()
        while self.running() and time.monotonic() - start < timeout:
            try:
                direct.open(self.url + "/system_stats", timeout=2).close()
            except OSError:
                time.sleep(0.05)
            else:
                self.boot_seconds = time.monotonic() - start
                # Another host may own the port and answer: then ours is about to say so and to end.
                return PORT_TAKEN not in self.log_text().lower()
        return False

    def _what_happened(self, timeout: float) -> str:
        text, was_running = self.log_text(), self.running()
        self.kill()
        if PORT_TAKEN in text.lower():
            return f"Port {self.port} is taken by another program; choose another with --port."
        what = f"did not answer within {timeout:.0f} s" if was_running else f"ended with code {self.process.returncode}"
        return f"ComfyUI {what}. The end of {self.log}:\n{last_lines(text)}"

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, grace: float = 15.0) -> None:
        """Ask for a clean end (it empties the temp folder), and insist after `grace` seconds."""
        if not self.running():
            return
        self.process.send_signal(signal.CTRL_BREAK_EVENT if os.name == "nt" else signal.SIGINT)
        try:
            self.process.wait(grace)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self.running():
            self.process.kill()
            self.process.wait(30)

    def log_text(self) -> str:
        """What this start of the host has printed so far."""
        with open(self.log, "rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")


def _own_group() -> dict:
    """A Ctrl-C in the terminal must reach us alone, so that we stop the host and not both at once."""
    if os.name == "nt":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True, "preexec_fn": _die_with_parent if sys.platform == "linux" else None}


def _die_with_parent() -> None:
    """A test run that is killed must not leave a host, with its gigabytes, behind."""
    import ctypes

    PR_SET_PDEATHSIG = 1  # linux/prctl.h
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
