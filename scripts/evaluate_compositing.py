"""Measure a compositing model on held-out groups or photographs, beside what one gets without a model."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "assets" / "compositing" / "tiny.safetensors"
SECONDS_BETWEEN_LINES = 10


def main(arguments: list[str]) -> int:
    """The exit status. What goes wrong is a sentence on the error stream."""
    wanted = parser().parse_args(arguments)
    errors = importlib.import_module("troupe.models.errors")
    try:
        return run(wanted)
    except errors.TroupeError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    read = argparse.ArgumentParser(prog="troupe.py evaluate-compositing", description=__doc__)
    read.add_argument(
        "--groups", type=Path, required=True, metavar="FOLDER", help="with a groups.json, or COCO's annotations.json"
    )
    read.add_argument("--model", type=Path, metavar="FILE", default=SHIPPED, help="the checkpoint (default: shipped)")
    read.add_argument("--base", type=Path, metavar="FILE", help="the checkpoint that a latent model was trained on")
    read.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    read.add_argument("--sheet", type=Path, metavar="PNG", help="draw some of the composites there")
    read.add_argument("--holdout-only", action="store_true", help="of groups, only those that training holds out")
    read.add_argument("--all", action="store_true", help="of photographs, also those that the shipped model has seen")
    learned = "what the floors learn from (default: for photographs those that are trained on, for groups other scenes)"
    read.add_argument("--prior", type=Path, metavar="FOLDER", help=learned)
    return read


def run(wanted: argparse.Namespace) -> int:
    files = importlib.import_module("troupe.models.picturefiles")
    cases = importlib.import_module("troupe.scripts.compositing.cases").cases_in(
        wanted.groups, wanted.holdout_only, wanted.all, wanted.prior
    )
    model, story = loaded(wanted.model, wanted.base)
    print(f"{wanted.model.name} on {len(cases)} cases ({cases.what})", flush=True)
    evaluation = importlib.import_module("troupe.scripts.compositing.evaluating").evaluate(model, cases, Said())
    print(evaluation.as_text(), flush=True)
    if wanted.json:
        text = evaluation.as_json(
            model=wanted.model.name,
            digest=files.file_digest(wanted.model),
            preset=model.config.preset,
            trained_steps=story.steps,
            groups=str(wanted.groups),
            what=cases.what,
            prior=str(wanted.prior) if wanted.prior else None,
        )
        files.write_atomically(wanted.json, lambda file: file.write(text.encode()))
    if wanted.sheet:
        draw = importlib.import_module("troupe.scripts.compositing.contactsheet").contact_sheet
        sheet = draw(model, cases, progress=Said())
        files.write_atomically(wanted.sheet, lambda file: files.write_png(sheet, file))
    return 0


def loaded(path: Path, base: Path | None):
    """The model and its story; raises `TroupeError` where there is no such file."""
    if not path.is_file():
        raise importlib.import_module("troupe.models.errors").TroupeError(
            "There is no such model", item=str(path), remedy="Train one with train-compositing, or name another."
        )
    return importlib.import_module("troupe.models.compositing.checkpoint").load_model(path, base)


class Said:
    """Progress as a line from time to time; a log is no place for a moving one."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def __call__(self, done: int, total: int, name: str) -> None:
        if time.monotonic() - self.last >= SECONDS_BETWEEN_LINES:
            self.last = time.monotonic()
            print(f"  {done} of {total}: {name}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    from devkit.thepack import name_the_pack

    name_the_pack()
    sys.exit(main(sys.argv[1:]))
