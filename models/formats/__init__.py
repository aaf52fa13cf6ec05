"""Sample sets as files that trainers read: a plan, a preview of what the trainer will see, and the writing."""

__all__ = ["FORMATS"]


def __getattr__(name: str):
    """`FORMATS`, when it is first asked for: what menus need is in `menu.py`."""
    if name != "FORMATS":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .catalogue import FORMATS

    return FORMATS
