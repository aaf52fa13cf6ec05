"""Who runs the steps: this process alone, or several under Hugging Face accelerate."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor, nn


class Engine(Protocol):
    """`rank` of `world` processes, of which the first is the one that speaks and writes."""

    rank: int
    world: int
    device: torch.device

    def prepared(self, module: nn.Module, optimiser: torch.optim.Optimizer) -> tuple[nn.Module, object]:
        """Module and optimiser as the engine wants them called."""
        ...

    def backward(self, loss: Tensor) -> None: ...

    def mean(self, values: Tensor) -> Tensor:
        """The mean of `values` over all processes."""
        ...

    def wait(self) -> None:
        """Until all processes are here."""
        ...


class Alone:
    """One process on one device."""

    rank, world = 0, 1

    def __init__(self, device: torch.device | str = "cpu") -> None:
        self.device = torch.device(device)

    def prepared(self, module: nn.Module, optimiser: torch.optim.Optimizer) -> tuple[nn.Module, object]:
        return module, optimiser

    def backward(self, loss: Tensor) -> None:
        loss.backward()

    def mean(self, values: Tensor) -> Tensor:
        return values

    def wait(self) -> None:
        pass


class Accelerated:
    """Every process takes its share of each batch; gradients are averaged (`accelerate launch`)."""

    def __init__(self) -> None:
        from accelerate import Accelerator
        from accelerate.utils import DistributedDataParallelKwargs

        # While the position is learnt alone, the composition network has no gradients.
        self._accelerator = Accelerator(kwargs_handlers=[DistributedDataParallelKwargs(find_unused_parameters=True)])
        self.rank, self.world = self._accelerator.process_index, self._accelerator.num_processes
        self.device = self._accelerator.device

    def prepared(self, module: nn.Module, optimiser: torch.optim.Optimizer) -> tuple[nn.Module, object]:
        return self._accelerator.prepare(module, optimiser)

    def backward(self, loss: Tensor) -> None:
        self._accelerator.backward(loss)

    def mean(self, values: Tensor) -> Tensor:
        return self._accelerator.reduce(values.to(self.device), "mean")

    def wait(self) -> None:
        self._accelerator.wait_for_everyone()
