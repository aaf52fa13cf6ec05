"""Start and stop, with a stand-in for the host that takes no time."""

import sys
import textwrap

import pytest

from devkit.basefolder import make_base
from devkit.hosts import Host
from devkit.serverprocess import HostProcess, free_port, port_is_free
from devkit.serving import choose_port
from devkit.trouble import Trouble

ANSWERS = """
    import sys, http.server
    port = int(sys.argv[sys.argv.index("--port") + 1])
    print("arguments", sys.argv[1:], flush=True)
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200); self.end_headers(); self.wfile.write(b"{}")
        def log_message(self, *args): pass
    http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


@pytest.fixture
def process(tmp_path):
    """`process(code)`: a HostProcess whose main.py is `code`."""
    made = []

    def make(code, **options):
        (tmp_path / "host").mkdir(exist_ok=True)
        (tmp_path / "host" / "main.py").write_text(textwrap.dedent(code))
        base = make_base(tmp_path / "base", packs=[])
        made.append(HostProcess(Host(tmp_path / "host", sys.executable, "0.30.0"), base, **options))
        return made[-1]

    yield make
    for each in made:
        each.kill()


def test_start_and_stop(process, tmp_path):
    host = process(ANSWERS, output=tmp_path / "out", extra=["--cpu", "--verbose"]).start(timeout=20)
    assert host.running() and host.boot_seconds > 0
    said = host.log_text()
    assert "--cpu" in said and str(tmp_path / "out") in said and said.count("--cpu") == 1
    host.stop()
    assert not host.running()


def test_dying_host_shows_its_last_words(process):
    with pytest.raises(Trouble, match="(?s)ended with code 3.*no module named torchsde"):
        process("print('no module named torchsde'); raise SystemExit(3)").start(timeout=20)


def test_silent_host_is_given_up(process):
    host = process("import time; time.sleep(60)")
    with pytest.raises(Trouble, match="did not answer within"):
        host.start(timeout=0.5)
    assert not host.running()


def test_taken_port_is_told(process):
    with pytest.raises(Trouble, match="Port 8199 is taken"):
        process("print('OSError: address already in use'); raise SystemExit(1)", port=8199).start(timeout=20)


def test_host_takes_another_port_when_one_was_lost(process):
    fails_once = """
        import os, sys
        if not os.path.exists('seen'):
            open('seen', 'w').close()
            sys.exit('address already in use')
    """
    code = textwrap.dedent(fails_once) + textwrap.dedent(ANSWERS)
    assert process(code).start(timeout=20).running()


def test_restart_reads_only_its_own_log(process):
    host = process(ANSWERS).start(timeout=20)
    host.kill()
    host.start(timeout=20)
    assert host.log_text().count("arguments") == 1


def test_ports():
    assert port_is_free(free_port())
    assert choose_port(["--port", "8190", "--lowvram"], is_free=lambda port: True) == (8190, ["--lowvram"])
    assert choose_port(["--lowvram"], is_free=lambda port: True) == (8188, ["--lowvram"])
    assert choose_port([], is_free=lambda port: False)[0] != 8188
    with pytest.raises(Trouble, match="8190 is taken"):
        choose_port(["--port", "8190"], is_free=lambda port: False)
    with pytest.raises(Trouble, match="wants a number"):
        choose_port(["--port"])


def test_base_folder_is_made_once(tmp_path):
    pack = tmp_path / "pack"
    pack.mkdir()
    base = make_base(tmp_path / "base", [("troupe", pack)])
    settings = base / "user" / "default" / "comfy.settings.json"
    settings.write_text("{}")
    make_base(base, [("troupe", pack)])
    assert settings.read_text() == "{}"
    assert (base / "custom_nodes" / "troupe").resolve() == pack


def test_link_follows_a_moved_checkout_and_leaves_the_old_one(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    base = make_base(tmp_path / "base", [("troupe", tmp_path / "old")])
    make_base(base, [("troupe", tmp_path / "new")])
    assert (base / "custom_nodes" / "troupe").resolve() == tmp_path / "new"
    assert (tmp_path / "old" / "__init__.py").exists()
