"""The whole way from a folder of pictures to a data set, with no host, and what came out of it in hashes.

Load Sample Set -> Describe -> Map Styles -> Restyle (painterly, another palette) -> Adjust -> Tag Features -> Write
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from random import Random

from ....models.adjusting.adjust import adjust
from ....models.adjusting.preset import parse_preset
from ....models.captioning.describe import describe
from ....models.captioning.measured import MeasuredCaptioner
from ....models.formats.plan import plan_dataset
from ....models.formats.settings import WriteSettings
from ....models.formats.write import write_dataset
from ....models.labelling.label import label
from ....models.labelling.settings import LabelSettings
from ....models.progress import Progress, silent
from ....models.restyling.drawing import RestyleSettings
from ....models.restyling.painterlystylizer import PainterlyStylizer
from ....models.restyling.palettes import named_palettes
from ....models.restyling.restyle import restyle
from ....models.samples.reading import ReadOptions, read_sample_set
from ....models.samples.sample import SampleSet
from ....models.samples.store import Store
from ....models.samples.walking import natural
from ....models.styles.library import load_library
from ....models.styles.mapping import MapSettings, map_styles

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
# Fewer than there are, so that choosing, cropping and dropping have something to decide.
WISHES = 'total = 5\nminimum_side = 64\nshots = { close-up = 2 }\ncrop_to_shot = ["close-up"]\ncrop_minimum_side = 64'
STYLIZER = PainterlyStylizer(named_palettes()["cherry idol"])
WRITTEN = WriteSettings("twice", resolution=128, repeats=2, mode="replace")
DATASET = Path("datasets", WRITTEN.name)  # below the folder that is worked in


@dataclass(frozen=True)
class InBatches(MeasuredCaptioner):
    """The measured captioner, handed so many pictures at once; 0 = as many as it wants."""

    size: int = 0

    @property
    def batch(self) -> int:
        return self.size or super().batch


def made(
    samples: Path, work: Path, batch: int = 0, order: Random | None = None, progress: Progress = silent
) -> dict[str, str]:
    """The data set made of `samples` below `work`, where the store is, too: SHA-256 by file, and of what is told.

    `batch`: the captioner's. `order`: the stages before the writing get the samples shuffled, each anew.
    """
    store = Store(work / "store")
    read = _shuffled(read_sample_set(samples, ReadOptions(), progress), order)
    described = _shuffled(describe(read, InBatches(batch), store, progress=progress), order)
    mapped = map_styles(described, load_library(), MapSettings(axis="auto"))
    restyled = restyle(_shuffled(mapped.sample_set, order), STYLIZER, RestyleSettings(seed=11), store, progress)
    adjusted = adjust(_shuffled(restyled.sample_set, order), parse_preset(WISHES), store, progress=progress)
    tagged = label(_shuffled(adjusted.sample_set, order), LabelSettings("{character}_trp"), progress=progress)
    plan = plan_dataset(_sorted(tagged.sample_set), WRITTEN)
    written = write_dataset(plan, work / DATASET.parent, progress=progress, now=WHEN)
    told = {"the mapping": mapped.style_map.digest, "what was written": written.report}
    return digests(written.folder) | {name: _digest(text.encode()) for name, text in told.items()}


def digests(folder: Path) -> dict[str, str]:
    """By path below `folder`."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): _digest(p.read_bytes()) for p in files}


def differences(first: dict[str, str], second: dict[str, str]) -> list[str]:
    """Names of what is not the same in both, or only in one."""
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _shuffled(found: SampleSet, order: Random | None) -> SampleSet:
    return replace(found, samples=tuple(order.sample(found.samples, len(found)))) if order else found


def _sorted(found: SampleSet) -> SampleSet:
    """As a folder is read: the numbers in a data set follow the order of its samples, which is the reader's."""
    samples = sorted(found.samples, key=lambda s: natural(s.id))
    return SampleSet(tuple(samples), tuple(sorted(found.rejected, key=lambda r: natural(r.id))))
