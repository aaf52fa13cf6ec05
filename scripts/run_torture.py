"""Put what Troupe promises to the test: kills, full disks, load, cancels, and whatever else there is a part for."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path


def main(arguments: list[str]) -> int:
    """0 when every promise was kept."""
    parts = importlib.import_module("troupe.scripts.torture.parts")
    read = parser(parts.PARTS)
    wanted = read.parse_args(arguments)
    unknown = [name for name in wanted.parts if name not in parts.PARTS]
    if unknown:
        read.error(f"no such part: {', '.join(unknown)}; there are: {', '.join(parts.PARTS)}")
    figures = []
    with tempfile.TemporaryDirectory(prefix="troupe-torture-") as scratch:
        for figure, seconds in parts.run_parts(wanted.parts or parts.PARTS, wanted.long, Path(scratch)):
            figures.append({**figure._asdict(), "seconds": round(seconds, 1)})
            print(line(figures[-1]), flush=True)
    if wanted.json:
        date = datetime.now(timezone.utc).isoformat(timespec="seconds")
        found = {"date": date, "form": "long" if wanted.long else "short", "figures": figures}
        wanted.json.resolve().parent.mkdir(parents=True, exist_ok=True)
        wanted.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    broken = sum(not figure["kept"] for figure in figures)
    print(f"\n{len(figures) - broken} of {len(figures)} promises kept.")
    return 1 if broken or not figures else 0


def parser(parts: tuple[str, ...]) -> argparse.ArgumentParser:
    read = argparse.ArgumentParser(prog="troupe.py torture", description=__doc__)
    read.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    read.add_argument("--long", action="store_true", help="many more cases (an hour; the short form takes minutes)")
    read.add_argument("parts", nargs="*", metavar="part", help=f"which ones (default: all): {', '.join(parts)}")
    return read


def line(figure: dict) -> str:
    kept = "kept  " if figure["kept"] else "BROKEN"
    note = f" ({figure['note']})" if figure["note"] else ""
    value = f"{figure['value']:g} {figure['unit']}".strip()
    return f"{kept}  {figure['part']}: {figure['name']}: {value}; {figure['promise']}{note}  [{figure['seconds']} s]"


if __name__ == "__main__":
    from devkit.thepack import name_the_pack

    name_the_pack()
    sys.exit(main(sys.argv[1:]))
