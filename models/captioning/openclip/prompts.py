"""What a CLIP model is asked about a picture: phrases for the values of the vocabulary's slots, kept as data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from ...errors import TroupeError
from ...vocabulary import vocabulary

# one: the values exclude each other. any: each is there or not, whatever the others are.
Kind = Literal["one", "any"]


@dataclass(frozen=True)
class Group:
    """`values[i]` of `slot` is what `phrases[i]` say; `rest`: what a picture shows in which none of them holds.
    `threshold`, and `sigmoid` for a model with a bias: the probability that counts as half sure."""

    slot: str
    kind: Kind
    values: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    rest: tuple[str, ...]
    threshold: float
    sigmoid: float


@dataclass(frozen=True)
class Prompts:
    """`templates` hold one `{}` for a phrase."""

    templates: tuple[str, ...]
    groups: tuple[Group, ...]

    @property
    def digest(self) -> str:
        """Names every word and number of it."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """The phrases behind each row of the text matrix: of every group the values, then each of its rest alone."""
        return tuple(line for g in self.groups for line in (*g.phrases, *((r,) for r in g.rest)))


@lru_cache(maxsize=1)
def shipped_prompts() -> Prompts:
    return read_prompts(Path(__file__).parent / "prompts.json")


def read_prompts(path: Path) -> Prompts:
    """Raises `TroupeError` that names the file and what is wrong in it."""
    try:
        return _prompts(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = f"{type(error).__name__}: {error}"
        remedy = f"{why}. Take models/captioning/openclip/prompts.json of Troupe as an example."
        raise TroupeError("These prompts cannot be used", item=path.name, remedy=remedy) from error


def _prompts(data: Mapping) -> Prompts:
    templates = tuple(data["templates"])
    if not templates or any(t.count("{}") != 1 for t in templates):
        raise ValueError("every template needs one {}")
    groups = tuple(_group(entry, data["threshold"]) for entry in data["groups"])
    if len({group.slot for group in groups}) < len(groups):
        raise ValueError("every slot is asked for once")
    return Prompts(templates, groups)


def _group(entry: Mapping, usual: Mapping[str, float]) -> Group:
    slot, kind = entry["slot"], entry["kind"]
    known = {word.value for word in vocabulary().values(slot)}
    if strange := [value for value in entry["values"] if value not in known]:
        raise ValueError(f"{slot} has no value {strange[0]!r} in the vocabulary")
    if kind not in ("one", "any") or kind == "any" and vocabulary().slot(slot).exclusive:
        raise ValueError(f"{slot} cannot be asked as {kind!r}: a picture has one value of it at most")
    rest = tuple(entry["unclear" if kind == "one" else "against"])
    if not (rest and entry["values"]) or "" in rest or not all(entry["values"].values()):
        raise ValueError(f"{slot} needs phrases for every value and for the rest")
    thresholds = (entry.get("threshold", usual[kind]), entry.get("sigmoid", usual["sigmoid"]))
    if not all(0 < t < 1 for t in thresholds):
        raise ValueError(f"{slot}: thresholds lie between 0 and 1")
    values = tuple(entry["values"])
    return Group(slot, kind, values, tuple(map(tuple, entry["values"].values())), rest, *thresholds)
