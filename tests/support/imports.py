"""What a source file imports and calls, read from its syntax tree, for the tests of the import rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Import:
    """`module`: dotted, from the repository's root where `relative`. `eager`: it happens when the file is imported."""

    line: int
    module: str
    relative: bool
    eager: bool

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]


def imports_of(tree: ast.Module, path: Path) -> Iterator[Import]:
    """Every import of the file at `path` (relative to the root); those for type checkers alone are not eager."""
    lazy = {id(inner) for node in ast.walk(tree) if _is_lazy(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        eager = id(node) not in lazy
        if isinstance(node, ast.Import):
            for name in node.names:
                yield Import(node.lineno, name.name, False, eager)
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                yield Import(node.lineno, _module(node, name.name, path), node.level > 0, eager)


def _module(node: ast.ImportFrom, name: str, path: Path) -> str:
    """`from ..samples import store` in models/restyling/a.py is models.samples.store."""
    base = list(path.parent.parts)
    kept = base[: len(base) - (node.level - 1)] if node.level else []
    # The name may be a module or something in one; either way the first parts say which package is meant.
    return ".".join([*kept, *(node.module.split(".") if node.module else []), name])


def _is_lazy(node: ast.AST) -> bool:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        return True
    return isinstance(node, ast.If) and dotted(node.test).rpartition(".")[2] == "TYPE_CHECKING"


def uses_of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every name and attribute: `torch.manual_seed`, `eval`, `x.cuda`."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Attribute, ast.Name)):
            yield node.lineno, dotted(node)


def dotted(node: ast.AST) -> str:
    """`a.b.c`; what is no name, such as the call in `f(x).cuda`, becomes an empty part."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
