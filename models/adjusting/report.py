"""What was done to a set, as text for the person whose pictures they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from ..samples.sample import SampleSet
from ..vocabulary import vocabulary
from .casting import Cast
from .cropping import CROPS, NOT_FULL
from .filling import Crop
from .losses import losses, tally
from .rules import Fault

LISTED = 20  # ids of one reason that are written out
ENOUGH = 20  # pictures that a LoRA of a character wants at least


def report_text(sample_set: SampleSet, casts: Sequence[Cast], faults: dict[str, Fault]) -> str:
    """Kept and dropped, then for each character the table, what is missing and what died out, then the reasons.

    sample_set: as it came in. faults: of all that goes, by sample id, in the order of the set.
    """
    crops = [crop for c in casts for crop in c.crops]
    kept = sum(len(c.kept) for c in casts)
    head = f"Kept {kept} of {kept + len(faults)} pictures"
    head += f", made {len(crops)} by cropping." if crops else "."
    parts = [head, *(_of_character(c, losses(sample_set.of(c.character), c.chosen.counts, faults)) for c in casts)]
    if crops:
        parts.append("Made by cropping\n" + "\n".join(_crop_line(c) for c in crops))
    if faults:
        parts.append("Dropped\n" + "\n".join(_drops(faults)))
    return "\n\n".join(parts)


def _of_character(cast: Cast, lost: list[str]) -> str:
    total = len(cast.chosen.ids)
    wanted = f" of {cast.wanted.total} wanted" if cast.wanted.total is not None else ""
    lines = [f"{cast.character}: {total}{wanted}"]
    lines += _table(cast)
    if total < ENOUGH:
        lines.append(f"  A LoRA of a character wants at least {ENOUGH} pictures.")
    lines += _missing(cast) + _uncropped(cast)
    if lost:
        lines.append(f"  No picture of: {', '.join(lost)}.")
    return "\n".join(lines)


def _table(cast: Cast) -> list[str]:
    """A line for each value that is wanted: wanted, got, missing."""
    lines = []
    for slot, values in cast.wanted.quotas.items():
        lines.append(f"  {vocabulary().slot(slot).label:<18} wanted   got")
        for value, wanted in values.items():
            got = cast.chosen.counts[slot, value]
            short = f"   {wanted - got} missing" if got < wanted else ""
            lines.append(f"    {value:<16} {wanted:>6} {got:>5}{short}")
    return lines


def _missing(cast: Cast) -> list[str]:
    """Pictures that would fill the holes: the missing values of all slots, put together as far as they go."""
    missing = cast.wanted.missing(cast.chosen)
    if not missing:
        return []
    columns = [[(slot, value) for value, n in values.items() for _ in range(n)] for slot, values in missing.items()]
    pictures = Counter(tuple(filter(None, row)) for row in zip_longest(*columns))
    lines = [f"    {count} x {', '.join(_phrase(*key) for key in keys)}" for keys, count in pictures.items()]
    shots = [f'"{shot}"' for shot in missing.get("shot", {}) if shot in CROPS and shot not in cast.croppable]
    remedy = "Restyle cannot invent them: add pictures"
    remedy += f", or allow crop_to_shot = [{', '.join(shots)}]" if shots else ""
    stopped = Counter(fault.why for fault in cast.faults.values() if not fault.surplus)
    limits = [f"  What the limits took away: {tally(stopped)}."] if stopped else []
    return ["  These would fill the holes:", *lines, f"  {remedy}.", *limits]


def _phrase(slot: str, value: str) -> str:
    word = vocabulary().word(slot, value)
    return word.phrase if word else value


def _uncropped(cast: Cast) -> list[str]:
    """Why full shots did not become what is missing."""
    missing = cast.wanted.missing(cast.chosen).get("shot", {})
    reasons = ((shot, why, n) for (shot, why), n in cast.refused.items() if shot in missing and why != NOT_FULL)
    return [f"  No {shot} from {n} full {'shot' if n == 1 else 'shots'}: {why}." for shot, why, n in reasons]


def _crop_line(crop: Crop) -> str:
    box, size = crop.plan.box, crop.plan.box.size
    at = f"({box.left}, {box.top})"
    return f"  {crop.sample.id}: {size.width} x {size.height} pixels at {at} of {crop.plan.sample.id}"


def _drops(faults: dict[str, Fault]) -> Iterable[str]:
    groups: dict[str, list[str]] = defaultdict(list)
    for id, fault in faults.items():
        groups[fault.rule].append(id)
    for rule, ids in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        more = f" and {len(ids) - LISTED} more" if len(ids) > LISTED else ""
        yield f"  {rule}: {len(ids)}\n    {', '.join(ids[:LISTED])}{more}"
