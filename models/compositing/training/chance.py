"""All randomness of a training, by (seed, what for, step): so that resuming needs no generator's state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import torch


def chance_for(seed: int, *parts: object) -> torch.Generator:
    """A generator that depends on its arguments alone."""
    digest = hashlib.sha256("/".join(map(str, (seed, *parts))).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)


@contextmanager
def dropout_from(generator: torch.Generator, device: torch.device, rank: int = 0) -> Iterator[None]:
    """Dropout knows only the global generators: lend them a seed of ours, another one for every `rank`, and put
    theirs back."""
    seed = int(torch.randint(2**62, (rank + 1,), generator=generator)[rank])
    cuda = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=cuda):
        torch.random.default_generator.manual_seed(seed)
        for each in cuda:
            with torch.cuda.device(each):
                torch.cuda.default_generators[torch.cuda.current_device()].manual_seed(seed)
        yield
