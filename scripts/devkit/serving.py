"""Run the graph editor until the person stops it, with the host's log on the screen."""

from __future__ import annotations

import time
from pathlib import Path

from .basefolder import make_base
from .hosts import Host
from .serverprocess import HostProcess, free_port, port_is_free
from .steps import say
from .trouble import Trouble

USUAL_PORT = 8188


def serve(host: Host, base: Path, arguments: list[str]) -> int:
    """`arguments` go on to the host as they are; `--port` among them is looked at first."""
    port, extra = choose_port(arguments)
    process = HostProcess(host, make_base(base), port=port, extra=extra, name="serve")
    say(f"Starting ComfyUI {host.version}.")
    try:
        process.start()
        say(f"Open {process.url} in a browser. Ctrl-C stops it. Pictures go into {base / 'input'}")
        return _follow(process)
    except KeyboardInterrupt:
        say("Stopping.")
        return 0
    finally:
        process.stop()


def choose_port(arguments: list[str], is_free=port_is_free) -> tuple[int, list[str]]:
    """The port and what is left of the arguments. A port that was asked for is used or refused, never replaced."""
    rest = list(arguments)
    if "--port" not in rest:
        if is_free(USUAL_PORT):
            return USUAL_PORT, rest
        say(f"Port {USUAL_PORT} is taken (by another ComfyUI?); using a free one.")
        return free_port(), rest
    at = rest.index("--port")
    if not rest[at + 1 : at + 2] or not rest[at + 1].isdigit():
        raise Trouble("--port wants a number, for example --port 8190.")
    port = int(rest[at + 1])
    if not is_free(port):
        raise Trouble(f"Port {port} is taken by another program; choose another with --port.")
    return port, rest[:at] + rest[at + 2 :]


def _follow(process: HostProcess) -> int:
    """Print the log as it grows; the host's exit status when it ends by itself."""
    shown = 0
    while True:
        running = process.running()
        text = process.log_text()
        print(text[shown:], end="", flush=True)
        shown = len(text)
        if not running:
            return process.process.returncode
        time.sleep(0.2)
