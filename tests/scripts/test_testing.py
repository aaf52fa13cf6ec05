"""All tests are shared out to the cores; whoever asks for a few gets them from one process."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from devkit import testing
from support import sharing

SHARED = ("-n", "2", *testing.TOGETHER)


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


def test_a_test_that_kills_its_process_ends_the_run(tmp_path):
    (tmp_path / "test_deadly.py").write_text("import os\ndef test_it():\n    os.kill(os.getpid(), 9)\n")
    (tmp_path / "test_other.py").write_text("def test_it():\n    pass\n")
    command = [sys.executable, "-m", "pytest", *SHARED, "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert done.returncode == 1 and "crashed while running" in done.stdout


def test_processes_that_share_have_one_thread_each_unless_somebody_says_otherwise():
    assert testing.threads(SHARED, {"A": "b"}) == {"A": "b", "OMP_NUM_THREADS": "1"}
    assert testing.threads(SHARED, {"OMP_NUM_THREADS": "2"}) == {"OMP_NUM_THREADS": "2"}
    assert testing.threads((), {"A": "b"}) == {"A": "b"}
    assert testing.cores() >= 1


class Item:
    """What pytest tells of a test: its file and what it asks for."""

    def __init__(self, file, *fixtures):
        self.path, self.fixturenames, self.marks = file, fixtures, []

    def add_marker(self, mark):
        self.marks.append(mark.args[0])


def test_a_file_with_a_running_host_goes_first_and_whole():
    plain, clip, host = Item("a.py", "tmp_path"), Item("b.py", "trained_folder"), Item("c.py", "live_host")
    beside, both = Item("c.py"), [Item("d.py", "trained_folder"), Item("d.py", "live_host")]
    items = [plain, clip, host, beside, *both]
    sharing.gather(items)
    assert items == [host, beside, *both, clip, plain]
    assert [item.marks for item in items] == [["host"]] * 4 + [["clip"], []]


def test_shares_go_out_whole_and_the_rest_by_file():
    pytest.importorskip("xdist")
    config = SimpleNamespace(getvalue=lambda name: {"dist": "loadgroup", "tx": ["popen"]}[name])
    split = sharing.scheduler(config, SimpleNamespace(loadscopesched=None, loadgroupsched=None))._split_scope
    assert split("tests/a.py::test_a[x@y]") == split("tests/a.py::test_b") == "tests/a.py"
    assert split("tests/a.py::test_a[x]@host") == split("tests/c.py::test_c@host") == "host"


def test_a_test_is_told_by_the_name_that_it_can_be_run_by():
    assert sharing.own_name("tests/a.py::test_a[x]@host") == "tests/a.py::test_a[x]"
    assert sharing.own_name("tests/a.py::test_a[me@host]") == "tests/a.py::test_a[me@host]"
