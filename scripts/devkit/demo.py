"""Make a LoRA training set of a new character on a real host, and say where it is and what it took."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path

from . import hosts, results, summary
from .api import ApiError, HostApi, Run
from .basefolder import make_base
from .places import WORKFLOWS
from .progressline import ProgressLine, titles
from .serverprocess import HostProcess
from .steps import say
from .trouble import Trouble, last_lines

WORKFLOW = WORKFLOWS / "character_lora_dataset.api.json"
LOADER = "TroupeLoadSampleSet"
SHEETS = "demo-sheets"
# What the counts are called, and the stage that each is read from.
COUNTS = {"loaded": "load", "restyled": "restyle", "kept": "adjust", "written": "write"}


def demo(home: Path, output: Path | None, json_file: Path | None, samples: Path | None) -> int:
    prompt = with_samples(read_workflow(WORKFLOW), samples)
    host = hosts.choose(home)
    base = make_base(home / "base")
    output = (output or base / "output").resolve()
    output.mkdir(parents=True, exist_ok=True)
    # Results go where they are wanted; the store of finished pictures stays in the base, so a second run reuses it.
    process = HostProcess(host, base, output=output, name="demo")
    start = time.monotonic()
    try:
        say(f"Starting ComfyUI {host.version} ...")
        process.start()
        require_pack(process.log_text())
        run = run_prompt(process, prompt)
        shown = results.saved(run.outputs, output)
        shown += results.keep(run.outputs, titles(prompt), output / SHEETS, HostApi(process.url).view)
        result = describe(run, prompt, output, shown, process, time.monotonic() - start)
    finally:
        process.stop()
    result["host_version"] = host.version
    print("\n".join(lines(result)))
    if json_file:
        json_file.resolve().parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


def read_workflow(path: Path) -> dict[str, dict]:
    if not path.is_file():
        raise Trouble(f"The demo's workflow is missing: {path}")
    return json.loads(path.read_text(encoding="utf-8"))


def with_samples(prompt: Mapping[str, dict], folder: Path | None) -> dict[str, dict]:
    """The same workflow, reading `folder` (one sub-folder a character)."""
    if folder is None:
        return dict(prompt)
    if not folder.is_dir():
        raise Trouble(f"There is no folder {folder}; --samples wants one with a sub-folder for each character.")
    changed = {
        key: {**node, "inputs": {**node["inputs"], "folder": str(folder.resolve())}}
        for key, node in prompt.items()
        if node["class_type"] == LOADER
    }
    return {**prompt, **changed}


def require_pack(log: str) -> None:
    """A pack that can't be imported would only show as an unknown node later."""
    if "IMPORT FAILED" in log:
        reasons = [line for line in log.splitlines() if "Error while calling" in line or "Cannot import" in line]
        raise Trouble("ComfyUI could not import the pack:\n" + (last_lines("\n".join(reasons)) or last_lines(log)))


def run_prompt(process: HostProcess, prompt: dict) -> Run:
    """Run it with the progress on the screen; every way to fail becomes a sentence."""
    names = titles(prompt)
    progress = ProgressLine(names)
    try:
        run = HostApi(process.url).run(prompt, timeout=None, on_event=progress.show)
    except ApiError as refused:
        raise Trouble(f"ComfyUI does not accept the workflow:\n{refusal(refused.body, names)}") from None
    except OSError:
        end = last_lines(process.log_text())
        raise Trouble(f"ComfyUI ended while it worked. The end of {process.log}:\n{end}") from None
    progress.finish()
    if not run.ok:
        raise Trouble(failure(run.error or {}, names))
    return run


def refusal(body: dict, names: Mapping[str, str]) -> str:
    """The host's answer to a prompt with wrong inputs, one line an error."""
    if not isinstance(body, dict):
        return str(body)
    found = [
        f"  {names.get(node, node)}: {error['message']} {error['details']}".rstrip()
        for node, record in (body.get("node_errors") or {}).items()
        for error in record["errors"]
    ]
    return "\n".join(found) or "  " + str(body.get("error", {}).get("message", body))


def failure(error: Mapping, names: Mapping[str, str]) -> str:
    node = names.get(error.get("node_id"), error.get("node_id"))
    if "exception_message" not in error:
        return f"{node} was interrupted."
    return f"{node} stopped: {error['exception_message'].strip()} ({error.get('exception_type')})"


def describe(run: Run, prompt: dict, output: Path, shown: list[Path], process: HostProcess, seconds: float) -> dict:
    """The record that `--json` writes."""
    times = summary.node_seconds(run.events)
    stages = summary.stages(run.outputs, times)
    counts = {name: stages.get(stage, {}).get("samples", 0) for name, stage in COUNTS.items()}
    # Set-aside samples travel with the set, so each stage counts those of the stages before it too.
    rejected = max((record.get("rejected", 0) for record in stages.values()), default=0)
    return {
        "paths": {
            "output": str(output),
            "data_sets": [record["folder"] for record in stages.values() if record.get("folder")],
            "files": [file for record in stages.values() for file in record.get("files", [])],
            "sheets": [str(path) for path in shown],
            "log": str(process.log),
        },
        "counts": {**counts, "rejected": rejected},
        "computed": summary.total(stages, "computed"),
        "reused": summary.total(stages, "reused"),
        "stages": stages,
        "node_seconds": {f"{key} {name}": round(times[key], 3) for key, name in titles(prompt).items() if key in times},
        "boot_seconds": round(process.boot_seconds, 2),
        "run_seconds": round(run.seconds, 2),
        "total_seconds": round(seconds, 2),
    }


def lines(result: Mapping) -> list[str]:
    """What the person reads at the end."""
    table = ["", f"{'stage':<16}{'samples':>9}{'computed':>10}{'reused':>8}{'rejected':>10}{'seconds':>9}"]
    for stage, record in result["stages"].items():
        cells = [record.get(name, "") for name in ("samples", "computed", "reused", "rejected")]
        widths = zip(cells, (9, 10, 8, 10), strict=True)
        table.append(f"{stage:<16}" + "".join(f"{cell:>{w}}" for cell, w in widths) + f"{record['seconds']:>9.1f}")
    reused, made = result["reused"], result["computed"]
    total = f"{result['total_seconds']:.1f} s in all; {made} pictures made, {reused} taken from the store."
    return [*table, "", total, *places(result["paths"])]


def places(paths: Mapping) -> list[str]:
    found = [("data set", paths["data_sets"]), ("file", paths["files"]), ("sheet or report", paths["sheets"])]
    return [f"{what + ':':<17}{path}" for what, group in found for path in group]
