"""Groups on the disk as pixels, decoded when they are asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from ...errors import BadPicture
from ...geometry import Size
from ...pixels import from_pillow
from .group import CompositeGroup, GroupPixels, GroupSet
from .shrinking import shrunk_group
from .straight import decode_opaque, decode_straight

CACHE = 1 << 30  # bytes; about 850 groups of 512 x 384 pixels


def read_group(group: CompositeGroup, long_side: int | None = None) -> GroupPixels:
    """Decode a group, upright and in sRGB, with its gain applied; with `long_side`, shrunk to that many pixels.

    A foreground that is cut out by the mask ends where the frame does, and so does its box then.
    Raises `BadPicture` with the reason when a picture is damaged or no longer fits the others.
    """
    background, composite = decode_opaque(group.background), decode_opaque(group.composite)
    _require_equal("composite", group.composite, composite, background)
    gained = (from_pillow(composite) * torch.tensor(group.gain)).clamp_(0, 1)
    box = group.box
    if group.foreground is not None:
        foreground = _foreground(group.foreground)
    elif group.mask is not None:
        box = box.clipped(Size(*background.size))
        mask = decode_opaque(group.mask, "#000000").convert("L")
        _require_equal("mask", group.mask, mask, background)
        whole = torch.cat((gained, from_pillow(mask).unsqueeze(-1)), dim=-1)
        foreground = whole[box.top : box.bottom, box.left : box.right].contiguous()
    else:
        raise BadPicture("neither a foreground nor a mask", item=group.id)
    pixels = GroupPixels(foreground, from_pillow(background), gained, box)
    return shrunk_group(pixels, long_side) if long_side else pixels


def _foreground(path: Path) -> Tensor:
    colours, alpha = decode_straight(path)
    if alpha is None:
        raise BadPicture("the foreground has no alpha channel", item=path.name)
    return torch.cat((from_pillow(colours), from_pillow(alpha).unsqueeze(-1)), dim=-1)


def _require_equal(name: str, path: Path, picture: Image.Image, background: Image.Image) -> None:
    if picture.size != background.size:
        sizes = "{}x{} pixels, the background {}x{}".format(*picture.size, *background.size)
        raise BadPicture(f"the {name} has {sizes}", item=path.name)


class GroupFolder:
    """Groups by number, as pixels of 8 bits each in float32; the most recently used stay in memory.

    `cache`: the most bytes kept. A group is the same whether it was kept or read anew. Safe for many threads.
    """

    def __init__(self, found: GroupSet, long_side: int | None = None, cache: int = CACHE) -> None:
        self.groups, self.long_side, self.cache = found.groups, long_side, cache
        self._kept: OrderedDict[int, GroupPixels] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.groups)

    def __iter__(self) -> Iterator[GroupPixels]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, number: int) -> GroupPixels:
        number = range(len(self))[number]  # negative numbers, and IndexError
        with self._lock:
            copy = self._kept.get(number)
            if copy is not None:
                self._kept.move_to_end(number)
        if copy is None:
            copy = _mapped(read_group(self.groups[number], self.long_side), _to_bytes)
            self._keep(number, copy)
        return _mapped(copy, _to_floats)

    def colours(self, number: int) -> bool:
        """Whether the group's colours are fit to be learnt from."""
        return not self.groups[number].position_only

    def _keep(self, number: int, copy: GroupPixels) -> None:
        with self._lock:
            if number in self._kept or _size(copy) > self.cache:
                return
            self._kept[number] = copy
            self._bytes += _size(copy)
            while self._bytes > self.cache:
                self._bytes -= _size(self._kept.popitem(last=False)[1])


def _mapped(pixels: GroupPixels, change) -> GroupPixels:
    return GroupPixels(*map(change, pixels[:3]), pixels.box)


def _to_bytes(values: Tensor) -> Tensor:
    return values.mul(255).round_().to(torch.uint8)


def _to_floats(values: Tensor) -> Tensor:
    return values.to(torch.float32).div_(255)


def _size(copy: GroupPixels) -> int:
    return sum(values.numel() for values in copy[:3])
