"""Things that change together are an outfit: constant in some pictures, different in others, always in the caption."""

OUTFITS = (
    "clothes.top=hanfu clothes.shoes=sandals accessory=umbrella",
    "clothes.top=armour clothes.shoes=boots accessory=sword",
)


def dressed(picture, n=20, extra=""):
    return [picture(f"{i:02}", f"{OUTFITS[i % 2]} hair.colour=silver {extra}") for i in range(n)]


def test_what_is_worn_together_is_an_outfit_and_stays_in_captions(picture, tagged, decision):
    labelled = tagged(dressed(picture))
    for tag in ("hanfu", "sandals", "umbrella", "armor", "boots", "sword"):
        assert decision(labelled, tag).decision == "outfit", tag
    assert decision(labelled, "silver hair").decision == "target"
    captions = [s.labels.caption for s in labelled.sample_set.samples[:2]]
    assert captions == ["mira_x, hanfu, sandals, umbrella", "mira_x, armor, boots, sword"]


def test_the_report_names_the_outfits(picture, tagged):
    report = tagged(dressed(picture)).report
    assert "outfit of about 10 pictures: hanfu, sandals, umbrella" in report
    assert "outfit of about 10 pictures: armor, boots, sword" in report


def test_an_outfit_is_found_though_close_ups_hide_half_of_it(picture, tagged, decision):
    samples = [picture(f"f{i:02}", OUTFITS[i % 2]) for i in range(12)]
    samples += [picture(f"c{i:02}", f"{OUTFITS[i % 2].split()[0]} shot=close-up") for i in range(12)]
    labelled = tagged(samples)
    assert [decision(labelled, t).decision for t in ("hanfu", "sandals", "boots")] == ["outfit"] * 3


def test_what_comes_and_goes_by_itself_is_no_outfit(picture, tagged, decision):
    """A bag in every third picture, whatever is worn."""
    samples = [picture(f"{i:02}", f"{OUTFITS[i % 2]} {'accessory=bag' if i % 3 == 0 else ''}") for i in range(24)]
    assert decision(tagged(samples), "bag").decision == "kept"


def test_what_goes_a_little_better_with_one_outfit_is_not_part_of_it(picture, tagged, decision):
    """A bag with 8 of 12 hanfu pictures and 4 of 12 in armour: a correlation of one third."""
    samples = [
        picture(f"{i:02}", OUTFITS[i % 2] + (" accessory=bag" if i % 6 in ((0, 2), (1,))[i % 2] else ""))
        for i in range(24)
    ]
    found = decision(tagged(samples), "bag")
    assert (found.agree, found.decision) == (12, "kept")


def test_a_shirt_under_a_jacket_is_no_second_outfit(picture, tagged, decision):
    worn = ("clothes.top=shirt", "clothes.top=shirt clothes.top=jacket", "clothes.top=jacket")
    labelled = tagged([picture(f"{i:02}", worn[i % 3]) for i in range(18)])
    assert [decision(labelled, t).decision for t in ("shirt", "jacket")] == ["kept"] * 2


def test_dresses_that_replace_each_other_are_outfits_of_one_piece(picture, tagged, decision):
    tops = ("dress", "kimono", "sweater")
    labelled = tagged([picture(f"{i:02}", f"clothes.top={tops[i % 3]}") for i in range(12)])
    assert [decision(labelled, t).decision for t in tops] == ["outfit"] * 3


def test_one_picture_in_a_bathrobe_is_an_exception(picture, tagged, decision):
    samples = [*dressed(picture, 8), picture("bath", "clothes.top=robe hair.colour=silver")]
    assert decision(tagged(samples), "robe").decision == "kept"


def test_the_only_outfit_of_a_set_is_learned_with_the_character_unless_kept(picture, tagged, decision):
    samples = [picture(f"{i:02}", OUTFITS[0]) for i in range(12)]
    assert decision(tagged(samples), "hanfu").decision == "target"
    kept = tagged(samples, always_keep="slot:clothes.*")
    assert (decision(kept, "hanfu").decision, decision(kept, "umbrella").decision) == ("kept", "target")
