"""A configuration is text and back, and one that this version does not know is refused in plain words."""

import json

import pytest

from troupe.models.compositing.checkpoint import Story
from troupe.models.compositing.config import PRESETS, ModelConfig, preset
from troupe.models.compositing.modelreport import model_report
from troupe.models.errors import TroupeError


@pytest.mark.parametrize("config", PRESETS, ids=lambda config: config.preset)
def test_a_preset_is_text_and_back(config):
    assert ModelConfig.from_json(config.as_json()) == config
    assert preset(config.preset) is config


def test_settings_that_a_checkpoint_lacks_have_their_usual_values():
    assert ModelConfig.from_json("{}") == ModelConfig()


@pytest.mark.parametrize(
    "text, told",
    [
        (json.dumps({"preset": "tiny", "depth": 7, "warp": 1}), "unknown: depth, warp"),
        ("[1, 2]", "another version"),
        ("{", "another version"),
    ],
)
def test_what_this_version_does_not_know_is_refused(text, told):
    with pytest.raises(TroupeError, match=told):
        ModelConfig.from_json(text)


def test_a_preset_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(TroupeError, match="huge.*tiny, small, sd15-inpaint"):
        preset("huge")


def test_the_report_says_sizes_training_and_figures():
    said = model_report(preset("tiny"), Story(1200, "converged", (("held-out -log p of the true cell", 5.4321),)))
    for part in ("tiny", "128 x 128", "64 x 64", "1200 steps", "converged", "held-out -log p of the true cell: 5.432"):
        assert part in said
    assert "unknown" in model_report(preset("tiny"), Story())
