"""Train a compositing model as a configuration file says; alone, or in several processes with `accelerate launch`."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import time
from pathlib import Path

SECONDS_BETWEEN_LINES = 15


def main(arguments: list[str]) -> int:
    """The exit status. What goes wrong is a sentence on the error stream."""
    wanted = parser().parse_args(arguments)
    errors = importlib.import_module("troupe.models.errors")
    try:
        return run(wanted)
    except errors.TroupeError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    read = argparse.ArgumentParser(
        prog="troupe.py train-compositing",
        description=__doc__,
        epilog='The least configuration is {"groups": ["FOLDER"]}; scripts/compositing/recipe.py has all of it, and '
        "scripts/compositing/shipped.json is that of the weights in assets/compositing. On several GPUs: accelerate "
        "launch scripts/train_compositing.py --config FILE.",
    )
    read.add_argument("--config", type=Path, required=True, metavar="FILE", help="what to train, as JSON")
    read.add_argument(
        "--output", type=Path, metavar="FILE", help="the model (default: beside the configuration, .safetensors)"
    )
    read.add_argument("--resume", type=Path, metavar="FILE", help="go on with the unfinished training kept there")
    return read


def run(wanted: argparse.Namespace) -> int:
    training = importlib.import_module("troupe.scripts.compositing.training")
    recipe = importlib.import_module("troupe.scripts.compositing.recipe").read_recipe(wanted.config)
    output = wanted.output or wanted.config.with_suffix(".safetensors")
    name = wanted.resume or output.with_suffix(".unfinished")
    kept = training.Kept(name)
    require(output, wanted.resume, kept.files(len(recipe.stages)), name)
    engine = chosen_engine()
    lines = Lines(engine.rank)
    watching = training.Watching(lines.making, lines.stepping, lines.evaluated, lines.said)
    try:
        with stopping_gently(lines):
            story = training.train_recipe(recipe, output, kept, engine, watching)
    except KeyboardInterrupt:
        lines.said(f"Stopped. Go on with: --resume {name}" if kept.files(len(recipe.stages)) else "Stopped.")
        return 130
    figures = ", ".join(f"{what} {value:.3f}" for what, value in story.figures)
    lines.said(f"written: {output} ({story.steps} steps; {figures})")
    return 0


def require(output: Path, resume: Path | None, there: list[Path], name: Path) -> None:
    """Nothing unfinished is thrown away, and nobody waits for hours to hear of a wrong name."""
    error = importlib.import_module("troupe.models.errors").TroupeError
    if output.suffix != ".safetensors":
        raise error("The model must be a .safetensors file", item=str(output), remedy="Give --output another name.")
    if resume and not there:
        raise error("Nothing is kept there to go on from", item=str(resume), remedy="Leave --resume out to begin anew.")
    if there and not resume:
        raise error(
            "An unfinished training lies here",
            item=", ".join(map(str, there)),
            remedy=f"Add --resume {name} to go on with it, or delete it to begin anew.",
        )


def chosen_engine():
    """`accelerate launch` says by WORLD_SIZE how many processes there are."""
    engine = importlib.import_module("troupe.models.compositing.training.engine")
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        return engine.Accelerated()
    torch = importlib.import_module("torch")
    return engine.Alone("cuda" if torch.cuda.is_available() else "cpu")


class Lines:
    """Progress as lines, from the first of several processes. `stop`: Ctrl-C was pressed, and is raised at the next
    step, where nothing is lost."""

    def __init__(self, rank: int) -> None:
        self.rank, self.stop, self.last = rank, False, time.monotonic()

    def said(self, text: str) -> None:
        if self.rank == 0:
            print(text, flush=True)

    def making(self, done: int, total: int, what: str) -> None:
        self._heed()
        self._now_and_then(f"  {what}: {done} of {total}")

    def stepping(self, done: int, total: int, losses: str) -> None:
        self._heed()
        self._now_and_then(f"  step {done} of {total}: {losses}")

    def evaluated(self, progressed) -> None:
        held = progressed.heldout[-1]
        self.last = time.monotonic()
        self.said(
            f"  step {held.step}: held out total {held.total:.3f}, position {held.position:.3f}, "
            f"-log p {held.nll:.3f} nats, composition {held.composition:.4f}"
        )

    def _now_and_then(self, line: str) -> None:
        if time.monotonic() - self.last >= SECONDS_BETWEEN_LINES:
            self.last = time.monotonic()
            self.said(line)

    def _heed(self) -> None:
        if self.stop:
            raise KeyboardInterrupt


class stopping_gently:
    """Within the block the first Ctrl-C asks `lines` to stop; the second one stops at once."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines

    def __enter__(self) -> None:
        self.before = signal.signal(signal.SIGINT, self._asked)

    def __exit__(self, *ended: object) -> None:
        signal.signal(signal.SIGINT, self.before)

    def _asked(self, number: int, frame: object) -> None:
        if self.lines.stop:
            raise KeyboardInterrupt
        self.lines.stop = True
        self.lines.said("Stopping after this step; press Ctrl-C again to stop at once.")


if __name__ == "__main__":
    from devkit.thepack import name_the_pack

    name_the_pack()
    sys.exit(main(sys.argv[1:]))
