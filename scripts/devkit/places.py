"""Where the repository is, and where everything that is built from it goes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / "tests" / "workflows"


def home(env: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """TROUPE_HOME, or a folder in the cache directory that the platform gives to each user.

    It holds the environment, the host, and the host's base directory: about 8 GB, all of it safe to delete.
    """
    if env.get("TROUPE_HOME"):
        return Path(env["TROUPE_HOME"]).expanduser().resolve()
    return _user_cache(env, platform) / "troupe"


def _user_cache(env: Mapping[str, str], platform: str) -> Path:
    if platform == "win32":
        return Path(env.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(env.get("XDG_CACHE_HOME") or Path.home() / ".cache")
