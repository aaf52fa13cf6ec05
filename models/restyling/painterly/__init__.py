"""Weight-free stylisers: pictures of a character redrawn as cel, ink, watercolour, oil, pencil and more.

statistics = pool_statistics(pictures)                      once per character
look = LookSettings("watercolour", texture=0.8)
painted = stylize(rgb, look, statistics=statistics, seed=7) once per picture
"""

from .analysis import Analysis, analyse
from .dyeing import recolour
from .looks import LOOKS
from .looks.look import Look
from .painting import stylize, stylize_regions
from .palette import CharacterPalette, Recolouring, plan_recolouring
from .settings import LookSettings
from .statistics import SetStatistics, pool_statistics

__all__ = [
    "LOOKS",
    "Analysis",
    "CharacterPalette",
    "Look",
    "LookSettings",
    "Recolouring",
    "SetStatistics",
    "analyse",
    "plan_recolouring",
    "pool_statistics",
    "recolour",
    "stylize",
    "stylize_regions",
]
