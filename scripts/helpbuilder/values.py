"""Given an input or an output, one line on what it takes or gives: kind, range, choices, default."""

from __future__ import annotations

from .described import Input, Output
from .markdown import plain
from .wording import Wording

WIDGETS = ("INT", "FLOAT", "STRING", "BOOLEAN", "COMBO")
ENDLESS = 2**53  # a limit beyond it is that of the number's storage


def input_line(input: Input, say: Wording) -> str:
    """Markdown."""
    parts = _taken(input, say)
    parts += [say.optional] * input.optional + [say.advanced] * bool(input.options.get("advanced"))
    return say.between.join(parts)


def output_line(output: Output, say: Wording) -> str:
    return say.between.join([plain(output.type), *[say.list] * output.is_list])


def _taken(input: Input, say: Wording) -> list[str]:
    options = input.options
    if input.type not in WIDGETS:
        return [plain(input.type)]
    if options.get("forceInput"):
        return [plain(input.type), *[say.wired] * (input.type == "STRING")]
    kind, default = _kind_and_default(input, say)
    return [kind, *([say.default.format(default)] if default else [])]


def _kind_and_default(input: Input, say: Wording) -> tuple[str, str]:
    default = input.options.get("default")
    if input.type == "STRING":
        return say.lines if input.options.get("multiline") else say.text, plain(default)
    if input.type == "BOOLEAN":
        on, off = input.options.get("label_on") or say.on, input.options.get("label_off") or say.off
        return say.switch.format(on, off), on if default else off
    if input.type == "COMBO":
        if input.choices is None:
            return say.from_machine, ""
        return say.choices.format(say.choice.join(map(plain, input.choices))), plain(default or input.choices[0])
    return _range(input.options, say), _figure(default)


def _range(options: dict, say: Wording) -> str:
    low, high, step = options["min"], options["max"], options.get("step")
    if high >= ENDLESS:
        return say.at_least.format(_figure(low))
    shown = say.range.format(_figure(low), _figure(high))
    return shown + (say.step.format(_figure(step)) if step and step != 1 else "")


def _figure(value: float) -> str:
    """Without exponent: 0.0000001."""
    return f"{value:.10f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
