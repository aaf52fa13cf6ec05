"""The formats that a data set can be written in."""

from __future__ import annotations

from ..errors import TroupeError
from .aitoolkit import AiToolkit
from .comfyui import ComfyUI
from .diffusionpipe import DiffusionPipe
from .huggingface import HuggingFace
from .kohya import Kohya
from .kohyafinetuning import KohyaMetadata
from .musubi import Musubi
from .onetrainer import OneTrainer
from .protocol import Format
from .simpletuner import SimpleTuner
from .webdataset import WebDataset

# To add one: a file like kohya.py, and an entry here and in menu.py, in the same order. A folder is taken for the first
# that recognises it, so those that look at configuration files stand before those that look at names alone.
FORMATS: tuple[Format, ...] = (
    Kohya(),
    KohyaMetadata(),
    HuggingFace(),
    Musubi(),
    OneTrainer(),
    AiToolkit(),
    SimpleTuner(),
    DiffusionPipe(),
    ComfyUI(),
    WebDataset(),
)


def find_format(id: str) -> Format:
    for format in FORMATS:
        if format.id == id:
            return format
    choices = ", ".join(f.id for f in FORMATS)
    raise TroupeError("Unknown data set format", item=repr(id), remedy=f"Choose one of: {choices}.")
