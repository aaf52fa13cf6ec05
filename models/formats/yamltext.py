"""YAML read as plain data, and only where it stays about as small as it is written."""

from __future__ import annotations

from typing import Any

from ..samples.sidecars import BadText

# A job of ai-toolkit has some kB; the parser, in Python, reads about 100 kB a second.
LARGEST = 1 << 18
# With aliases and merge keys a few lines unfold into milliards of values ("billion laughs").
MOST_PARTS = 100_000


def yaml_data(text: str) -> Any:
    """Raises `BadText` for what is broken, too large, or would be too large once it is unfolded."""
    import yaml

    if len(text) > LARGEST:
        raise BadText(f"its YAML is larger than {LARGEST >> 10} kB")
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is not None and _parts(node, {}) > MOST_PARTS:
            raise BadText("its YAML unfolds to too many values")
        return None if node is None else loader.construct_document(node)
    except BadText:
        raise
    except Exception as error:  # tagged values (`!!timestamp x`) raise whatever their constructors stumble over
        raise BadText("broken YAML") from error


def _parts(node: Any, known: dict[int, float]) -> float:
    """How many values `node` is once every alias stands for a copy; infinite where one holds itself."""
    if id(node) not in known:
        known[id(node)] = float("inf")
        inside = node.value if isinstance(node.value, list) else ()
        flat = (part for item in inside for part in (item if isinstance(item, tuple) else (item,)))
        known[id(node)] = 1 + sum(_parts(part, known) for part in flat)
    return known[id(node)]
