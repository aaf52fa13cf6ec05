"""Feed the readers anything at all: what they say must be a value, a rejection or an error with a remedy.

Coverage-guided where atheris is installed, else the same targets with changes at random (--blind).
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys
import traceback
from pathlib import Path

SCRIPT = Path(__file__).resolve()
HOME = Path(os.environ.get("TROUPE_FUZZ_HOME") or "fuzz").resolve()
INSTALL = (
    "atheris is not installed here, so inputs are changed at random only. For guided fuzzing:\n"
    "  {python} -m pip install --target {folder} atheris\n"
    "(it has builds for Linux; on other systems it builds from source and needs clang)\n"
)


def main(arguments: list[str]) -> int:
    """0 when no target was brought down."""
    if arguments[:1] == ["--child"]:
        importlib.import_module("troupe.scripts.fuzzing.guided").fuzz_here(arguments[1], arguments[2:])
    targets = {t.name: t for t in importlib.import_module("troupe.scripts.fuzzing.targets").TARGETS}
    wanted = parser(targets).parse_args(arguments)
    if unknown := [name for name in wanted.targets if name not in targets]:
        parser(targets).error(f"no such target: {', '.join(unknown)}; there are: {', '.join(targets)}")
    chosen = [targets[name] for name in wanted.targets or targets]
    if wanted.input:
        return repeated(chosen, wanted.input)
    guided = not wanted.blind and importlib.util.find_spec("atheris") is not None
    if not guided and not wanted.blind:
        print(INSTALL.format(python=sys.executable, folder=HOME / "tools"))
    run = fuzzed_with(wanted.corpus) if guided else fuzzed_blindly
    return 1 if sum(run(target, wanted.seconds) for target in chosen) else 0


def parser(targets) -> argparse.ArgumentParser:
    read = argparse.ArgumentParser(prog="troupe.py fuzz", description=__doc__)
    read.add_argument("--seconds", type=int, default=30, metavar="N", help="for each target (default: 30)")
    read.add_argument("--blind", action="store_true", help="changes at random, without coverage")
    kept = HOME / "corpus"
    read.add_argument("--corpus", type=Path, default=kept, metavar="DIR", help="where what was found useful is kept")
    read.add_argument("--input", type=Path, metavar="FILE", help="feed this file once, and show what is raised")
    read.add_argument("targets", nargs="*", metavar="target", help=f"which (default: all): {', '.join(targets)}")
    return read


def fuzzed_with(corpus: Path):
    guided = importlib.import_module("troupe.scripts.fuzzing.guided")

    def run(target, seconds: int) -> bool:
        found = guided.run_guided(target.name, corpus.resolve() / target.name, seconds, SCRIPT, os.environ)
        print(line(target, found.tries, f", {found.reached} edges", found.fault is not None), flush=True)
        if found.fault:
            print(f"  {found.fault}\n{found.told}")
        return found.fault is not None

    return run


def fuzzed_blindly(target, seconds: int) -> bool:
    blind = importlib.import_module("troupe.scripts.fuzzing.blind")
    tries, fault = blind.run_blind(target, seconds)
    print(line(target, tries, "", fault is not None), flush=True)
    if fault:
        print(f"  input: {fault.data[:300]!r}")
        traceback.print_exception(fault.error)
    return fault is not None


def repeated(targets, file: Path) -> int:
    blind = importlib.import_module("troupe.scripts.fuzzing.blind")
    found = [fault for target in targets if (fault := blind.fed(target, file.read_bytes()))]
    for fault in found:
        traceback.print_exception(fault.error)
    return 1 if found else 0


def line(target, tries: int, more: str, fault: bool) -> str:
    return f"{'FAULT ' if fault else 'held  '} {target.name}: {target.about}: {tries} inputs{more}"


if __name__ == "__main__":
    from devkit.thepack import name_the_pack

    name_the_pack()
    sys.exit(main(sys.argv[1:]))
