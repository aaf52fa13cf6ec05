"""All tests are shared out to the cores; whoever asks for a few gets them from one process."""

import pytest

from devkit import testing

SHARED = ("-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder")


@pytest.mark.parametrize("arguments", [[], ["-q"], ["-x", "--durations=20"]])
def test_all_tests_are_shared_out(arguments):
    assert testing.sharing(arguments, 2) == SHARED


@pytest.mark.parametrize(
    "arguments",
    [["tests/styles"], ["-q", "tests/test_texttable.py::test_a"], ["-k", "cancel"], ["--pdb"], ["-s"], ["--co", "-q"]],
    ids=" ".join,
)
def test_a_few_or_a_talk_with_the_terminal_are_not(arguments):
    assert testing.sharing(arguments, 2) == ()


def test_one_core_works_alone_and_many_are_not_all_taken():
    assert testing.sharing([], 1) == ()
    assert testing.sharing([], 64)[:2] == ("-n", str(testing.MOST))


def test_who_names_a_number_gets_it_with_the_same_shares():
    assert testing.sharing(["-n", "3", "tests/nodes"], 2) == testing.TOGETHER


def test_processes_that_share_have_one_thread_each_unless_somebody_says_otherwise():
    assert testing.threads(SHARED, {"A": "b"}) == {"A": "b", "OMP_NUM_THREADS": "1"}
    assert testing.threads(SHARED, {"OMP_NUM_THREADS": "2"}) == {"OMP_NUM_THREADS": "2"}
    assert testing.threads((), {"A": "b"}) == {"A": "b"}
    assert testing.cores() >= 1
