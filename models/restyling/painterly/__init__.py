"""Weight-free stylisers: pictures of a character redrawn as cel, ink, watercolour, oil, pencil and more.

statistics = pool_statistics(pictures)                      once per character
look = LookSettings("watercolour", texture=0.8)
painted = stylize(rgb, look, statistics=statistics, seed=7) once per picture
"""

from importlib import import_module

_HOMES = {
    "LOOKS": "looks",
    "Analysis": "analysis",
    "CharacterPalette": "palette",
    "Look": "looks.look",
    "LookSettings": "settings",
    "Recolouring": "palette",
    "SetStatistics": "statistics",
    "analyse": "analysis",
    "plan_recolouring": "palette",
    "pool_statistics": "statistics",
    "recolour": "dyeing",
    "stylize": "painting",
    "stylize_regions": "painting",
}
__all__ = [*_HOMES]


def __getattr__(name: str):
    """What is asked for, and no more: a menu of the looks must not load what paints them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
