"""A CoCa model writes the sentence itself: a small one, taught two sentences, says them of the right pictures."""

import pytest
import torch

from troupe.models.captioning.openclip.captioner import OpenCLIPCaptioner
from troupe.models.captioning.openclip.clip import load
from troupe.models.captioning.openclip.sources import from_folder
from troupe.models.captioning.openclip.writing import as_sentence, write_sentences
from troupe.models.pixels import Picture

open_clip = pytest.importorskip("open_clip", reason="the package open_clip_torch is not installed")

from support import tinyclip  # noqa: E402

COCA = tinyclip.FAMILIES["CoCa"]
RED, BLUE = torch.zeros(32, 32, 3), torch.zeros(32, 32, 3)
RED[..., 0], BLUE[..., 2] = 0.8, 0.8
SAID = ("a girl in a red forest", "a boy on a blue beach")
TOKENS = open_clip.SimpleTokenizer(context_length=24)
MARKS = TOKENS.sot_token_id, TOKENS.eot_token_id


@pytest.fixture(scope="module")
def captioner(tmp_path_factory):
    """Taught as CoCa is: cross-entropy on the next word, the word before it given."""
    model = tinyclip.fresh_model(COCA)
    images = torch.stack([RED, BLUE]).permute(0, 3, 1, 2).sub(0.5).div(0.5)  # BHWC -> BCHW
    text = TOKENS(list(SAID))[:, :10]
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    for _ in range(60):
        out = model(images, text)
        loss = torch.nn.functional.cross_entropy(out["logits"].flatten(0, 1), out["labels"].flatten(), ignore_index=0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    folder = tinyclip.save_folder(tmp_path_factory.mktemp("coca") / "coca", model.eval(), COCA)
    return OpenCLIPCaptioner(load(from_folder(folder)))


def test_it_says_what_it_was_taught(captioner):
    seen = captioner.observe([Picture(p) for p in (RED, BLUE, RED)], ())
    assert [o.sentence for o in seen] == [
        "A girl in a red forest.",
        "A boy on a blue beach.",
        "A girl in a red forest.",
    ]


def test_a_sentence_is_the_same_alone_and_beside_others(captioner):
    pictures = [Picture(p) for p in (RED, BLUE)]
    together = captioner.observe(pictures, ())
    assert [captioner.observe([p], ())[0] for p in pictures] == together


def test_it_is_the_slow_obvious_way(captioner):
    """Every word from a whole forward pass, image and all."""
    model, image = captioner.clip.model, torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    text = torch.tensor([[MARKS[0]]])
    with torch.no_grad():
        while text.shape[1] < 24 and (text.shape[1] == 1 or text[0, -1] != MARKS[1]):
            logits = model(image, text, output_labels=False)["logits"][0, -1]
            logits[MARKS[0]] = -torch.inf
            text = torch.cat([text, logits.argmax()[None, None]], 1)
        seen = model(image)
        ours = write_sentences(model, seen["image_features"], seen["image_embs"], MARKS)
    assert ours.tolist() == text.tolist()


@pytest.mark.parametrize(("words", "sentence"), [("a girl .", ""), ("", ""), ("a girl in rain .", "A girl in rain.")])
def test_too_few_words_are_no_sentence(words, sentence):
    row = torch.tensor([MARKS[0], *TOKENS.encode(words), MARKS[1], MARKS[1]])
    assert as_sentence(row, MARKS, TOKENS.decode) == sentence


def test_vectors_come_from_the_same_look(captioner):
    images = [Picture(RED), Picture(BLUE)]
    vectors = captioner.embed(images)
    assert vectors.shape == (2, 32) and torch.allclose(vectors.norm(dim=1), torch.ones(2), atol=1e-5)
