"""A workflow as a person thinks of it: nodes with their settings and wires, placed in groups, with notes.

graph = Graph("my_workflow", "What it is for")
with graph.group("1 Load", at=(0, 0)):
    load = graph.node("TroupeLoadSampleSet", "Load the pictures", at=(0, 40), folder="troupe-samples/mira")
    graph.node("PreviewAny", "Coverage", at=(0, 420), source=load["report"])
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

# Of groups; the same in all workflows, so that a person knows a stage again.
BLUE, GREEN, ORANGE, PURPLE = "#3f789e", "#4a7c59", "#a1683a", "#6b4f8a"


class Output(NamedTuple):
    """One output of one node, to be wired to an input of another."""

    node: Node
    name: str


class ModelFile(NamedTuple):
    """A file that somebody must have: its name, where it is found, and its folder below the host's models."""

    name: str
    url: str
    directory: str


@dataclass
class Node:
    """`inputs`: widget values and `Output`s by input name. `at`, `size`: pixels on the canvas."""

    id: int
    kind: str
    title: str
    at: tuple[int, int]
    size: tuple[int, int]
    inputs: dict[str, object] = field(default_factory=dict)
    needs: tuple[ModelFile, ...] = ()

    def __getitem__(self, output: str) -> Output:
        return Output(self, output)

    def needing(self, *files: ModelFile) -> Node:
        """The editor names these files, and where they are, to a person who has not got them."""
        self.needs = files
        return self


@dataclass(frozen=True)
class Note:
    """A Markdown note beside the nodes."""

    id: int
    text: str
    at: tuple[int, int]
    size: tuple[int, int]
    title: str


@dataclass
class Group:
    """A coloured frame around its nodes."""

    id: int
    title: str
    color: str
    members: list[Node | Note] = field(default_factory=list)


class Graph:
    """Nodes are numbered in the order in which they are written down, and so are wires."""

    def __init__(self, name: str, title: str) -> None:
        self.name, self.title = name, title
        self.nodes: list[Node] = []
        self.notes: list[Note] = []
        self.groups: list[Group] = []
        self._open: Group | None = None

    def node(self, kind: str, title: str, at: tuple[int, int], size: tuple[int, int] = (330, 120), **inputs) -> Node:
        made = Node(self._next_id(), kind, title, at, size, inputs)
        self.nodes.append(made)
        self._enrol(made)
        return made

    def note(self, text: str, at: tuple[int, int], size: tuple[int, int], title: str = "Read me") -> Note:
        made = Note(self._next_id(), text.strip() + "\n", at, size, title)
        self.notes.append(made)
        self._enrol(made)
        return made

    @contextmanager
    def group(self, title: str, color: str) -> Iterator[Group]:
        """Everything placed inside the `with` lies in the group's frame."""
        self._open = Group(len(self.groups) + 1, title, color)
        self.groups.append(self._open)
        yield self._open
        self._open = None

    def _enrol(self, made: Node | Note) -> None:
        if self._open is not None:
            self._open.members.append(made)

    def _next_id(self) -> int:
        return len(self.nodes) + len(self.notes) + 1
