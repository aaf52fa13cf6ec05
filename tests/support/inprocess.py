"""Run nodes inside this process, with the host's own code around them: no server, no port.

host = inprocess.boot(folder)
result = host.call("TroupeLoadSampleSet", folder="hero")          # one node, as the executor calls it
run = host.execute({"1": {"class_type": ..., "inputs": ...}})     # a whole prompt: checks, cache, progress
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROMPT_ID = "00000000-0000-4000-8000-000000000000"


class SilentServer:
    """What PromptExecutor needs of the host's PromptServer; keeps the events instead of sending them."""

    def __init__(self):
        self.client_id, self.last_node_id, self.last_prompt_id = "test", None, None
        self.sockets_metadata = {"test": {"feature_flags": {"supports_preview_metadata": True}}}
        self.events: list[tuple[str, dict]] = []

    def send_sync(self, event, data, sid=None):
        self.events.append((event, data))


@dataclass(frozen=True)
class PromptResult:
    """`valid` is the host's verdict (ok, error, outputs, node_errors); the rest is None when it was refused."""

    valid: tuple
    executor: object | None = None

    @property
    def ok(self) -> bool:
        return self.executor is not None and self.executor.success

    @property
    def node_errors(self) -> dict:
        return self.valid[3]

    @property
    def outputs(self) -> dict[str, dict]:
        """What the nodes put into `ui`, by node id."""
        return self.executor.history_result["outputs"]

    @property
    def events(self) -> list[tuple[str, dict]]:
        return self.executor.server.events

    @property
    def error(self) -> dict | None:
        return next((data for kind, data in self.events if kind == "execution_error"), None)


class InProcessHost:
    """The host's modules in this process, with `base` as their base directory."""

    def __init__(self, folder: Path, base: Path):
        self.folder, self.base = folder, base
        self.nodes: dict[str, type] = {}

    def load_pack(self, root: Path = ROOT, name: str = "troupe") -> dict[str, type]:
        """Run the pack's `__init__.py` as package `name`, so that tests and nodes share one set of classes."""
        where = [str(root)]
        spec = importlib.util.spec_from_file_location(name, root / "__init__.py", submodule_search_locations=where)
        module = sys.modules.get(name) or importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        nodes = asyncio.run(_nodes_of(module))
        self.nodes.update({node.GET_SCHEMA().node_id: node for node in nodes})
        return self.nodes

    def use_core_nodes(self, *extras: str) -> None:
        """Register files of the host's comfy_extras, for example "nodes_mask.py"."""
        import nodes

        for name in extras:
            path = str(self.folder / "comfy_extras" / name)
            assert asyncio.run(nodes.load_custom_node(path, module_parent="comfy_extras")), name

    def call(self, node, hidden: dict | None = None, **inputs):
        """Call a node as the executor does: locked copy of its class, node context, no gradients."""
        import torch
        from comfy_api.internal import make_locked_method_func
        from comfy_api.latest import io
        from comfy_execution.utils import CurrentNodeContext

        node = self.nodes[node] if isinstance(node, str) else node
        node.VALIDATE_CLASS()
        values = {getattr(io.Hidden, name): value for name, value in (hidden or {}).items()}
        locked = node.PREPARE_CLASS_CLONE({"hidden_inputs": values})
        function = make_locked_method_func(node, node.FUNCTION, locked)

        async def run():
            with CurrentNodeContext(PROMPT_ID, "1"):
                result = function(**inputs)
                return await result if asyncio.iscoroutine(result) else result

        with torch.inference_mode():
            return asyncio.run(run())

    def execute(self, prompt: dict, executor=None) -> PromptResult:
        """Check and run a prompt in API format; pass the last result's `executor` to keep its cache."""
        import execution

        self._register()
        valid = asyncio.run(execution.validate_prompt(PROMPT_ID, prompt, None))
        if not valid[0]:
            return PromptResult(valid)
        executor = executor or execution.PromptExecutor(
            SilentServer(), cache_type=execution.CacheType.CLASSIC, cache_args={"lru": 0, "ram": 0, "ram_inactive": 0}
        )
        executor.server.events.clear()
        with _shown_progress():
            executor.execute(prompt, PROMPT_ID, {"client_id": "test"}, valid[2])
        return PromptResult(valid, executor)

    def _register(self) -> None:
        import nodes

        for node_id, node in self.nodes.items():
            node.RELATIVE_PYTHON_MODULE = "custom_nodes.troupe"
            nodes.NODE_CLASS_MAPPINGS[node_id] = node


_booted: InProcessHost | None = None


def boot(folder: Path, base: Path) -> InProcessHost:
    """Put the host on the path with `base` as its base directory; one host and one base in a process."""
    global _booted
    if _booted:
        return _booted
    for name in ("custom_nodes", "input", "output", "models", "user", "temp"):
        (base / name).mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(folder))
    import comfy.options

    arguments, sys.argv = sys.argv, ["comfy", "--cpu", "--base-directory", str(base)]
    comfy.options.enable_args_parsing()
    try:
        # Both read sys.argv while they are imported, and never again.
        importlib.import_module("comfy.cli_args")
        importlib.import_module("folder_paths")
    finally:
        sys.argv = arguments
    _booted = InProcessHost(folder, base)
    return _booted


async def _nodes_of(module) -> list[type]:
    extension = module.comfy_entrypoint()
    extension = await extension if asyncio.iscoroutine(extension) else extension
    await extension.on_load()
    return await extension.get_node_list()


@contextmanager
def _shown_progress():
    """What main.py installs for `comfy.utils.ProgressBar`, cut down: interrupts are noticed, events are kept.

    Afterwards it is gone: outside of a prompt there is no node that a bar could belong to.
    """
    import comfy.model_management
    import comfy.utils
    from comfy_execution.progress import get_progress_state
    from comfy_execution.utils import get_executing_context

    def hook(value, total, preview, prompt_id=None, node_id=None):
        comfy.model_management.throw_exception_if_processing_interrupted()
        get_progress_state().update_progress(node_id or get_executing_context().node_id, value, total, preview)

    comfy.utils.set_progress_bar_global_hook(hook)
    try:
        yield
    finally:
        comfy.utils.set_progress_bar_global_hook(None)
