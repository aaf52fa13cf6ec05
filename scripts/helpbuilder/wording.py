"""The few words that the builder itself writes on a page, in each language."""

from __future__ import annotations

from typing import NamedTuple


class Wording(NamedTuple):
    """Braces stand for what is filled in."""

    language: str
    inputs: str
    outputs: str
    found: str
    mistakes: str
    optional: str
    advanced: str
    text: str
    lines: str
    wired: str
    switch: str
    on: str
    off: str
    choices: str
    from_machine: str
    range: str
    at_least: str
    step: str
    default: str
    list: str
    between: str
    choice: str
    nothing: str


ENGLISH = Wording(
    language="en",
    inputs="Inputs",
    outputs="Outputs",
    found="In the node menu: {}",
    mistakes="Common mistakes",
    optional="optional",
    advanced="advanced",
    text="text",
    lines="text, several lines",
    wired="from another node",
    switch="{} or {}",
    on="on",
    off="off",
    choices="one of: {}",
    from_machine="what is on this machine",
    range="{} to {}",
    at_least="{} or more",
    step=" in steps of {}",
    default="default {}",
    list="a list",
    between="; ",
    choice=" · ",
    nothing="None.",
)

CHINESE = Wording(
    language="zh",
    inputs="输入",
    outputs="输出",
    found="节点菜单位置：{}",
    mistakes="常见错误",
    optional="可选",
    advanced="高级",
    text="文本",
    lines="多行文本",
    wired="由其他节点连入",
    switch="{} 或 {}",
    on="开",
    off="关",
    choices="可选值：{}",
    from_machine="本机上已有的选项",
    range="{} 到 {}",
    at_least="不小于 {}",
    step="，步长 {}",
    default="默认 {}",
    list="列表",
    between="；",
    choice=" · ",
    nothing="无。",
)
