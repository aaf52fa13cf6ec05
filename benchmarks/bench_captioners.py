"""How fast the OpenCLIP Captioner is, beside the bare forward pass of its image tower and of its text tower."""

from __future__ import annotations

import statistics
import time

from runner.rows import row, the_pack

ARCHITECTURE = "ViT-B-32"  # what most people have; random weights take as long as trained ones
BATCH = 8
SIZE = (1024, 768)
RUNS = 3
SENTENCES = 32
GOAL = 0.9


def rows() -> list[dict]:
    the_pack()
    import torch

    torch.set_num_threads(1)
    with torch.inference_mode():
        clip = _clip()
        return [_pictures(clip), _sentences(clip)]


def _clip():
    import open_clip

    from troupe.models.captioning.openclip.building import built
    from troupe.models.captioning.openclip.clip import Clip
    from troupe.models.captioning.openclip.preparing import Preprocess
    from troupe.models.captioning.openclip.prompts import shipped_prompts

    model = built(open_clip.get_model_config(ARCHITECTURE), ARCHITECTURE, allow_download=False).eval()
    tokenize, prompts = open_clip.SimpleTokenizer(), shipped_prompts()
    return Clip(model, tokenize, Preprocess.of({}), prompts, ARCHITECTURE, ARCHITECTURE, "random")


def _pictures(clip) -> dict:
    """Everything from decoded pictures to features, the prompts' vectors being there."""
    import torch

    from troupe.models.captioning.openclip.captioner import OpenCLIPCaptioner
    from troupe.models.pixels import Picture

    chance = torch.Generator().manual_seed(0)
    pictures = [Picture(torch.rand(SIZE[1], SIZE[0], 3, generator=chance)) for _ in range(BATCH)]
    batch = torch.randn(BATCH, 3, clip.side.height, clip.side.width, generator=chance)
    captioner = OpenCLIPCaptioner(clip, BATCH)
    ours = BATCH / _median(lambda: captioner.observe(pictures, ()))
    bare = BATCH / _median(lambda: clip.model.encode_image(batch))
    note = f"batch {BATCH}, {SIZE[0]} x {SIZE[1]}, one thread, fp32; CPU time, median of {RUNS}; prompts encoded before"
    name = f"OpenCLIP Captioner, {ARCHITECTURE}, beside its bare image tower"
    return row(name, ours, "pictures/s", limit=bare, goal=f">= {GOAL:g}x", met=ours / bare >= GOAL, note=note)


def _sentences(clip) -> dict:
    from troupe.models.captioning.openclip.trimming import encode_text

    tokens = clip.tokenize([f"a drawing of {line[0]}" for line in clip.prompts.lines][:SENTENCES])
    ours = SENTENCES / _median(lambda: encode_text(clip.model, tokens))
    bare = SENTENCES / _median(lambda: clip.model.encode_text(tokens, normalize=True))
    note = f"{SENTENCES} prompts, the same vectors to 1e-6; once for a model, then from the store"
    return row("encoding prompts without their padding", ours, "sentences/s", peer=bare, note="peer: with it; " + note)


def _median(work) -> float:
    work()
    spent = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return statistics.median(spent)


if __name__ == "__main__":
    for row in rows():
        print(row)
