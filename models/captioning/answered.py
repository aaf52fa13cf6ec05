"""What a captioner answered, held to what captioners promise: anybody may write one, and its mistakes are its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from numbers import Real
from typing import get_args

from ..errors import TroupeError
from ..samples.sample import Feature, Origin
from .protocol import Captioner, Observation

ROUNDING = 1e-3  # of a share that was added up in half precision


def observations_of(answer: object, captioner: Captioner, count: int) -> Sequence[Observation]:
    """`answer` to `count` pictures, with plain numbers. Raises `TroupeError` for what is no observation each."""
    if not isinstance(answer, Sequence) or len(answer) != count:
        given = len(answer) if isinstance(answer, Sequence) else type(answer).__name__
        raise _fault(captioner, f"The captioner answered for {given} of {count} pictures")
    try:
        return [_observation(a) for a in answer]
    except (AttributeError, TypeError, ValueError) as error:
        raise _fault(captioner, f"The captioner gave an answer that is no observation ({error})") from error


def _observation(answer: Observation) -> Observation:
    if isinstance(answer.keywords, str):
        raise TypeError("one text where keywords belong")
    texts = (answer.sentence, getattr(answer, "note", ""), *answer.keywords)
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"{text!r} where text belongs")
    return Observation(tuple(_features(answer)), texts[0], tuple(answer.keywords), texts[1])


def _features(answer: Observation) -> Iterator[Feature]:
    for f in answer.features:
        if not (isinstance(f.slot, str) and isinstance(f.value, str) and f.origin in get_args(Origin)):
            raise TypeError(f"{f.slot!r} = {f.value!r} by {f.origin!r}")
        if not isinstance(f.confidence, Real) or not -ROUNDING <= f.confidence <= 1 + ROUNDING:
            raise TypeError(f"{f.slot} with the confidence {f.confidence!r}")
        sure, measure = min(max(float(f.confidence), 0.0), 1.0), getattr(f, "measure", None)
        yield Feature(f.slot, f.value, f.origin, sure, None if measure is None else float(measure))


def _fault(captioner: Captioner, what: str) -> TroupeError:
    return TroupeError(what, item=captioner.identity, remedy="This is a fault of the captioner; choose another one.")
