"""Whether a value that came out of a file is what its class says, down to the last text and number."""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, Literal, Union

Test = Callable[[Any], bool]


def fits(value: Any, hint: Any) -> bool:
    """`hint`: a dataclass, `str`, `int`, `float`, `bool`, `None`, or tuple, `Literal` and union of such.

    A number is finite, an int is a float, too, and a bool is neither.
    """
    return _test(hint)(value)


@cache
def _test(hint: Any) -> Test:
    """Made once for each hint: asking `typing` for every value takes longer than reading it."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if dataclasses.is_dataclass(hint):
        return _of_dataclass(hint)
    if origin is tuple:
        return _of_tuple(arguments)
    if origin in (Union, types.UnionType):
        tests = [_test(inner) for inner in arguments]
        return lambda value: any(test(value) for test in tests)
    if origin is Literal:
        return lambda value: value in arguments
    if hint is float:
        return lambda value: type(value) in (int, float) and math.isfinite(value)
    return lambda value: type(value) is hint


def _of_dataclass(kind: type) -> Test:
    hints = typing.get_type_hints(kind)
    members = [(attrgetter(name), inner) for name, inner in hints.items()]
    tests: list[tuple[Callable, Test]] = []

    def test(value: Any) -> bool:
        if type(value) is not kind:
            return False
        if not tests:  # not before: a sample holds a sample
            tests.extend((get, _test(inner)) for get, inner in members)
        return all(fits_it(get(value)) for get, fits_it in tests)

    return test


def _of_tuple(arguments: tuple) -> Test:
    if arguments[1:] == (...,):
        each = _test(arguments[0])
        return lambda value: type(value) is tuple and all(map(each, value))
    tests = [_test(inner) for inner in arguments]
    return lambda value: (
        type(value) is tuple
        and len(value) == len(tests)
        and all(test(item) for test, item in zip(tests, value, strict=True))
    )
