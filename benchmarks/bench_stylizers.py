"""Sampler Stylizer beside the host's VAEEncode, KSampler and VAEDecode; Diffusers Stylizer beside the bare pipeline.

Models with random weights, as small as host and diffusers accept: what ours adds to a picture weighs most there. Both
sides draw the same picture to the bit from texts that are encoded already. Turn about, the best of each counts.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from runner.rows import ROOT, row, the_pack, turn_about

the_pack()
from alias import alias  # noqa: E402

alias("support", ROOT / "tests" / "support")
alias("devkit", ROOT / "scripts" / "devkit")

SIDE, STEPS, ROUNDS = 256, 8, 3
GOAL = 1.05
SEED = 7


def rows() -> list[dict]:
    """Needs the development environment: the host, diffusers and a tokenizer of the host's."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from devkit import hosts, hostsource, places

    folder = hosts.existing(os.environ) or hostsource.ready_host(places.home())
    with tempfile.TemporaryDirectory() as scratch:
        return [sampler(folder, Path(scratch)), pipeline(folder, Path(scratch))]


def sampler(folder: Path, scratch: Path) -> dict:
    from support import hostmodels, inprocess

    inprocess.boot(folder, scratch / "base")
    import torch

    import nodes
    from troupe.nodes.backends.sampling import SamplerSettings, SamplerStylizer

    path = hostmodels.checkpoint(scratch / "base" / "models" / "checkpoints" / "tiny.ckpt", folder)
    model, _, vae = nodes.CheckpointLoaderSimple().load_checkpoint(path.name)
    stylizer = SamplerStylizer(model, hostmodels.small_clip(), vae, SamplerSettings(STEPS, 2.0))
    prepared, request = stylizer.prepare([]), a_request()
    texts = [stylizer.encoded(text) for text in prepared.words(request.sample)]

    def theirs():
        with torch.inference_mode():
            latent = nodes.VAEEncode().encode(vae, request.picture.rgb.unsqueeze(0))[0]
            latent = nodes.KSampler().sample(model, SEED, STEPS, 2.0, "euler", "normal", *texts, latent, 0.6)[0]
            return nodes.VAEDecode().decode(vae, latent)[0][0]

    return compared(f"Sampler Stylizer, {SIDE} px, {STEPS} steps", lambda: prepared.restyle(request), theirs)


def pipeline(folder: Path, scratch: Path) -> dict:
    import torch

    from support import pipelines
    from troupe.models.restyling.diffusing.settings import DrawingSettings, Files
    from troupe.models.restyling.diffusing.stylizer import DiffusersStylizer

    made = pipelines.save_pipeline("sd15", scratch / "sd15", folder)
    stylizer = DiffusersStylizer(Files(made), DrawingSettings(STEPS, 3.0))
    prepared, request = stylizer.prepare([]), a_request()
    words = prepared._described(request.sample)
    image = request.picture.rgb.permute(2, 0, 1).unsqueeze(0)

    def theirs():
        with torch.inference_mode():
            drawn = stylizer.pipeline(
                prompt=words.positive, negative_prompt=words.negative, image=image, strength=0.6, guidance_scale=3.0,
                num_inference_steps=STEPS, generator=torch.Generator().manual_seed(SEED), output_type="pt",
            )  # fmt: skip
        return drawn.images[0].permute(1, 2, 0)

    return compared(f"Diffusers Stylizer, {SIDE} px, {STEPS} steps", lambda: prepared.restyle(request), theirs)


def a_request():
    import torch

    from troupe.models.pixels import Picture
    from troupe.models.restyling.protocol import Request
    from troupe.models.samples.sample import ImageFile, Sample, StylePair, SubStyle

    style = StylePair(SubStyle("ink", "Ink", "墨", "ink", "ink drawing", "photo"))
    rgb = torch.rand(SIDE, SIDE, 3, generator=torch.Generator().manual_seed(0))
    return Request(Picture(rgb), Sample("a/p", "a", ImageFile("p", "d", SIDE, SIDE), style=style), style, SEED)


def compared(name: str, ours: Callable, theirs: Callable) -> dict:
    import torch

    same = torch.equal(ours(), theirs())
    a, b = turn_about(ours, theirs, rounds=ROUNDS)
    note = "limit: the bare model; " + ("the same picture to the bit" if same else "the pictures differ")
    return row(name, a, "s", limit=b, goal=f"<= {GOAL:g}x", met=same and a <= GOAL * b, note=note)


if __name__ == "__main__":
    for each in rows():
        print(each)
