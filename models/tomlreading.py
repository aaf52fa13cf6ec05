"""The reader of TOML that this Python has."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def toml_reader() -> ModuleType | None:
    """Python 3.11 brings one; on 3.10 the `tomli` package is the same under its first name. None without both."""
    for name in ("tomllib", "tomli"):
        try:
            return import_module(name)
        except ImportError:
            continue
    return None
