"""A batch that does not fit is halved, once; what is not about memory passes through."""

import pytest
import torch

from troupe.models.errors import TroupeError
from troupe.models.halving import InParts, is_out_of_memory


class Bench:
    """Doubles up to `most` numbers at once; `seen`: how many it was given each time."""

    def __init__(self, most, error=None):
        self.most, self.error, self.seen = most, error or torch.OutOfMemoryError("CUDA out of memory."), []

    def __call__(self, numbers):
        self.seen.append(len(numbers))
        if len(numbers) > self.most:
            raise self.error
        return [2 * n for n in numbers]


@pytest.mark.parametrize("most", [1, 2, 3, 7, 16, 100])
@pytest.mark.parametrize("count", [0, 1, 2, 15, 16])
def test_everything_is_done_once_and_in_order(most, count):
    bench = Bench(most)
    assert InParts(bench, "")(range(count)) == [2 * n for n in range(count)]
    assert sum(n for n in bench.seen if n <= most) == count


def test_what_did_not_fit_once_is_not_tried_again():
    bench = Bench(5)
    double = InParts(bench, "")
    double(range(16))
    assert bench.seen == [16, 8, 4, 4, 4, 4]
    double(range(6))
    assert bench.seen[6:] == [4, 2]


def test_one_that_does_not_fit_is_told_of():
    with pytest.raises(TroupeError, match="does not suffice.*Use a smaller model"):
        InParts(Bench(0), "Use a smaller model.")(range(4))


def test_other_errors_pass_through():
    error = ValueError("no numbers")
    with pytest.raises(ValueError, match="no numbers"):
        InParts(Bench(2, error), "")(range(4))


@pytest.mark.parametrize(
    ("error", "counts"),
    [
        (torch.OutOfMemoryError("CUDA out of memory."), True),
        (torch.cuda.OutOfMemoryError("CUDA out of memory."), True),
        (MemoryError(), True),
        (
            RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
            True,
        ),
        (RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_counts_as_too_little_memory(error, counts):
    assert is_out_of_memory(error) is counts


def test_a_tensor_that_is_larger_than_the_machine_counts():
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 50)
    assert is_out_of_memory(caught.value)


def test_whatever_the_host_takes_for_it_counts(host_inprocess):
    import comfy.model_management

    kinds = (torch.OutOfMemoryError("x"), comfy.model_management.OOM_EXCEPTION("x"))
    accelerator = getattr(torch, "AcceleratorError", None)
    errors = [*kinds, *([accelerator("CUDA error: out of memory")] if accelerator else [])]
    for error in errors:
        assert comfy.model_management.is_oom(error) and is_out_of_memory(error)
