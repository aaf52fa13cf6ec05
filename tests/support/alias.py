"""Import a folder as a package of another name, without running its `__init__.py`.

The host gives a pack its path on disk for a module name, and a checkout may lie in a folder of any name; tests need one
that they can write down.
"""

from __future__ import annotations

import importlib.machinery
import sys
import types
from pathlib import Path


def alias(name: str, folder: Path) -> types.ModuleType:
    """Make `import name.part` find `folder/part`."""
    if name not in sys.modules:
        package = types.ModuleType(name)
        package.__path__ = [str(folder)]
        package.__spec__ = importlib.machinery.ModuleSpec(name, None, is_package=True)
        package.__spec__.submodule_search_locations = package.__path__
        sys.modules[name] = package
    return sys.modules[name]
