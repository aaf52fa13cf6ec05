"""Every look by its name. To add one: write a file with a `paint`, add one line here."""

from collections.abc import Mapping
from types import MappingProxyType

from .look import Look

LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "anime_cel": Look("Anime cel", "anime cel shading", "anime_cel"),
        "ink_wash": Look("Ink wash", "chinese ink wash painting, shuimo", "ink_wash"),
        "gongbi": Look("Gongbi", "gongbi painting, fine brush outlines", "gongbi"),
        "watercolour": Look("Watercolour", "watercolor painting", "watercolour"),
        "oil": Look("Oil", "oil painting, impasto", "oil"),
        "gouache": Look("Gouache", "gouache painting, flat opaque paint", "gouache"),
        "pencil": Look("Pencil", "graphite pencil drawing", "pencil"),
        "coloured_pencil": Look("Coloured pencil", "colored pencil drawing", "pencil", "paint_coloured"),
        "comic": Look("Comic", "comic book, halftone", "comic"),
        "poster": Look("Poster", "flat color poster, vector art", "poster"),
        "toon_3d": Look("3D toon shading", "3d render, toon shading", "toon_3d"),
    }
)
