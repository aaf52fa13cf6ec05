"""The commands of `scripts/troupe.py`: read the arguments, call the one module that does the work."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from . import hosts, places, testing
from .environment import child_environment
from .steps import say
from .trouble import Trouble


def run(arguments: list[str], usage: str) -> int:
    """Do one command; its exit status. Trouble becomes a sentence, Ctrl-C a quiet end."""
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if name in ("-h", "--help", "help"):
        print(usage.strip())
        return 0
    command = COMMANDS.get(name)
    if command is None:
        print(f"Unknown command: {name}\n" if name else "", usage.strip(), sep="", file=sys.stderr)
        return 2
    try:
        return command(rest)
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def parser(name: str, **options) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"troupe.py {name}", **options)


def setup(arguments: list[str]) -> int:
    read = parser("setup", description="Build the environment and get ComfyUI, if they are not there yet.")
    read.parse_args(arguments)
    host = hosts.choose(places.home())
    say(f"Ready: ComfyUI {host.version} in {host.folder}, Python in {host.python}")
    return 0


def test(arguments: list[str]) -> int:
    """Lint first: it takes a tenth of a second, and says where a test would fail to import."""
    host = hosts.for_tests(places.home())
    lint = subprocess.call([host.python, "-m", "ruff", "check", "--quiet", "."], cwd=places.ROOT)
    shared = testing.sharing(arguments, testing.cores())
    env = testing.threads(shared, {**child_environment(), "COMFYUI_PATH": str(host.folder)})
    tests = subprocess.call([host.python, "-m", "pytest", *shared, *arguments], cwd=places.ROOT, env=env)
    if lint:
        print("\nruff has found what is listed at the top.", file=sys.stderr)
    return tests or lint


def serve(arguments: list[str]) -> int:
    from .serving import serve

    read = parser(
        "serve",
        description="Open the graph editor with the pack in it.",
        epilog="Everything else is handed to ComfyUI, for example --port 8190.",
    )
    _, arguments = read.parse_known_args(arguments)
    return serve(hosts.choose(places.home()), places.home() / "base", arguments)


def bench(arguments: list[str]) -> int:
    return _beside_host(places.ROOT / "benchmarks" / "run.py", arguments)


def torture(arguments: list[str]) -> int:
    return _beside_host(places.ROOT / "scripts" / "run_torture.py", arguments)


def farm(arguments: list[str]) -> int:
    return _in_environment("run_farm.py", arguments)


def fuzz(arguments: list[str]) -> int:
    """atheris is kept apart: it has no build for some systems, and nothing else needs it."""
    python, kept = hosts.our_python(places.home()), places.home() / "fuzz"
    env = {**child_environment(), "PYTHONPATH": str(kept / "tools"), "TROUPE_FUZZ_HOME": str(kept)}
    return subprocess.call([python, places.ROOT / "scripts" / "run_fuzz.py", *arguments], cwd=places.ROOT, env=env)


def demo(arguments: list[str]) -> int:
    from .demo import demo

    read = parser("demo", description="Make a LoRA training set of a new character with a real ComfyUI.")
    read.add_argument("--output", type=Path, metavar="DIR", help="where the data set goes")
    read.add_argument("--json", type=Path, metavar="FILE", help="write paths, counts and times there")
    read.add_argument("--samples", type=Path, metavar="DIR", help="your own pictures: one sub-folder a character")
    wanted = read.parse_args(arguments)
    return demo(places.home(), wanted.output, wanted.json, wanted.samples)


def queue(arguments: list[str]) -> int:
    from queueing.command import add_arguments, queue

    read = parser("queue", description="Run a workflow over all shards of a set, on ComfyUIs that are running.")
    add_arguments(read)
    return queue(read.parse_args(arguments))


def doctor(arguments: list[str]) -> int:
    from .doctor import report

    parser("doctor", description="Say what is there, what is missing and where it is.").parse_args(arguments)
    lines, well = report(places.home(), os.environ)
    print("\n".join(lines))
    return 0 if well else 1


def workflows(arguments: list[str]) -> int:
    from workflowbuilder.command import build_workflows

    read = parser("workflows", description="Build the shipped workflows anew from their source.")
    read.parse_args(arguments)
    written = build_workflows(hosts.for_tests(places.home()), places.home() / "base")
    print("\n".join(f"written: {path}" for path in written))
    return 0


def help_pages(arguments: list[str]) -> int:
    from helpbuilder.command import build_help

    read = parser("help-pages", description="Build the help pages and the texts of the nodes anew.")
    read.add_argument("--pictures", action="store_true", help="first draw the pictures on them anew (some minutes)")
    wanted = read.parse_args(arguments)
    failed = _in_environment("draw_help_pictures.py", []) if wanted.pictures else 0
    if failed:
        return failed
    written = build_help(hosts.for_tests(places.home()), places.home() / "base")
    print("\n".join(f"written: {path}" for path in written) or "All help pages are up to date.")
    return 0


def evaluate_compositing(arguments: list[str]) -> int:
    return _in_environment("evaluate_compositing.py", arguments)


def train_compositing(arguments: list[str]) -> int:
    return _in_environment("train_compositing.py", arguments)


def _beside_host(script: Path, arguments: list[str]) -> int:
    """Run a script that starts the host by itself, or asks it."""
    host = hosts.for_tests(places.home())
    env = {**child_environment(), "COMFYUI_PATH": str(host.folder)}
    return subprocess.call([host.python, script, *arguments], cwd=places.ROOT, env=env)


def _in_environment(script: str, arguments: list[str]) -> int:
    """Run a script of this folder with the packages that it needs; no ComfyUI takes part in it."""
    # Its help needs no packages, and nobody should download gigabytes to read it.
    helped = any(argument in ("-h", "--help") for argument in arguments)
    python = Path(sys.executable) if helped else hosts.our_python(places.home())
    process = subprocess.Popen([python, places.ROOT / "scripts" / script, *arguments], env=child_environment())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the script got it, too, and ends by itself when it has saved what it has
            continue


COMMANDS = {
    "demo": demo,
    "queue": queue,
    "serve": serve,
    "test": test,
    "bench": bench,
    "torture": torture,
    "farm": farm,
    "fuzz": fuzz,
    "setup": setup,
    "doctor": doctor,
    "workflows": workflows,
    "help-pages": help_pages,
    "evaluate-compositing": evaluate_compositing,
    "train-compositing": train_compositing,
}
