"""Load Sample Set: a folder of pictures of characters becomes a sample set (A1)."""

from __future__ import annotations

from comfy_api.latest import io

from ..models.errors import TroupeError
from ..models.picturefiles import parse_colour
from .bridge import OWN_SAMPLES, HostProgress, check, image_batch, input_folder, shown
from .sockets import report_out, samples_out


class LoadSampleSet(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        from ..models.samples.options import CAPTIONS, LAYOUTS

        return io.Schema(
            node_id="TroupeLoadSampleSet",
            display_name="Load Sample Set",
            category="Troupe/1 Load",
            has_intermediate_output=True,
            description="Reads the pictures of one or more characters with what is known about each: view angle, "
            "action, shot size, captions. Broken pictures are set aside with a reason.",
            search_aliases=["load images from folder", "dataset", "character", "lora", "troupe", "样本集", "加载"],
            inputs=[
                io.String.Input(
                    "folder",
                    default=OWN_SAMPLES,
                    tooltip="A folder below ComfyUI's input folder, or a full path. One sub-folder per character, or "
                    f'the pictures of one character. "{OWN_SAMPLES}" are the two characters that come with Troupe.',
                ),
                io.Combo.Input(
                    "layout",
                    options=list(LAYOUTS),
                    default="auto",
                    tooltip="Whether sub-folders are characters. Auto: yes when the folder itself holds no picture.",
                ),
                io.String.Input(
                    "character",
                    default="",
                    tooltip="Several characters: read only these (comma-separated; empty reads all). "
                    "One character: its name (empty takes the folder's name).",
                ),
                io.String.Input(
                    "background",
                    default="#ffffff",
                    tooltip='Colour laid under transparent pixels, e.g. "white" or "#808080".',
                    advanced=True,
                ),
                io.Combo.Input(
                    "captions",
                    options=list(CAPTIONS),
                    default="as written",
                    tooltip="Caption files beside the pictures: keep them as your own words, or do not read them.",
                    advanced=True,
                ),
            ],
            outputs=[
                samples_out("The pictures with what is known about them, in natural order."),
                io.Image.Output(display_name="coverage", tooltip="What is there and what is missing, as a picture."),
                report_out("Coverage as text, warnings, and pictures that were set aside."),
            ],
        )

    @classmethod
    def validate_inputs(cls, folder=OWN_SAMPLES):
        # A linked input arrives as None and is checked when it runs.
        return check(input_folder, folder) if folder is not None else True

    @classmethod
    def fingerprint_inputs(cls, folder=None, **_):
        from ..models.samples.reading import folder_fingerprint

        try:
            return folder_fingerprint(input_folder(folder or ""))
        except TroupeError as error:
            return str(error)

    @classmethod
    def execute(cls, folder, layout, character, background, captions):
        from ..models.samples.coverage import coverage_text
        from ..models.samples.coveragepicture import coverage_picture
        from ..models.samples.reading import ReadOptions, read_sample_set

        parse_colour(background)
        progress = HostProgress()
        options = ReadOptions(layout=layout, character=character, background=background, captions=captions)
        samples = read_sample_set(input_folder(folder), options, progress)
        picture = image_batch(coverage_picture(samples))
        progress.finish(f"{len(samples)} pictures, {len(samples.rejected)} set aside")
        facts = {"stage": "load", "samples": len(samples), "rejected": len(samples.rejected)}
        return io.NodeOutput(samples, picture, coverage_text(samples), ui=shown(facts, picture, cls=cls))
