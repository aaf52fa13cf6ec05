"""A script in several processes of `accelerate launch`, on CPUs, by way of this machine's own address alone."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

LEFT_TO_ACCELERATE = ("--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no")


def launched(processes: int, script: Path, *arguments: object) -> str:
    """What the processes have printed, once all of them have ended well.

    Its `--cpu` would start one process only (more need MPI), hence `--multi_gpu` and the environment.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = ("--num_processes", str(processes), "--main_process_ip", "127.0.0.1", "--main_process_port", str(port))
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", *where, *LEFT_TO_ACCELERATE]
    run = subprocess.run(
        [*launch, script, *map(str, arguments)],
        env=os.environ | {"ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return run.stdout
