"""Work on other threads keeps its order, its bounds and its exceptions."""

import threading
import time

import pytest
import torch

from troupe.models.parallel import attended, core_count, ordered_map


def test_results_come_in_the_order_of_the_items():
    def slow_first(i):
        time.sleep(0.02 if i == 0 else 0)
        return i * i

    assert list(ordered_map(slow_first, range(9), workers=3)) == [i * i for i in range(9)]


def test_only_a_few_items_are_under_way_at_once():
    started = []
    results = ordered_map(started.append, range(100), workers=2, ahead=2)
    next(results)
    assert len(started) <= 5
    results.close()


def test_an_exception_comes_at_its_items_turn():
    def fail_at_two(i):
        if i == 2:
            raise ValueError("two")
        return i

    results = ordered_map(fail_at_two, range(9), workers=3)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ValueError, match="two"):
        next(results)


def test_cancel_is_heard_while_results_are_waited_for():
    class Cancel(BaseException):
        pass

    def cancel():
        raise Cancel

    finish = threading.Event()
    with pytest.raises(Cancel):
        list(ordered_map(lambda _: finish.wait(10), range(3), workers=2, beat=cancel))
    finish.set()


@pytest.mark.parametrize("workers", [1, 3])
def test_on_cores_of_their_own_torch_uses_one_thread_each_and_all_others_stay_as_they_were(workers):
    usual = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        for _ in range(300):  # a thread that began late used to change what others begin with, once in a hundred times
            own = list(ordered_map(lambda _: torch.get_num_threads(), range(6), workers, own_core=True))
            others = list(ordered_map(lambda _: torch.get_num_threads(), range(6), 3))
            assert (own, others, torch.get_num_threads()) == ([1] * 6, [2] * 6, 2)
    finally:
        torch.set_num_threads(usual)


def test_work_has_the_callers_inference_mode():
    for mode in (True, False):
        with torch.inference_mode(mode):
            assert list(ordered_map(lambda _: torch.is_inference_mode_enabled(), range(3), workers=2)) == [mode] * 3


def test_attended_work_returns_its_result_and_its_exception():
    assert attended(lambda: 7, lambda: None) == 7
    with pytest.raises(ZeroDivisionError):
        attended(lambda: 1 // 0, lambda: None)


def test_cancel_leaves_attended_work_at_once():
    class Cancel(BaseException):
        pass

    def cancel():
        raise Cancel

    finish = threading.Event()
    with pytest.raises(Cancel):
        attended(lambda: finish.wait(10), cancel, every=0.01)
    finish.set()


def test_the_host_sees_its_current_node_in_attended_work():
    import contextvars

    node = contextvars.ContextVar("node")
    node.set("7")
    assert attended(node.get, lambda: None) == "7"


def test_who_leaves_early_does_not_wait_unless_it_must():
    held, ended = threading.Event(), []

    def hold(i):
        if i:
            held.wait(10)
            ended.append(i)
        return i

    results = ordered_map(hold, range(9), workers=2)
    next(results)
    results.close()
    assert ended == []
    results = ordered_map(hold, range(9), workers=2, finish=True)
    next(results)
    threading.Timer(0.1, held.set).start()
    results.close()
    assert len(ended) >= 2


def test_several_processes_on_one_machine_share_its_cores(monkeypatch):
    monkeypatch.setenv("TROUPE_CORES", "3")
    assert core_count() == 3
    for nonsense in ("0", "", "many"):
        monkeypatch.setenv("TROUPE_CORES", nonsense)
        assert core_count() >= 1
