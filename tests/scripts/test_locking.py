"""Two set-ups at once: the second waits, and a dead holder holds nothing."""

import subprocess
import sys
import time

from devkit.locking import only_one
from devkit.places import ROOT

HOLDER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from devkit.locking import only_one
with only_one(Path(sys.argv[2]), "building"):
    print("held", flush=True)
    time.sleep(float(sys.argv[3]))
"""


def hold(lock, seconds):
    command = [sys.executable, "-c", HOLDER, str(ROOT / "scripts"), str(lock), str(seconds)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    return holder


def test_second_run_waits_with_a_message(tmp_path, capsys):
    holder = hold(tmp_path / "lock", 0.5)
    start = time.monotonic()
    with only_one(tmp_path / "lock", "building the environment", poll=0.02):
        waited = time.monotonic() - start
    holder.wait()
    assert waited > 0.2
    assert "Another run is building the environment" in capsys.readouterr().out


def test_killed_holder_lets_go(tmp_path):
    holder = hold(tmp_path / "lock", 60)
    holder.kill()
    holder.wait()
    with only_one(tmp_path / "lock", "building"):
        pass
