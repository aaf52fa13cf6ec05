"""A character's pictures belong together: pooled tones and palette, new colours that are the same in all of them."""

from pathlib import Path

import pytest
import torch
from PIL import Image

from troupe.models.pixels import from_pillow
from troupe.models.restyling.painterly import (
    CharacterPalette,
    LookSettings,
    SetStatistics,
    analyse,
    plan_recolouring,
    pool_statistics,
    recolour,
    stylize,
    stylize_regions,
    tiles,
)
from troupe.models.restyling.painterly.colour import oklab
from troupe.models.restyling.painterly.dyeing import redyed
from troupe.models.restyling.painterly.palette import Material, is_skin
from troupe.models.restyling.painterly.shares import material_shares

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"

SKIN, HAIR, DRESS = (0.96, 0.82, 0.73), (0.22, 0.33, 0.76), (0.76, 0.15, 0.22)
WALLS = [(0.93, 0.92, 0.88), (0.10, 0.12, 0.16), (0.45, 0.62, 0.38), (0.62, 0.60, 0.64)]
NEW = CharacterPalette("Mint", ("#f1c9b4", "#1f9e86", "#e0a52e"))


def figure(wall, height=120, width=96):
    """Hair, face with eyes and a dress with a fold of shade and a dark outline, before a wall; picture and mask."""
    y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    picture, mask = torch.tensor(wall).expand(height, width, 3).clone(), torch.zeros(height, width)

    def oval(cx, cy, rx, ry, colour):
        nonlocal picture, mask
        inside = ((1 - torch.hypot((x - cx) / rx, (y - cy) / ry)) * min(rx, ry) + 0.5).clamp(0, 1)
        picture = torch.lerp(picture, torch.tensor(colour), inside[..., None])
        mask = torch.maximum(mask, inside)

    oval(48, 122, 33, 51, (0.06, 0.05, 0.07))
    oval(48, 122, 31, 49, DRESS)
    oval(48, 128, 14, 40, tuple(0.7 * c for c in DRESS))
    oval(48, 46, 33, 35, HAIR)
    oval(48, 52, 22, 25, SKIN)
    for cx in (40, 56):
        oval(cx, 52, 3.5, 5, (0.98, 0.98, 0.98))
        oval(cx, 52, 2.0, 3.5, (0.08, 0.07, 0.10))
    return picture, mask


SET = [figure(wall) for wall in WALLS]
STATISTICS = pool_statistics(SET)


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def lab_at(picture, y, x, r=2):
    return oklab(picture[y - r : y + r + 1, x - r : x + r + 1].permute(2, 0, 1)[None])[0].mean((1, 2))


AT = {"hair": (16, 48), "skin": (66, 48), "dress": (104, 28), "fold": (108, 48)}

# statistics


def test_statistics_do_not_depend_on_order_and_survive_json():
    assert pool_statistics(reversed(SET)) == STATISTICS
    assert SetStatistics.from_json(STATISTICS.to_json()) == STATISTICS


def test_statistics_stream_and_stay_small():
    def many():
        for _ in range(40):
            yield torch.rand(64, 64, 3), None

    assert len(pool_statistics(many()).to_json()) < 5000


def test_tones_rise_and_weights_are_shares():
    assert list(STATISTICS.tones) == sorted(STATISTICS.tones)
    assert sum(c.weight for c in STATISTICS.clusters) == pytest.approx(1, abs=0.01)
    assert STATISTICS.pictures == 4


def test_the_character_is_told_from_its_walls():
    for cluster in STATISTICS.clusters:
        for colour, own in [(HAIR, True), (DRESS, True), *((wall, False) for wall in WALLS)]:
            lab = oklab(torch.tensor(colour).view(1, 3, 1, 1)).flatten()
            if (lab - torch.tensor(cluster.lab)).norm() < 0.02:
                assert (cluster.subject > 0.6) is own, (colour, cluster)


def test_an_empty_set_and_a_wrong_mask_are_refused():
    with pytest.raises(ValueError, match="no pictures"):
        pool_statistics([])
    with pytest.raises(ValueError, match="does not fit"):
        pool_statistics([(torch.rand(8, 8, 3), torch.ones(4, 4))])


@pytest.mark.parametrize("look", ["ink_wash", "anime_cel", "watercolour", "gongbi", "poster"])
def test_hair_is_one_colour_before_every_wall(look):
    """Measured per picture, blue hair became black before a light wall and white before a dark one."""
    settings = LookSettings(look, texture=0.0)
    hair = [lab_at(stylize(p, settings, statistics=STATISTICS, seed=1), *AT["hair"]) for p, _ in SET]
    spread = max((a - b).norm() for a in hair for b in hair)
    assert spread < 0.05, f"{look}: hair differs by {spread:.3f}"


def test_per_picture_statistics_would_break_that():
    settings = LookSettings("ink_wash", texture=0.0)
    hair = [
        lab_at(stylize(p, settings, statistics=pool_statistics([(p, None)]), seed=1), *AT["hair"]) for p, _ in SET[:2]
    ]
    assert (hair[0] - hair[1]).norm() > 0.06


# new colours


def test_a_palette_says_what_is_wrong_with_it():
    with pytest.raises(ValueError, match="2 colours; 3 to 12"):
        CharacterPalette("Two", ("#000000", "#ffffff"))
    with pytest.raises(ValueError, match="'red' is not a colour"):
        CharacterPalette("Words", ("red", "#ffffff", "#000000"))


@pytest.mark.parametrize("part", ["hair", "dress"])
def test_a_material_gets_the_same_new_colour_in_every_picture(part):
    plan = plan_recolouring(STATISTICS, NEW)
    new = [lab_at(recolour(picture, plan), *AT[part]) for picture, _ in SET]
    old = lab_at(SET[0][0], *AT[part])
    assert max((a - b).norm() for a in new for b in new) < 0.03
    assert (new[0] - old).norm() > 0.1, f"{part} did not change"
    assert min((new[0] - torch.tensor(t)).norm() for t in NEW.lab) < 0.08, (
        f"{part} is {new[0].tolist()}, not of {NEW.lab}"
    )


def test_hair_and_dress_get_different_colours():
    plan = plan_recolouring(STATISTICS, NEW)
    picture = recolour(SET[0][0], plan)
    assert (lab_at(picture, *AT["hair"]) - lab_at(picture, *AT["dress"])).norm() > 0.1


def test_walls_lines_and_eye_whites_stay():
    plan = plan_recolouring(STATISTICS, NEW)
    for picture, mask in SET:
        out = recolour(picture, plan)
        wall = mask == 0
        assert (out - picture).abs()[wall].mean() < 0.02
        for y, x in [(52, 40), (49, 40)]:  # pupil, and the white above it
            torch.testing.assert_close(out[y, x], picture[y, x], atol=0.08, rtol=0)


def test_skin_takes_the_palettes_skin_tone_and_stays_without_one():
    assert is_skin(tuple(lab_at(SET[0][0], *AT["skin"]).tolist()))
    before = lab_at(SET[0][0], *AT["skin"])
    with_tone = lab_at(recolour(SET[0][0], plan_recolouring(STATISTICS, NEW)), *AT["skin"])
    assert (with_tone - torch.tensor(NEW.lab[0])).norm() < 0.04
    without = CharacterPalette("No skin", ("#1f9e86", "#e0a52e", "#4b2d73"))
    assert (lab_at(recolour(SET[0][0], plan_recolouring(STATISTICS, without)), *AT["skin"]) - before).norm() < 0.03


def test_shade_stays_shade():
    """Lightness order within a material is kept: a power curve has no other choice."""
    plan = plan_recolouring(STATISTICS, NEW)
    out = recolour(SET[0][0], plan)
    assert lab_at(out, *AT["fold"])[0] < lab_at(out, *AT["dress"])[0] - 0.03
    ramp = torch.stack([torch.linspace(0, 1, 64), torch.full((64,), 0.05), torch.full((64,), -0.12)]).view(1, 3, 1, 64)
    for target in NEW.lab:
        assert (redyed(ramp, Material((0.45, 0.04, -0.12), target))[0, 0, 0].diff() > 0).all()


def test_no_seam_where_two_materials_meet():
    """A mixed pixel between hair and skin takes one of the two, not a third colour."""
    plan = plan_recolouring(STATISTICS, NEW)
    out = oklab(recolour(SET[0][0], plan).permute(2, 0, 1)[None])[0]
    line = out[:, 15:36, 48]  # from hair down into the face
    ends = torch.stack([line[:, 0], line[:, -1]])
    low, high = ends.amin(0)[:, None], ends.amax(0)[:, None]
    assert ((low - line).clamp(min=0) + (line - high).clamp(min=0)).max() < 0.05


@pytest.mark.parametrize("part", ["hair", "dress", "skin"])
def test_a_large_picture_is_dyed_as_a_small_one(part):
    """Shares are found on a reduced copy: the colours are the same, and so are the borders, pixel for pixel."""
    plan = plan_recolouring(STATISTICS, NEW)
    picture, mask = (enlarged(x, 4) for x in SET[0])
    out = recolour(picture, plan, mask)
    y, x = AT[part]
    assert (lab_at(out, 4 * y, 4 * x) - lab_at(recolour(SET[0][0], plan, SET[0][1]), y, x)).norm() < 0.02
    inside = lab_at(out, 4 * AT["hair"][0], 4 * AT["hair"][1])
    line = oklab(out.permute(2, 0, 1)[None])[0, :, 60:200, 192].T  # from hair down into the face
    face = lab_at(out, 4 * AT["skin"][0], 4 * AT["skin"][1])
    mixed = ((line - inside).norm(dim=1) > 0.06) & ((line - face).norm(dim=1) > 0.06)
    assert mixed.sum() <= 5, "the enlarged border is four pixels wide, and dyeing makes it no wider"


def enlarged(x, times):
    """(H, W) or (H, W, C), bilinear."""
    planes = x[None, None] if x.ndim == 2 else x.permute(2, 0, 1)[None]
    planes = torch.nn.functional.interpolate(planes, scale_factor=times, mode="bilinear")[0]
    return planes[0] if x.ndim == 2 else planes.permute(1, 2, 0)


def test_shares_are_shares_and_follow_the_picture_to_the_pixel():
    plan = plan_recolouring(STATISTICS, NEW)
    picture, _ = SET[0]
    large = enlarged(picture, 4)
    for small, whole in (material_shares(analyse(p), plan, None) for p in (picture, large)):
        for share, sure in (small, whole):
            assert share.min() >= 0 and share.sum(1).max() <= 1 + 1e-5
            assert sure.min() > 0 and sure.max() <= 1
    assert whole.share.shape[-2:] == large.shape[:2]


def test_a_picture_of_one_colour_is_dyed_or_left():
    plan = plan_recolouring(STATISTICS, NEW)
    hair = torch.tensor(HAIR).expand(40, 30, 3)
    assert recolour(hair, plan).std(dim=(0, 1)).max() < 1e-3
    assert (lab_at(recolour(hair, plan), 20, 15) - lab_at(hair, 20, 15)).norm() > 0.1


def test_amount_runs_from_nothing_to_everything():
    picture = SET[0][0]
    moved = [(recolour(picture, plan_recolouring(STATISTICS, NEW, a)) - picture).abs().mean() for a in (0.0, 0.5, 1.0)]
    assert moved[0] < 0.004 and moved[0] < moved[1] < moved[2]
    with pytest.raises(ValueError, match="amount"):
        plan_recolouring(STATISTICS, NEW, 1.5)


def test_a_mask_keeps_the_dye_on_the_subject():
    """A wall of the very colour of the hair stays when the mask says that it is a wall."""
    picture, mask = figure(HAIR)
    plan = plan_recolouring(STATISTICS, NEW)
    out = recolour(picture, plan, mask)
    assert (out - picture).abs()[mask == 0].max() < 0.03
    assert (lab_at(out, *AT["hair"]) - lab_at(picture, *AT["hair"])).norm() > 0.1


def test_looks_are_painted_in_the_new_colours():
    plan = plan_recolouring(STATISTICS, NEW)
    picture, mask = SET[0]
    settings = LookSettings("poster", texture=0.0, line=0.0)
    one = stylize(picture, settings, statistics=STATISTICS, seed=1, recolour=plan)
    assert (lab_at(one, *AT["hair"]) - lab_at(recolour(picture, plan), *AT["hair"])).norm() < 0.12
    both = stylize_regions(picture, mask, settings, settings, statistics=STATISTICS, seed=1, recolour=plan)
    assert (lab_at(both, *AT["hair"]) - lab_at(one, *AT["hair"])).norm() < 0.03


# tiles


@pytest.mark.parametrize("look", ["anime_cel", "ink_wash", "watercolour", "oil", "coloured_pencil", "toon_3d"])
def test_a_picture_in_tiles_is_the_picture_in_one_piece(look, monkeypatch):
    """Within 1/255; L0, Kuwahara, flow and saliency come from the whole picture's sketch either way."""
    picture = torch.nn.functional.interpolate(
        SET[0][0].permute(2, 0, 1)[None], size=(352, 288), mode="bicubic"
    )[0].permute(1, 2, 0).clamp(0, 1)  # fmt: skip
    settings = LookSettings(look)
    whole = stylize(picture, settings, statistics=STATISTICS, seed=4)
    monkeypatch.setattr(tiles, "TILE", 128)
    monkeypatch.setattr(tiles, "LARGE", 1000)
    tiled = stylize(picture, settings, statistics=STATISTICS, seed=4, analysis=analyse(picture))
    assert (whole - tiled).abs().max() <= 1 / 255


def test_a_pale_face_before_cream_walls_stays_a_face():
    """Pooled over whole pictures, skin and wall became one colour, and a violet palette painted violet faces."""
    mira = SAMPLES / "mira"
    pictures = [shrunk(path) for path in sorted(mira.glob("*_*.[pj]*g"))]
    plan = plan_recolouring(pool_statistics(pictures), CharacterPalette("violet", ("#4b2d6b", "#8d5bb0", "#d8b4e2")))
    rgb, mask = shrunk(next(mira.glob("*close-up_neutral*")))
    lab = oklab(rgb.permute(2, 0, 1)[None])[0]
    face = (mask > 0.99) & (lab[0] > 0.88) & (lab[1] > 0.01) & (lab[2] > 0.02)
    assert face.float().mean() > 0.05
    assert float((recolour(rgb, plan, mask) - rgb).abs().amax(-1)[face].median()) < 0.03


def shrunk(path, side=160):
    """A sample picture and its mask, `side` pixels long."""
    image = Image.open(path)
    drawn = path.parent / "masks" / f"{path.stem}.png"
    mask = Image.open(drawn).convert("L") if drawn.is_file() else image.getchannel("A")
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(image.convert("RGB"), mask=image.getchannel("A") if image.mode == "RGBA" else None)
    for part in (canvas, mask):
        part.thumbnail((side, side))
    return from_pillow(canvas), from_pillow(mask)
