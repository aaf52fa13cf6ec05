"""A Ray cluster to work on: this machine alone, or one that is running."""

from __future__ import annotations

import importlib.util
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...models.errors import TroupeError
from ...models.parallel import CORES, core_count
from . import arriving

PACK = Path(__file__).resolve().parents[2]
# Ray carries the numbers of shards and what parts tell of themselves; pictures and samples lie on the shared disk.
OBJECT_STORE = 100_000_000


@contextmanager
def cluster(address: str = "", workers: int | None = None) -> Iterator[int]:
    """How many workers there are: `workers`, or as many as the cluster has processors. `address`: "" starts one on this
    machine, for as long as it takes; "auto" or HOST:PORT is one of which this machine is a part.

    Nothing is reported to anybody. One that is connected to already is used and left as it is.
    """
    if address.startswith("ray://"):
        raise TroupeError(
            "A farm is run from a machine of the cluster",
            item=address,
            remedy="Log in on one, and give --address auto.",
        )
    ray = _ray()
    if ray.is_initialized():
        yield _number(ray, workers)
        return
    try:
        where = _where(address, workers)
        ray.init(**where, runtime_env=_surroundings(ray), log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise TroupeError(
            "There is no cluster to be reached", item=address or "on this machine", remedy=str(error)
        ) from error
    try:
        yield _number(ray, workers)
    finally:
        ray.shutdown()


def _ray():
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # before it is imported: nothing leaves the machine
    if importlib.util.find_spec("ray") is None:
        raise TroupeError("Ray is not installed", remedy='Install it with: pip install "ray[data]".')
    import ray

    return ray


def _where(address: str, workers: int | None) -> dict[str, object]:
    if address:
        return {"address": address}
    # It listens on all interfaces. Without a token of ours Ray would leave one in the home folder.
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    return {
        "address": "local",
        "num_cpus": workers or core_count(),
        "object_store_memory": OBJECT_STORE,
        "include_dashboard": False,
    }


def _surroundings(ray) -> dict[str, object]:
    """One worker a processor, and one processor a worker."""
    ray.cloudpickle.register_pickle_by_value(arriving)
    variables = {arriving.WHERE: str(PACK), CORES: "1", "HF_HUB_OFFLINE": "1"}
    return {"env_vars": variables, "worker_process_setup_hook": arriving.find_pack}


def _number(ray, workers: int | None) -> int:
    processors = max(1, int(ray.cluster_resources().get("CPU", 1)))
    return min(workers or processors, processors)
