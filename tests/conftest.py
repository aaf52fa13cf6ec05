"""What every test can ask for: the pack under the name `troupe`, a host in this process, a host behind HTTP.

    from troupe.models.samples.sample import Sample     # no host needed
    def test_node(host_inprocess): ...                  # nodes called directly, prompts executed
    def test_api(live_host): ...                        # POST /prompt, websocket, /history
    def test_restart(fresh_host): ...                   # fresh_host() starts one that the test may kill

`python3 scripts/troupe.py test` sets up what they need.
"""

import importlib.util
import os
import signal
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent

# The one module that must be loaded by its path: it makes the names that all others are imported by.
_spec = importlib.util.spec_from_file_location("support.alias", TESTS / "support" / "alias.py")
_alias = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_alias)
_alias.alias("support", TESTS / "support")
_alias.alias("devkit", ROOT / "scripts" / "devkit")
_alias.alias("workflowbuilder", ROOT / "scripts" / "workflowbuilder")
_alias.alias("queueing", ROOT / "scripts" / "queueing")
_alias.alias("helpbuilder", ROOT / "scripts" / "helpbuilder")
_alias.alias("troupe", ROOT)
sys.modules["support.alias"] = _alias

os.environ.setdefault("HF_HUB_OFFLINE", "1")
# What a shell runs in the background begins with Ctrl-C ignored, and so would all that is started here.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser):
    parser.addoption("--accept-surface", action="store_true", help="take today's node surface as the promised one")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """With several processes (`-n`), each test gets its share; see support/sharing.py."""
    from support import sharing

    if hasattr(config, "workerinput"):
        sharing.gather(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from support import sharing

    return sharing.scheduler(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report):
    """A test is told by the name that it can be run by, without the share that it was in."""
    from support import sharing

    report.nodeid = sharing.own_name(report.nodeid)


@pytest.fixture(scope="session")
def host_source():
    """The ComfyUI under test and the Python that runs it; skips where there is none."""
    from devkit import hosts, hostsource, places

    folder = hosts.existing(os.environ) or hostsource.ready_host(places.home())
    if folder is None:
        pytest.skip("no ComfyUI here: run the tests with `python3 scripts/troupe.py test`, or set COMFYUI_PATH")
    return hosts.Host(folder, Path(sys.executable), hosts.version_of(folder))


@pytest.fixture(scope="session")
def host_inprocess(host_source, tmp_path_factory):
    """The host's modules and the pack's nodes in this process; see support/inprocess.py."""
    from support import inprocess

    host = inprocess.boot(host_source.folder, tmp_path_factory.mktemp("inprocess"))
    host.load_pack()
    return host


@pytest.fixture(scope="session")
def tiny_checkpoint(host_inprocess):
    """A random Stable Diffusion 1.5 among the checkpoints of the host in this process; its path."""
    from support import hostmodels

    return hostmodels.checkpoint(host_inprocess.base / "models" / "checkpoints" / "tiny.ckpt", host_inprocess.folder)


@pytest.fixture(scope="session")
def tiny_parts(tiny_checkpoint):
    """(MODEL, CLIP, VAE) as the host's loader gives them out."""
    import nodes

    return nodes.CheckpointLoaderSimple().load_checkpoint(tiny_checkpoint.name)


@pytest.fixture(scope="session")
def small_clip(host_inprocess):
    """A text encoder of one layer, which takes no time; for the same models."""
    from support import hostmodels

    return hostmodels.small_clip()


@pytest.fixture(scope="session")
def tiny_sampler(tiny_parts, small_clip):
    """A Sampler Stylizer of these parts."""
    from troupe.nodes.backends.sampling import SamplerSettings, SamplerStylizer

    model, _, vae = tiny_parts
    return SamplerStylizer(model, small_clip, vae, SamplerSettings(steps=2, cfg=2.0, denoise=0.6))


@pytest.fixture(scope="session")
def tiny_editor(host_inprocess, small_clip, tmp_path_factory):
    """An Edit-model Stylizer with a random model of Flux's family."""
    from support import hostmodels
    from troupe.nodes.backends.editing import EditSettings, EditStylizer

    model, vae = hostmodels.edit_parts(tmp_path_factory.mktemp("edit"))
    return EditStylizer(model, small_clip, vae, EditSettings(steps=2))


@pytest.fixture(scope="session")
def pipeline_folder(host_source, tmp_path_factory):
    """`pipeline_folder(kind)`: a saved pipeline of diffusers, random, made once; see support/pipelines.py."""
    from support import pipelines

    root = tmp_path_factory.mktemp("pipelines")

    def made(kind):
        if not (root / kind).is_dir():
            pipelines.save_pipeline(kind, root / kind, host_source.folder)
        return root / kind

    return made


@pytest.fixture(scope="session")
def tiny_pipeline(pipeline_folder):
    """A Diffusers Stylizer of such a pipeline."""
    from troupe.models.restyling.diffusing.settings import DrawingSettings, Files
    from troupe.models.restyling.diffusing.stylizer import DiffusersStylizer

    settings = DrawingSettings(steps=4, guidance=3.0, strength=0.6)
    return DiffusersStylizer(Files(pipeline_folder("sd15")), settings)


@pytest.fixture(scope="session")
def live_host(host_source, tmp_path_factory):
    """One running host for all tests of the session; see support/livehost.py."""
    from support.livehost import ComfyHost

    host = ComfyHost(host_source, tmp_path_factory.mktemp("live"))
    yield host.start()
    host.stop()


@pytest.fixture
def fresh_host(host_source, tmp_path_factory):
    """Call it for a host of your own, stopped after the test: `host = fresh_host()`; arguments as for ComfyHost."""
    from support.livehost import ComfyHost

    started = []

    def start(base=None, **options):
        started.append(ComfyHost(host_source, base or tmp_path_factory.mktemp("fresh"), **options))
        return started[-1].start()

    start.started = started
    yield start
    for host in started:
        host.stop()


@pytest.fixture(scope="session")
def shared_data():
    """Real pictures, too large for the repository: in TROUPE_SHARED_DATA, or in shared/data beside the checkout."""
    folder = Path(os.environ.get("TROUPE_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no pictures in {folder}; set TROUPE_SHARED_DATA")
    return folder


@pytest.fixture(autouse=True)
def _log_mark(request):
    """Remember where a live host's log was when the test began, so that only its own part is shown."""
    if "live_host" in request.fixturenames:
        request.node.log_mark = len(request.getfixturevalue("live_host").log_text())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call" and report.failed:
        for host in _hosts_of(item):
            report.sections.append(("ComfyUI log", host.log_text()[getattr(item, "log_mark", 0) :][-8000:]))
    return report


def _hosts_of(item):
    used = getattr(item, "funcargs", {})
    live = [used["live_host"]] if "live_host" in used else []
    return live + (used["fresh_host"].started if "fresh_host" in used else [])
