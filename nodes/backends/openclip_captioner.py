"""OpenCLIP Captioner: a captioner on any CLIP, SigLIP or CoCa model of the open_clip package."""

from __future__ import annotations

from comfy_api.latest import io

from ..bridge import shown, store
from ..sockets import Captioner, report_out
from .hosted_clip import HUB, PATH, HostedClip, chosen_precision, model_names, model_place, place_stamp


class OpenCLIPCaptionerLoader(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeOpenCLIPCaptioner",
            display_name="OpenCLIP Captioner",
            category="Troupe/2 Describe",
            description="Compares every picture with sentences: hair, clothes, view, shot, action, expression, place. "
            "Works with CLIP and SigLIP models; CoCa models also write a sentence. Needs the package open_clip_torch.",
            search_aliases=["clip", "siglip", "coca", "zero-shot tagger", "interrogate", "troupe", "反推", "打标"],
            inputs=[
                io.Combo.Input(
                    "model",
                    options=model_names(),
                    tooltip=f'Folders and .safetensors files in models/open_clip. "{HUB}" takes architecture and tag, '
                    f'"{PATH}" the path below.',
                ),
                io.String.Input(
                    "architecture",
                    default="",
                    tooltip="As open_clip calls it, e.g. ViT-L-14; or owner/name of a hub repository. Empty: told by "
                    "the weights and the file's name. OpenAI's own weights want a name that ends in -quickgelu.",
                ),
                io.Combo.Input(
                    "precision",
                    options=["auto", "fp32", "fp16", "bf16"],
                    default="auto",
                    tooltip="auto: half precision on a GPU, fp32 on a processor. bf16 doubles the speed of processors "
                    "that know it.",
                ),
                io.Int.Input(
                    "batch_size",
                    default=16,
                    min=1,
                    max=256,
                    tooltip="Pictures looked at together (1 to 256). Lower it when memory runs out.",
                ),
                io.Float.Input(
                    "strictness",
                    default=0.0,
                    min=-5.0,
                    max=5.0,
                    step=0.1,
                    tooltip="0 = as designed. Higher says less and is surer, lower says more (-5 to 5).",
                ),
                io.Boolean.Input(
                    "allow_download",
                    default=False,
                    tooltip="Off: nothing is fetched. On: what is missing comes from the Hugging Face hub: 0.6 GB for "
                    "ViT-B-32, 1.7 GB for ViT-L-14, 3.9 GB for ViT-H-14, 10.2 GB for ViT-bigG-14.",
                ),
                io.String.Input(
                    "tag",
                    default="",
                    tooltip=f'With "{HUB}": which weights of the architecture, e.g. laion2b_s34b_b79k.',
                    optional=True,
                    advanced=True,
                ),
                io.String.Input(
                    "path",
                    default="",
                    tooltip=f'With "{PATH}": a folder with open_clip_config.json or a .safetensors file.',
                    optional=True,
                    advanced=True,
                ),
            ],
            outputs=[
                Captioner.Output(display_name="captioner", tooltip="Who looks at the pictures; wire it to Describe."),
                report_out("Architecture, size and what the model will be asked."),
            ],
        )

    @classmethod
    def fingerprint_inputs(cls, model, path="", **_):
        return place_stamp(model, path)

    @classmethod
    def execute(cls, model, architecture, precision, batch_size, strictness, allow_download, tag="", path=""):
        from ...models.captioning.openclip.captioner import OpenCLIPCaptioner
        from ...models.captioning.openclip.clip import load
        from ...models.captioning.openclip.sources import from_hub, from_place
        from ...models.captioning.openclip.summary import clip_report

        place = model_place(model, path)
        source = from_place(place, architecture) if place else from_hub(architecture, tag, allow_download)
        clip = load(source, chosen_precision(precision), allow_download)
        captioner = OpenCLIPCaptioner(clip, batch_size, strictness, store(), HostedClip(clip.model))
        facts = {"stage": "load open_clip", "model": clip.name, "architecture": clip.architecture}
        return io.NodeOutput(captioner, clip_report(clip), ui=shown(facts))
