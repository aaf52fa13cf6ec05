"""Every look by its name. To add one: write a file with a `paint`, add one line here."""

from collections.abc import Mapping
from types import MappingProxyType

from . import anime_cel, comic, gongbi, gouache, ink_wash, oil, pencil, poster, toon_3d, watercolour
from .look import Look

LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "anime_cel": Look("Anime cel", "anime cel shading", anime_cel.paint),
        "ink_wash": Look("Ink wash", "chinese ink wash painting, shuimo", ink_wash.paint),
        "gongbi": Look("Gongbi", "gongbi painting, fine brush outlines", gongbi.paint),
        "watercolour": Look("Watercolour", "watercolor painting", watercolour.paint),
        "oil": Look("Oil", "oil painting, impasto", oil.paint),
        "gouache": Look("Gouache", "gouache painting, flat opaque paint", gouache.paint),
        "pencil": Look("Pencil", "graphite pencil drawing", pencil.paint),
        "coloured_pencil": Look("Coloured pencil", "colored pencil drawing", pencil.paint_coloured),
        "comic": Look("Comic", "comic book, halftone", comic.paint),
        "poster": Look("Poster", "flat color poster, vector art", poster.paint),
        "toon_3d": Look("3D toon shading", "3d render, toon shading", toon_3d.paint),
    }
)
