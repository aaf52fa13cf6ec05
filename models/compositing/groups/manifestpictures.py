"""Whether the pictures of a group fit each other and its box; colours are not decoded for it."""

from __future__ import annotations

from ...errors import BadPicture
from ...geometry import Box, Size
from .group import CompositeGroup
from .manifestrows import files_of
from .straight import Head, decode_opaque, decode_straight, head_of

# A thing may be cut by the frame, but what is left has to show where the whole stands.
LEAST_INSIDE = 0.25
# 8-bit levels; compression leaves a few on what was meant to be empty.
FAINTEST = 10


def reasons_against(group: CompositeGroup) -> list[str]:
    """Empty when the group can be used; else every reason, in words for its owner."""
    heads, reasons = {}, []
    for name, path in files_of(group).items():
        try:
            heads[name] = head_of(path)
        except BadPicture as bad:
            reasons.append(f'"{name}" {path.name}: {bad.what}')
    frame = heads.get("background")
    if frame is None:
        return reasons
    reasons += _against_sizes(heads, frame.size)
    if outside := box_outside(group.box, frame.size):
        return [*reasons, outside]
    return reasons or _against_cutout(group, heads)


def box_outside(box: Box, size: Size) -> str:
    """Why `box` is not enough inside a picture of `size`, or an empty text."""
    inside = box.clipped(size)
    where = f'"box" from ({box.left}, {box.top}) to ({box.right}, {box.bottom})'
    if min(inside.size) < 1:
        return f"{where} lies outside of the background of {_written(size)} pixels"
    share = inside.size.area / box.size.area
    if share < LEAST_INSIDE:
        return f"{where}: only {share:.0%} of it lies inside the background; {LEAST_INSIDE:.0%} must"
    return ""


def _against_sizes(heads: dict[str, Head], frame: Size) -> list[str]:
    others = ((name, heads[name].size) for name in ("composite", "mask") if name in heads)
    return [f'"{n}" has {_written(s)} pixels, the background {_written(frame)}' for n, s in others if s != frame]


def _against_cutout(group: CompositeGroup, heads: dict[str, Head]) -> list[str]:
    try:
        if group.foreground and not heads["foreground"].has_alpha:
            return [f'"foreground" {group.foreground.name} has no alpha channel; save it as RGBA, or give a "mask"']
        if group.foreground:
            alpha = decode_straight(group.foreground).alpha
            brightest = alpha.getextrema()[1] if alpha else 255
            return [f'"foreground" {group.foreground.name} is transparent all over'] if brightest < FAINTEST else []
        # What is transparent in a mask is not the subject: hence black below it.
        mask = decode_opaque(group.mask, "#000000").convert("L")
        brightest = mask.crop(group.box.clipped(Size(*mask.size))).getextrema()[1]
    except BadPicture as bad:
        return [bad.what]
    if brightest >= FAINTEST:
        return []
    return [f'"mask" {group.mask.name} is empty inside the box: its brightest value is {brightest}, the subject is 255']


def _written(size: Size) -> str:
    return f"{size.width}x{size.height}"
