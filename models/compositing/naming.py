"""Names that become files."""

from __future__ import annotations

from ..errors import TroupeError
from .groups.writing import file_name


def check_name(name: str) -> None:
    """Raises `TroupeError` for a name that is not a file's on every system, or that leads into another folder."""
    safe = file_name(name, set())
    if safe != name:
        raise TroupeError(
            "This name cannot be a file's", item=repr(name), remedy=f'Take a plain one, such as "{safe}".'
        )
