"""The small open_clip model that the captioner's tests share; it is trained once, for about half a minute."""

import pytest


@pytest.fixture(scope="session")
def trained_folder(tmp_path_factory):
    pytest.importorskip("open_clip", reason="the package open_clip_torch is not installed")
    from support import tinyclip

    return tinyclip.save_folder(tmp_path_factory.mktemp("open_clip") / "tiny", tinyclip.trained_model())


@pytest.fixture(scope="session")
def trained_clip(trained_folder):
    from troupe.models.captioning.openclip.clip import load
    from troupe.models.captioning.openclip.sources import from_folder

    return load(from_folder(trained_folder))
