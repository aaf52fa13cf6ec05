"""The trained open_clip model as Check Consistency's eyes: a figure with other hair than the hero's is found."""

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

STRANGERS = (("black", ()), ("red", ()), ("blue", ()), ("green", ()), ("black", ("hat",)))


@pytest.fixture(scope="module")
def captioner(trained_clip):
    return OpenCLIPCaptioner(trained_clip)


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    """`gallery(count, hair, wears, seed)`: one figure in all views and shots, in one place."""
    folder = tmp_path_factory.mktemp("gallery")

    def drawn(count, hair, wears=(), seed=1):
        random, samples = Random(seed), []
        for n in range(count):
            angle, shot = ("front", "side", "back")[n % 3], ("close-up", "medium", "full")[n // 3 % 3]
            facts = {"hair.colour": hair, "angle": angle, "shot": shot, "place": "room"}
            worn = {"clothes.head": frozenset(wears), "accessory": frozenset()}
            path = folder / f"{hair}_{len(wears)}_{seed}_{n}.png"
            tinyclip.draw({**facts, **worn}, random, 96).save(path)
            views = (Feature("angle", angle, "person"), Feature("shot", shot, "person"))
            image = ImageFile(str(path), file_digest(path), 96, 96)
            samples.append(Sample(f"hero/{path.stem}", "hero", image, features=views))
        return tuple(samples)

    return drawn


def test_the_captioner_offers_embeddings(captioner):
    assert embedder_in(captioner) is captioner
    assert embedder_in(object()) is None


def test_other_hair_is_found_among_a_heros_pictures_and_other_hair_under_a_hat_always(captioner, gallery, tmp_path):
    """Nine pictures of each stranger, one at a time, each in another view, among 27 of the hero."""
    hero, store = gallery(27, "pink"), Store(tmp_path)
    found = {}
    for hair, wears in STRANGERS:
        for stranger in gallery(9, hair, wears, seed=2):
            checked = check_consistency(SampleSet((*hero, stranger)), captioner, store, mode="reject outliers")
            lost = {r.id for r in checked.sample_set.rejected}
            found.setdefault((hair, wears), []).append(stranger.id in lost)
    rates = {stranger: sum(hits) for stranger, hits in found.items()}
    assert rates["black", ("hat",)] == 9, rates
    assert sum(rates.values()) - 9 >= 24, rates  # of 36 with another colour of hair and nothing else
    assert consistency_report(checked).startswith("Compared by embeddings of open_clip.")


def test_one_figure_in_all_views_is_one_character(captioner, gallery, tmp_path):
    checked = check_consistency(SampleSet(gallery(27, "pink", seed=3)), captioner, Store(tmp_path))
    assert checked.outliers <= 1
