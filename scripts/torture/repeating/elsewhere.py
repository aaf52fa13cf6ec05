"""The chain in a process of its own, with another environment: seeds of hashes, time zones, languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .pictures import another_listing

SCRIPTS = Path(__file__).resolve().parents[2]
CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from devkit.thepack import name_the_pack
name_the_pack()
from troupe.scripts.torture.repeating.elsewhere import tell
tell(*sys.argv[2:])
"""
# Nothing in them may show: neither the order of a set, nor the hour, nor how a language sorts and capitalises.
ENVIRONMENTS = (
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "LANG": "C", "OMP_NUM_THREADS": "1"},
    {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "1", "USER": "somebody"},
    {"PYTHONHASHSEED": "3", "TZ": "Pacific/Kiritimati", "LC_ALL": "zh_CN.UTF-8", "HOME": "/nowhere"},
    {"PYTHONHASHSEED": "0", "TZ": "Etc/GMT+12", "LC_ALL": "POSIX", "PYTHONOPTIMIZE": "1", "OMP_NUM_THREADS": "2"},
)


def elsewhere(samples: Path, scratch: Path, count: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Which environment, and the hashes of the data set made in it; each reads from a folder of its own."""
    for number, environment in enumerate(ENVIRONMENTS[:count], 1):
        work = scratch / f"elsewhere {number}"
        moved = another_listing(samples, work / "album")
        command = [sys.executable, "-c", CHILD, str(SCRIPTS), str(moved), str(work)]
        answer = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
        if answer.returncode:
            raise RuntimeError(f"in {environment}: {answer.stderr[-500:]}")
        yield ", ".join(f"{k}={v}" for k, v in environment.items()), json.loads(answer.stdout.splitlines()[-1])


def tell(samples: str, work: str) -> None:
    from .chain import made

    print(json.dumps(made(Path(samples), Path(work))))
