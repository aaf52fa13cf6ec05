"""What a worker process of a cluster does first: it makes the pack importable under the name that it has here.

This module is sent to the workers as it is, because they cannot import anything of the pack before it has run.
"""

from __future__ import annotations

import os
import sys
import types

WHERE = "TROUPE_PACK"  # in the environment: the folder of the pack, the same on every machine


def find_pack() -> None:
    if "troupe" not in sys.modules:
        sys.modules["troupe"] = types.ModuleType("troupe")
        sys.modules["troupe"].__path__ = [os.environ[WHERE]]
