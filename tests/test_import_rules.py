"""The arrows of the design, held by reading the sources.

    nodes -> models.<step> -> models.samples, models.vocabulary -> the single files of models/

The host is known to nodes/ only; nothing heavy is imported before it is used; nothing reaches for global state, and
nothing for another machine.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.imports import Import, imports_of, uses_of

ROOT = Path(__file__).resolve().parents[1]

HOST = {
    "app", "comfy", "comfy_api", "comfy_api_nodes", "comfy_config", "comfy_execution", "comfy_extras", "execution",
    "folder_paths", "latent_preview", "middleware", "node_helpers", "nodes", "protocol", "server", "utils",
}  # fmt: skip
# What is in memory before the host comes to custom nodes; typing_extensions comes with torch.
EAGER = {"torch", "numpy", "PIL", "typing_extensions", *sys.stdlib_module_names}
# Packages of models/ that every step may use; so are the single files beside them.
SHARED = {"registration", "samples", "vocabulary"}
PICKLES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve"}
NOT_WANTED = PICKLES | {"subprocess", "multiprocessing", "pip", "logging", "getpass", "platform"}
# Whoever imports these can call somebody. The one that may is asked for by a widget.
CALLERS = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "huggingface_hub", "requests", "smtplib", "socket", "socketserver",
    "ssl", "urllib", "urllib3", "websocket", "websockets", "xmlrpc",
}  # fmt: skip
MAY_CALL = {"models/captioning/openclip/hub.py": "huggingface_hub"}
UNSAFE = {
    "eval": "runs text as code",
    "exec": "runs text as code",
    "os.system": "starts a shell",
    "os.popen": "starts a shell",
    "torch.load": "reads pickles; use safetensors",
    "torch.save": "writes pickles; use safetensors",
}
CALLS = UNSAFE | {
    "print": "writes into the host's log; say it on the node",
    "os.getlogin": "asks who somebody is",
    "sys.path": "changes where everybody's imports are found",
    "torch.manual_seed": "seeds the world; pass a torch.Generator",
    "torch.cuda.manual_seed": "seeds the world; pass a torch.Generator",
    "torch.cuda.manual_seed_all": "seeds the world; pass a torch.Generator",
    "random.seed": "seeds the world; use random.Random(seed)",
    "np.random.seed": "seeds the world; use np.random.default_rng(seed)",
    "numpy.random.seed": "seeds the world; use numpy.random.default_rng(seed)",
}

Finding = tuple[int, str]


def host_stays_at_the_door(tree: ast.Module, path: Path) -> Iterator[Finding]:
    """Only nodes/ imports the host."""
    if path.parts[0] == "models":
        for found in imports_of(tree, path):
            if not found.relative and found.top in HOST:
                yield found.line, f"{found.module} belongs to the host, which models/ has never heard of"


def own_parts_are_imported_relatively(tree: ast.Module, path: Path) -> Iterator[Finding]:
    """The host has modules called `nodes` and, in a user's folder, anything: ours have no absolute name."""
    for found in imports_of(tree, path):
        if not found.relative and found.top in ("models", "troupe"):
            yield found.line, f"{found.module}: import the pack's own parts relatively"


def heavy_packages_wait(tree: ast.Module, path: Path) -> Iterator[Finding]:
    """Everything but torch, numpy, Pillow and the standard library is imported in the function that uses it."""
    allowed = EAGER | (HOST if path.parts[0] == "nodes" else set())
    for found in imports_of(tree, path):
        if found.eager and not found.relative and found.top not in allowed:
            yield found.line, f"{found.module}: import it in the function that uses it"


def steps_do_not_know_each_other(tree: ast.Module, path: Path) -> Iterator[Finding]:
    """A step of models/ imports itself and what is shared; what is shared imports no step."""
    here = step(path.with_suffix("").parts)
    for found in imports_of(tree, path):
        there = step(tuple(found.module.split("."))) if found.relative else None
        if path.parts[0] == "models" and there not in (None, here):
            yield found.line, f"{found.module}: {here or 'a shared module'} must not know the step {there}"


def models_do_not_know_nodes(tree: ast.Module, path: Path) -> Iterator[Finding]:
    for found in imports_of(tree, path):
        if path.parts[0] == "models" and found.relative and found.top == "nodes":
            yield found.line, f"{found.module}: the arrow goes from nodes/ to models/"


def nothing_unsafe_or_global(tree: ast.Module, path: Path) -> Iterator[Finding]:
    """No pickle, no text run as code, no processes, no global seed, no `.cuda()`, no sys.path."""
    for found in imports_of(tree, path):
        if found.top in NOT_WANTED and not found.relative:
            yield found.line, f"{found.module} is not wanted in the pack"
    for line, name in uses_of(tree):
        if name in CALLS:
            yield line, f"{name} {CALLS[name]}"
        elif name.endswith(".cuda") and name != "torch.cuda":
            yield line, f"{name}: the host decides on which device something lies"


def nobody_is_called(tree: ast.Module, path: Path) -> Iterator[Finding]:
    """No network. `tests/security/test_nothing_gets_out.py` hears what packages do."""
    for found in imports_of(tree, path):
        if found.top in CALLERS and not found.relative and MAY_CALL.get(path.as_posix()) != found.top:
            yield found.line, f"{found.module} can reach other machines"


def scripts_are_safe(tree: ast.Module, path: Path) -> Iterator[Finding]:
    """For scripts/ and benchmarks/, which may start processes: no pickle, no text run as code, no shell."""
    for found in imports_of(tree, path):
        if found.top in PICKLES and not found.relative:
            yield found.line, f"{found.module} is not wanted"
    for line, name in uses_of(tree):
        if name in UNSAFE:
            yield line, f"{name} {UNSAFE[name]}"
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "shell":
            yield node.value.lineno, "a shell reads its text; give a list"


RULES: list[Callable[[ast.Module, Path], Iterator[Finding]]] = [
    host_stays_at_the_door,
    own_parts_are_imported_relatively,
    heavy_packages_wait,
    steps_do_not_know_each_other,
    models_do_not_know_nodes,
    nothing_unsafe_or_global,
    nobody_is_called,
]


def step(parts: tuple[str, ...]) -> str | None:
    """The step that `models.<step>.…` belongs to; None for what is shared and for all that is not in models/."""
    if len(parts) < 2 or parts[0] != "models" or parts[1] in SHARED or not (ROOT / "models" / parts[1]).is_dir():
        return None
    return parts[1]


def sources() -> list[Path]:
    return sorted([ROOT / "__init__.py", *(ROOT / "models").rglob("*.py"), *(ROOT / "nodes").rglob("*.py")])


def scripts() -> list[Path]:
    return sorted([*(ROOT / "scripts").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")])


def found_by(rule: Callable, files: list[Path]) -> str:
    found = []
    for file in files:
        path = file.relative_to(ROOT)
        tree = ast.parse(file.read_text(encoding="utf-8"), str(path))
        found += [f"{path}:{line}: {what}" for line, what in rule(tree, path)]
    return "\n".join(found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(rule):
    found = found_by(rule, sources())
    assert not found, f"\n{found}"


def test_scripts_run_no_text_and_open_no_pickle():
    found = found_by(scripts_are_safe, scripts())
    assert not found, f"\n{found}"


@pytest.mark.parametrize(
    ("rule", "path", "code"),
    [
        (host_stays_at_the_door, "models/pixels.py", "import comfy.utils"),
        (host_stays_at_the_door, "models/pixels.py", "def f():\n from folder_paths import x"),
        (own_parts_are_imported_relatively, "nodes/a.py", "from models.pixels import x"),
        (heavy_packages_wait, "models/pixels.py", "import scipy.ndimage"),
        (heavy_packages_wait, "nodes/a.py", "try:\n import diffusers\nexcept ImportError:\n pass"),
        (steps_do_not_know_each_other, "models/captioning/a.py", "from ..restyling.restyle import x"),
        (steps_do_not_know_each_other, "models/captioning/a.py", "from .. import restyling"),
        (steps_do_not_know_each_other, "models/samples/a.py", "def f():\n from ..restyling import x"),
        (models_do_not_know_nodes, "models/pixels.py", "from ..nodes import sockets"),
        (nothing_unsafe_or_global, "models/a.py", "import pickle"),
        (nothing_unsafe_or_global, "nodes/a.py", "def f(x):\n return x.model.cuda()"),
        (nothing_unsafe_or_global, "models/a.py", "torch.manual_seed(0)"),
        (nothing_unsafe_or_global, "models/a.py", "sys.path.insert(0, 'x')"),
        (nothing_unsafe_or_global, "nodes/a.py", "def f(x):\n print(x)"),
        (nobody_is_called, "models/a.py", "def f():\n from urllib.request import urlopen"),
        (nobody_is_called, "models/a.py", "from huggingface_hub import hf_hub_download"),
        (scripts_are_safe, "scripts/a.py", "import pickle"),
        (scripts_are_safe, "scripts/a.py", "def f():\n return torch.load('x')"),
        (scripts_are_safe, "scripts/a.py", "subprocess.run('ls', shell=True)"),
    ],
)
def test_rule_finds(rule, path, code):
    assert list(rule(ast.parse(code), Path(path)))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("models/captioning/a.py", "from ..samples.sample import Sample\nfrom ..pixels import x"),
        ("models/captioning/a.py", "from .protocol import Captioner\nfrom ..captioning import protocol"),
        ("models/pixels.py", "def f():\n import scipy.ndimage"),
        ("models/pixels.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n from diffusers import x"),
        ("nodes/a.py", "import folder_paths\nfrom comfy_api.latest import io\nfrom ..models.restyling import restyle"),
        ("models/captioning/openclip/hub.py", "def f():\n from huggingface_hub import snapshot_download"),
        ("models/a.py", "if torch.cuda.is_available():\n g = torch.Generator().manual_seed(0)"),
    ],
)
def test_rules_accept(path, code):
    assert not [finding for rule in RULES for finding in rule(ast.parse(code), Path(path))]


def test_import_is_read_with_its_package():
    found = list(imports_of(ast.parse("from ..samples import store"), Path("models/restyling/a.py")))
    assert found == [Import(1, "models.samples.store", True, True)]
