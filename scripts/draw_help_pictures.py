"""Draw the small pictures on the help pages anew: `python3 scripts/troupe.py help-pages --pictures`."""

from __future__ import annotations

import sys

from helpbuilder.pictures.command import draw_pictures

from devkit import hosts, places
from devkit.trouble import Trouble


def main() -> int:
    try:
        written = draw_pictures(hosts.for_tests(places.home()), places.home() / "help")
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    print("\n".join(f"written: {path}" for path in written))
    return 0


if __name__ == "__main__":
    sys.exit(main())
