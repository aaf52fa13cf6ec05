"""With coverage: atheris (libFuzzer) sees which lines an input reaches and keeps what reaches new ones.

libFuzzer ends the process that it runs in, so each target has one of its own.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from .target import LONGEST

# Modules whose lines count: ours, and parsers of the standard library and PyYAML that ours hand bytes to.
WATCHED = ["troupe.models", "tomllib", "yaml", "tarfile", "csv", "json"]
SLOWEST, MEMORY = 20, 4096  # seconds for one input; MB


class Guided(NamedTuple):
    """`tries`: inputs fed. `reached`: edges and values that libFuzzer counts. `fault`: the file that holds what could
    not be taken, None where all was; `told`: the end of what was said about it."""

    tries: int
    reached: int
    fault: Path | None
    told: str


def run_guided(name: str, corpus: Path, seconds: int, script: Path, env: Mapping[str, str]) -> Guided:
    """`corpus`: what was found useful earlier is there, and what is found now stays. `script`: answers to
    `--child NAME` with `fuzz_here`."""
    faults = corpus.with_name(f"{corpus.name}-faults")
    faults.mkdir(parents=True, exist_ok=True)
    before = set(faults.iterdir())
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOWEST}", f"-rss_limit_mb={MEMORY}"]
    command = [sys.executable, script, "--child", name, *options, f"-artifact_prefix={faults}/", corpus]
    ended = subprocess.run([str(c) for c in command], env=dict(env), capture_output=True, text=True, errors="replace")
    said = ended.stderr + ended.stdout
    new = sorted(set(faults.iterdir()) - before)
    if ended.returncode and not new:
        raise RuntimeError(f"{name}: the fuzzer itself ended with {ended.returncode}:\n{said[-1500:]}")
    return Guided(_last(r"^(?:Done |#)(\d+)", said), _last(r"cov: (\d+)", said), new[0] if new else None, said[-3000:])


def fuzz_here(name: str, options: list[str]) -> None:
    """In the target's own process; the last option is the corpus. Does not come back."""
    import atheris

    with atheris.instrument_imports(include=WATCHED, enable_loader_override=False):
        from .targets import TARGETS
    from .blind import fresh_folder

    target = next(t for t in TARGETS if t.name == name)
    _planted(target.seeds(), Path(options[-1]))

    def feed(data: bytes) -> None:
        with fresh_folder() as folder:
            target.feed(data, folder)

    atheris.Setup([name, *options], feed)
    atheris.Fuzz()


def _planted(seeds, corpus: Path) -> None:
    corpus.mkdir(parents=True, exist_ok=True)
    for data in seeds:
        if len(data) <= LONGEST:
            (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def _last(pattern: str, text: str) -> int:
    found = re.findall(pattern, text, re.MULTILINE)
    return int(found[-1]) if found else 0
