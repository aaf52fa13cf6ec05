"""The trained open_clip model as Check Consistency's eyes: a figure with other hair among the hero's pictures is found."""

from random import Random

import pytest

from support import tinyclip
from troupe.models.adjusting.consistency.checking import check_consistency
from troupe.models.adjusting.consistency.report import consistency_report
from troupe.models.captioning.openclip.captioner import OpenCLIPCaptioner
from troupe.models.embedding import embedder_in
from troupe.models.picturefiles import file_digest
from troupe.models.samples.sample import Feature, ImageFile, Sample, SampleSet
from troupe.models.samples.store import Store

HERO = {"hair.colour": "pink", "clothes.head": frozenset(), "accessory": frozenset()}
STRANGERS = ("black", "green", "blue")


@pytest.fixture(scope="module")
def captioner(trained_clip):
    return OpenCLIPCaptioner(trained_clip)


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    """`gallery(count, hair, seed)`: one figure in all views and shots, in one place."""
    folder = tmp_path_factory.mktemp("gallery")

    def drawn(count, hair, seed):
        random, samples = Random(seed), []
        for n in range(count):
            angle, shot = ("front", "side", "back")[n % 3], ("close-up", "medium", "full")[n // 3 % 3]
            facts = {**HERO, "hair.colour": hair, "angle": angle, "shot": shot, "place": "room"}
            path = folder / f"{hair}_{seed}_{n}.png"
            tinyclip.draw(facts, random, 96).save(path)
            views = (Feature("angle", angle, "person"), Feature("shot", shot, "person"))
            image = ImageFile(str(path), file_digest(path), 96, 96)
            samples.append(Sample(f"hero/{hair}_{n}", "hero", image, features=views))
        return tuple(samples)

    return drawn


def test_the_captioner_offers_embeddings(captioner):
    assert embedder_in(captioner) is captioner
    assert embedder_in(object()) is None


@pytest.mark.parametrize("hair", STRANGERS)
def test_a_figure_with_other_hair_is_found_in_every_view(captioner, gallery, tmp_path, hair):
    """Nine strangers, one at a time, each in another view, among 27 pictures of the hero."""
    hero, strangers, store = gallery(27, "pink", 1), gallery(9, hair, 2), Store(tmp_path)
    found = []
    for stranger in strangers:
        checked = check_consistency(SampleSet((*hero, stranger)), captioner, store, mode="reject outliers")
        found.append(stranger.id in {r.id for r in checked.sample_set.rejected})
    assert sum(found) >= 8, found
    assert consistency_report(checked).startswith("Compared by embeddings of open_clip.")


def test_one_figure_in_all_views_is_one_character(captioner, gallery, tmp_path):
    checked = check_consistency(SampleSet(gallery(27, "pink", 3)), captioner, Store(tmp_path))
    assert checked.outliers <= 1
