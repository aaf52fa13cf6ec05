"""The name under which scripts import the pack, whatever the folder of its checkout is called."""

from __future__ import annotations

import sys
import types

from .places import ROOT


def name_the_pack() -> None:
    """`import troupe.models…` finds this checkout; its `__init__.py` is the host's business and is not run."""
    package = types.ModuleType("troupe")
    package.__path__ = [str(ROOT)]
    sys.modules["troupe"] = package
