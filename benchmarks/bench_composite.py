"""Putting a cut-out into a background, beside OpenCV's seamlessClone; finding its place, beside a pass for every scale.

Carrying: what is left of compositing once the field is known. The cut-out covers half of each side, its alpha is a
disc with a soft edge, and there is light on every pixel of the window, which at this size is the whole picture: the
worst case. seamlessClone (NORMAL_CLONE) solves its equation in the same box. Turn about, the best of each counts.

Places: our position network says all places and 16 scales at once. The peer works as FOPA (Niu et al. 2022) does: the
background and the cut-out, rescaled into a 256 px canvas, go through a ResNet-18 each, and a decoder with shortcuts
makes two maps of 256 x 256, once for each of 16 scales. It has random weights and FOPA's cost, not FOPA's code.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from runner.rows import row, the_pack, turn_about

the_pack()

SIZES = {"1K": (1024, 1024), "4K": (3840, 2160)}
ROUNDS, SCALES, CANVAS = 5, 16, 256
GOAL, GOAL_PLACE = 2.0, 0.15


def rows() -> list[dict]:
    """Needs OpenCV and torchvision, which only the development environment has."""
    import torch

    with torch.inference_mode():
        return [found for name in SIZES for found in carrying(name)] + [place(), denoising(), *map(whole, SIZES)]


def carrying(name: str) -> list[dict]:
    import cv2

    from troupe.models.compositing.composing.carry import carry

    scene, cut_out, box, field, window, view = pictures(*SIZES[name])
    target = (scene * 255).byte().numpy()
    source, mask = (cut_out[..., :3] * 255).byte().numpy(), (cut_out[..., 3] * 255).byte().numpy()
    centre = (target.shape[1] // 2, target.shape[0] // 2)

    def ours() -> None:
        carry(scene, cut_out, box, field, window, view=view)

    def theirs() -> None:
        cv2.seamlessClone(source, target, mask, centre, cv2.NORMAL_CLONE)

    a, b, limit = turn_about(ours, theirs, scene.clone, rounds=ROUNDS + 1)
    spent = "CPU time {:.2f} s beside {:.2f} s".format(*(cpu_seconds(work) for work in (ours, theirs)))
    note = f"peer: cv2.seamlessClone; {spent}; limit: copying the picture in memory"
    if name != "4K":
        return [row(f"carry to {name}", a, "s", peer=b, limit=limit, note=note)]
    mine, others = (peak_mb(work) for work in (ours, theirs))
    said = "beyond the inputs, with the results; peer in 8 bits"
    return [
        row("carry to 4K", a, "s", peer=b, limit=limit, goal=f"<= {GOAL:g}x", met=a <= GOAL * b, note=note),
        row("carry to 4K, memory", mine, "MB", peer=others, note=said),
    ]


def pictures(width: int, height: int):
    """A scene, a cut-out that needs no scaling, its box, a field with light everywhere, and what goes with them."""
    import torch

    from troupe.models.compositing.composing.predict import window_around
    from troupe.models.compositing.field import to_field
    from troupe.models.compositing.grid import Frame
    from troupe.models.compositing.seeing import size_of, view_of

    chance = torch.Generator().manual_seed(1)
    scene = torch.rand((height, width, 3), generator=chance)
    cut_out = torch.rand((height // 2, width // 2, 4), generator=chance)
    y, x = torch.meshgrid(*(torch.linspace(-1, 1, n // 2) for n in (height, width)), indexing="ij")
    cut_out[..., 3] = ((0.98 - torch.hypot(x, y)) * 40).clamp(0, 1)
    box = Frame(width / 4, height / 4, width * 3 / 4, height * 3 / 4)
    window = window_around(box, size_of(scene))
    view = view_of(scene, cut_out, box, window, torch.zeros(1, 64, 64), 64)
    ramp = torch.linspace(-0.5, -0.2, 64).expand(1, 3, 64, 64)
    return scene, cut_out, box, to_field(ramp, torch.full((1, 1, 64, 64), 0.1))[0], window, view


def place() -> dict:
    import torch

    from troupe.models.compositing.placing.predict import predict_positions

    model, peer = tiny_model(), per_scale_network().eval()
    scene, cut_out = torch.rand(768, 1024, 3), torch.rand(400, 300, 4)
    canvas, things = torch.rand(1, 3, CANVAS, CANVAS), torch.rand(SCALES, 1, 4, CANVAS, CANVAS)

    def ours() -> None:
        predict_positions(model, scene, cut_out)

    def theirs() -> None:
        for thing in things:  # its canvases are ready: scaling the cut-out is not counted
            peer(canvas, thing)

    a, b = turn_about(ours, theirs, rounds=2)
    millions = sum(p.numel() for p in peer.parameters()) / 1e6
    note = f"with box and confidence; peer: two ResNet-18 and a decoder ({millions:.0f} M) for each of {SCALES} scales"
    return row("places for a pair", a, "s", peer=b, goal=f"<= {GOAL_PLACE:g} s", met=a <= GOAL_PLACE, note=note)


def per_scale_network():
    """The peer: encoders of ResNet-18, decoder with shortcuts from the background's encoder."""
    import torch
    import torch.nn.functional as F
    from torch import nn
    from torchvision.models import resnet18

    def encoder(channels: int) -> nn.ModuleList:
        net = resnet18(weights=None)
        net.conv1 = nn.Conv2d(channels, 64, 7, 2, 3, bias=False)
        first = nn.Sequential(net.conv1, net.bn1, net.relu)
        return nn.ModuleList([first, nn.Sequential(net.maxpool, net.layer1), net.layer2, net.layer3, net.layer4])

    class PerScale(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scene, self.thing = encoder(3), encoder(4)
            widths = ((1024 + 256, 256), (256 + 128, 128), (128 + 64, 64), (64 + 64, 64))
            self.up = nn.ModuleList(
                nn.Sequential(nn.Conv2d(i, o, 3, 1, 1), nn.BatchNorm2d(o), nn.ReLU()) for i, o in widths
            )
            self.last = nn.Conv2d(64, 2, 3, 1, 1)

        def forward(self, scene, thing):
            skips = []
            for ours, theirs in zip(self.scene, self.thing, strict=True):
                scene, thing = ours(scene), theirs(thing)
                skips.append(scene)
            x = torch.cat([scene, thing], 1)
            for up, skip in zip(self.up, reversed(skips[:-1]), strict=True):
                x = up(torch.cat([F.interpolate(x, scale_factor=2.0), skip], 1))
            return self.last(F.interpolate(x, scale_factor=2.0))

    return PerScale()


def denoising() -> dict:
    """A network without training takes as long as a trained one."""
    import torch

    from troupe.models.compositing.composing.predict import predict_field
    from troupe.models.compositing.composing.settings import ComposeSettings

    model, settings = tiny_model(), ComposeSettings()
    scene, cut_out, box, *_ = pictures(*SIZES["4K"])
    place = located(model, scene, cut_out)
    (ours,) = turn_about(lambda: predict_field(model, scene, cut_out, box, place, settings), rounds=4)
    threads = torch.get_num_threads()
    note = f"preset tiny, {threads} threads, with its view of a 4K picture"
    return row(f"denoising, steps: {settings.steps}", ours, "s", note=note)


def whole(name: str) -> dict:
    from troupe.models.compositing.composing.compose import compose
    from troupe.models.compositing.composing.settings import ComposeSettings

    model, settings = tiny_model(), ComposeSettings()
    scene, cut_out, box, *_ = pictures(*SIZES[name])

    def ours() -> None:
        compose(model, scene, cut_out, box, located(model, scene, cut_out), settings)

    (everything,) = turn_about(ours, rounds=4)
    return row(f"whole composite at {name}", everything, "s", note="place, denoising, plausibility, carrying")


def tiny_model():
    from troupe.models.compositing.config import preset
    from troupe.models.compositing.model import fresh_model

    return fresh_model(preset("tiny")).eval()


def located(model, scene, cut_out):
    from troupe.models.compositing.locating import located_in

    return located_in(model, scene, cut_out)


def cpu_seconds(work: Callable[[], object]) -> float:
    """Of all threads: what other work on the machine does to it is little."""
    start = time.process_time()
    work()
    return time.process_time() - start


def peak_mb(work: Callable[[], object]) -> float | None:
    """What the process holds at most during `work` beyond what it held before; None where Linux is not there to say."""
    if not os.path.exists("/proc/self/clear_refs"):
        return None
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before = _status("VmRSS")
    work()
    return (_status("VmHWM") - before) / 1024


def _status(name: str) -> int:
    """In kB."""
    return int(re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())[1])


if __name__ == "__main__":
    for each in rows():
        print(each)
