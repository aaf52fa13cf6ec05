"""Review Samples: a person keeps, drops and corrects in a table that Notepad and Excel open."""

from __future__ import annotations

from pathlib import Path

import folder_paths
from comfy_api.latest import io
from PIL import Image

from ..models.errors import TroupeError
from .bridge import HostProgress, check, deletions, image_batch, shown
from .sockets import report_out, samples_in, samples_out

# Sheets that are loaded to be shown and handed on; the others lie beside the table.
MOST_SHEETS = 4


class ReviewSamples(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="TroupeReviewSamples",
            display_name="Review Samples",
            category="Troupe/4 Adjust and Tag",
            is_output_node=True,
            description="Writes a table of the pictures and a numbered contact sheet. Edit the table by hand (keep or "
            "drop, caption, features), save it, run again: what you wrote counts, and no later step overwrites it.",
            search_aliases=["curate", "keep or drop", "edit captions", "csv", "excel", "troupe", "审阅", "挑选"],
            inputs=[
                samples_in("A set to look through: before Tag Features to correct what is counted, after it to correct "
                "the final captions."),
                io.String.Input(
                    "name",
                    default="review",
                    tooltip="Of the table, user/troupe/reviews/NAME.csv. Give every set its own.",
                ),
            ],
            outputs=[
                samples_out("What you kept, with your words. What you dropped travels with it."),
                io.Image.Output(
                    display_name="sheets",
                    is_output_list=True,
                    tooltip="Contact sheets, four at most; all lie beside the table, whose lines they are numbered by.",
                ),
                report_out("Where the table is, and what you changed."),
            ],
        )  # fmt: skip

    @classmethod
    def validate_inputs(cls, name=""):
        from ..models.reviewing.reviewfile import Place, check_name, read_review

        if name is None:  # a linked input is checked when it runs
            return True
        named = check(check_name, name)
        return named if named is not True else check(read_review, Place(reviews_folder(), name))

    @classmethod
    def fingerprint_inputs(cls, name=None, **_):
        from ..models.reviewing.review import review_fingerprint

        if not name:
            return ""
        try:
            said = review_fingerprint(reviews_folder(), name)
            return deletions(reviews_folder() / f"{name}.csv") + said
        except TroupeError as error:
            return str(error)

    @classmethod
    def execute(cls, samples, name):
        from ..models.reviewing.report import review_report, review_words
        from ..models.reviewing.review import review

        progress = HostProgress()
        reviewed = review(samples, reviews_folder(), name, progress)
        progress.finish(review_words(reviewed))
        sheets = [image_batch(Image.open(path)) for path in reviewed.sheets[:MOST_SHEETS]]
        facts = {
            "stage": "review",
            "samples": len(reviewed.sample_set),
            "dropped": reviewed.dropped,
            "edited": reviewed.edited,
            "file": str(reviewed.table),
            "sheets": [str(path) for path in reviewed.sheets],
        }
        return io.NodeOutput(reviewed.sample_set, sheets, review_report(reviewed), ui=shown(facts, *sheets, cls=cls))


def reviews_folder() -> Path:
    """Beside the store, where the user's settings are: a person's work outlives every output folder."""
    return Path(folder_paths.get_user_directory()) / "troupe" / "reviews"
