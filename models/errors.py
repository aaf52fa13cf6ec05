"""Errors that tell an artist what happened, to which item, and what to do."""

from __future__ import annotations


class TroupeError(Exception):
    """`what` happened, to `item`, and what to do about it (`remedy`).

    >>> str(TroupeError("The folder holds no picture", item="input/mira", remedy="Put PNG or JPEG files into it."))
    'The folder holds no picture: input/mira. Put PNG or JPEG files into it.'
    """

    def __init__(self, what: str, *, item: str = "", remedy: str = "") -> None:
        self.what, self.item, self.remedy = what, item, remedy
        subject = f"{what}: {item}" if item else what
        text = f"{subject.rstrip('.')}. {remedy}".rstrip()
        super().__init__(text.encode("utf-8", "replace").decode())  # half characters can neither be logged nor sent

    def __init_subclass__(cls) -> None:
        cls.__module__ = TroupeError.__module__


# The host shows an error's module, and a custom node's is a path on the disk.
TroupeError.__module__ = "troupe"


class BadPicture(TroupeError):
    """A picture that cannot be read or must not be used; the reason goes into the set's report."""


class EmptySet(TroupeError):
    """A step was handed a sample set with nothing in it."""


class BadModel(TroupeError):
    """A model that cannot be used: it would fail for every picture, so the whole step stops."""


class BadDisk(TroupeError):
    """A disk that refuses to be written: it would for every picture, so the whole step stops."""
