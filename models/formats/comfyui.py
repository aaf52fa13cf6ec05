"""Data sets for the host's own nodes: Load Image-Text (from Folder), Make Training Dataset, Train LoRA.

    mira/
      train/12_trgx girl/0001_front-walk.png     the node is pointed at train/
      train/12_trgx girl/0001_front-walk.txt
      masks/12_trgx girl/0001_front-walk.png     outside train/: any other folder there is read as pictures too
      manifest.json  README.txt

The rules are those of comfy_extras/nodes_dataset.py of ComfyUI 0.30. The node looks for a caption by replacing every
occurrence of the picture's suffix in its whole path, which is why no name here has a dot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..geometry import Size
from ..samples.sample import Rejection
from .buckets import Fit, centred
from .entries import Entries
from .entry import Entry
from .folders import captions_beside, files_in
from .foreign import folder_name, folder_repeats, stem_name
from .found import FoundPicture, Words
from .menu import COMFYUI
from .planned import Files, PlannedPicture, Subset
from .protocol import TextFile
from .readme import readme
from .settings import WriteSettings
from .tree import Tree

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
# VAE.vae_encode_crop_pixels: what is beyond a multiple of the VAE's scale is cut away, half on each side.
STEP = 8


class ComfyUI:
    """Folders whose names begin with the repeats, one caption file a picture, and nothing else."""

    id, label, summary, takes_pairs = COMFYUI
    counts_repeats = True
    knows_head = False
    cuts_tokens = False
    own_buckets = False
    packing = unpacking = None

    def files(self, subset: Subset, stem: str, suffix: str) -> Files:
        return files_in(f"{subset.repeats}_{subset.label}", subset, stem, suffix)

    def lists(self, entries: Entries, settings: WriteSettings) -> Iterator[TextFile]:
        yield readme(self.notes(settings, bool(entries.summary.masks)))

    def captions(self, folder: Path, entries: Sequence[Entry]) -> dict[str, str]:
        return captions_beside(folder, entries)

    def look(self, size: Size, settings: WriteSettings) -> Fit:
        """The host has no buckets unless a node makes them: pictures keep their sizes."""
        return centred(size, Size(*(side - side % STEP for side in size)))

    def warnings(self, picture: PlannedPicture, seen: Fit) -> tuple[str, ...]:
        return ()

    def notes(self, settings: WriteSettings, masked: bool) -> tuple[str, ...]:
        notes = [
            "Load LoRA Dataset reads it where it is. Or move it into ComfyUI's input folder and choose its train/ in"
            " Load Image-Text (from Folder).",
            "The path of the input folder must not contain the suffix of the pictures, or no caption is found.",
            "Every repeat is held in memory as a picture of its own.",
            "Pictures are trained at their own sizes, one in a step. Leave batch_size at 1: ComfyUI 0.30 gives every"
            " picture of a larger batch the captions of all of them. Use grad_accumulation_steps instead.",
            "The trigger word is in every caption; the host adds none.",
        ]
        if masked:
            notes.append("The host's training knows no masks; masks/ has them for other programs.")
        return tuple(notes)

    def detect(self, tree: Tree) -> bool:
        return any(tree.caption(f) for above in ("train", "") for folder in _folders(tree, above) for f in folder[1])

    def read(self, tree: Tree) -> Iterator[FoundPicture | Rejection]:
        """What the node reads of train/ where there are pictures in it, else of the folder itself."""
        for folder, files in next(filter(None, (_folders(tree, above) for above in ("train", ""))), []):
            masks = tree.masks_of(folder)
            for file in files:
                words = tree.caption(file) or Words(notes=("no caption file: the trainer takes an empty caption",))
                mask, repeats = masks.get(stem_name(file), ""), folder_repeats(folder) or 1
                yield FoundPicture(file, words.text, mask, folder_name(folder), repeats, notes=words.notes)


def _folders(tree: Tree, above: str) -> list[tuple[str, list[str]]]:
    """The pictures in `above` itself and one level below, where there are some; masks are no training pictures."""
    inside = (f for f in tree.folders(above) if f.rpartition("/")[2] != "masks")
    found = ((folder, tree.pictures(folder, SUFFIXES)) for folder in (above, *inside))
    return [(folder, files) for folder, files in found if files]
