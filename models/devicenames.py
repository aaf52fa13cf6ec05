"""Which names Windows keeps for its devices, so that no file or folder of ours has one."""

from __future__ import annotations

import re

# Whatever follows the first dot, and with blanks before it (learn.microsoft.com, "Naming Files, Paths, and Namespaces",
# and Python's ntpath.isreserved, which also has the two consoles).
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE)


def is_device(name: str) -> bool:
    """Whether `name`, a file's or a folder's, is a device to Windows: `con`, `NUL.txt`, `com¹`."""
    return bool(_DEVICE.match(name))
