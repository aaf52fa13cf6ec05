"""A person's review: what they wrote counts and survives whatever becomes of the set."""

from dataclasses import replace

import pytest
from PIL import Image

from troupe.models.errors import TroupeError
from troupe.models.reviewing.merging import GONE
from troupe.models.reviewing.report import review_report
from troupe.models.reviewing.review import review, review_fingerprint
from troupe.models.samples.sample import Description, Feature, Labels, SampleSet


def without(samples, *numbers):
    return replace(samples, samples=tuple(s for i, s in enumerate(samples.samples) if i not in numbers))


def said_anew(samples, text):
    """The set after another captioner."""
    return samples.mapped(lambda s: replace(s, description=Description(f"{text} {s.id}")))


def prints(desk):
    return review_fingerprint(desk.folder, "mine")


# Laws


def test_a_fresh_review_keeps_everything_and_changes_nothing(desk, samples):
    assert desk.review(samples).sample_set == samples


def test_the_table_has_a_line_for_each_picture_in_the_sets_order(desk, samples):
    desk.review(samples)
    lines = desk.text.split("\r\n")
    assert lines[0] == "keep,picture,caption,angle,action,shot,expression"
    assert [line.split(",")[1] for line in lines[1:-1]] == [s.id for s in samples.samples]


def test_twice_is_once(desk, samples):
    first = desk.review(samples)
    desk.edit("keep,mira/side", "drop,mira/side")
    second = desk.review(samples)
    before = {path: path.read_bytes() for path in desk.folder.iterdir()}
    third = desk.review(samples)
    assert second.sample_set == third.sample_set != first.sample_set
    assert {path: path.read_bytes() for path in desk.folder.iterdir()} == before


@pytest.mark.parametrize("word", ("DROP", "剔除"))  # the second one is what the Chinese pages call it
def test_what_is_dropped_travels_with_its_reason_and_line(word, desk, samples):
    desk.review(samples)
    number = next(n for n in range(2, 6) if "side_walk" in desk.line(n))
    desk.edit("keep,mira/side", f"{word},mira/side")
    reviewed = desk.review(samples).sample_set
    (rejection,) = reviewed.rejected
    assert (rejection.stage, rejection.reason) == ("review", f"dropped in review (line {number})")
    assert rejection.sample.id == "mira/side_walk_02" and len(reviewed) == 3


def test_a_persons_words_win_and_stay_theirs(desk, samples):
    desk.review(samples)
    desk.edit('"A girl, ""mira"", mira/back_run_03.",back,run,', '"Mira, ""flying"" 飞",side,playing the lute,')
    (sample,) = (s for s in desk.review(samples).sample_set.samples if s.id == "mira/back_run_03")
    assert ", ".join(sample.description.own_keywords) == 'Mira, "flying" 飞'
    assert sample.feature("angle") == Feature("angle", "side", "person")
    assert sample.feature("action") == Feature("action", "playing the lute", "person")
    later = sample.with_features([Feature("angle", "front", "captioner"), Feature("action", "sit", "captioner")])
    assert (later.value("angle"), later.value("action")) == ("side", "playing the lute")


def test_after_tag_features_the_caption_that_is_written_is_edited(desk, samples):
    tagged = samples.mapped(lambda s: replace(s, labels=Labels("mira_trp", ("hair",), ("run",), f"mira_trp, {s.id}")))
    desk.review(tagged)
    desk.edit("mira_trp, mira/side_walk_02", "mira_trp, walking in the rain")
    (sample,) = (s for s in desk.review(tagged).sample_set.samples if s.id == "mira/side_walk_02")
    assert sample.labels == Labels("mira_trp", ("hair",), ("run",), "mira_trp, walking in the rain", "person")
    assert sample.description == next(s for s in samples.samples if s.id == sample.id).description


def test_tag_features_keeps_a_reviewed_caption_to_the_letter(desk, samples):
    from troupe.models.labelling.label import label
    from troupe.models.labelling.settings import LabelSettings

    desk.review(samples)
    desk.edit('A girl, ""mira"", mira/side_walk_02.', "walking in the rain at night, alone")
    reviewed = desk.review(samples).sample_set
    (sample,) = (
        s for s in label(reviewed, LabelSettings("mira_trp")).sample_set.samples if s.id == "mira/side_walk_02"
    )
    assert sample.labels.caption.endswith("walking in the rain at night, alone") and sample.labels.origin == "person"


def test_a_dash_takes_a_feature_away_and_an_emptied_cell_gives_it_back(desk, samples):
    desk.review(samples)
    desk.edit(",side,walk,", ",-,walk,")
    of = {s.id: s for s in desk.review(samples).sample_set.samples}
    assert of["mira/side_walk_02"].feature("angle") is None
    desk.edit(",-,walk,", ",,walk,")
    assert desk.review(samples).sample_set == samples
    assert ",side,walk," in desk.text


# Merging


def test_machine_words_are_renewed_and_a_persons_are_not(desk, samples):
    desk.review(samples)
    desk.edit('A girl, ""mira"", mira/side_walk_02.', "mine, all mine")
    desk.review(said_anew(samples, "A boy"))
    assert "mine, all mine" in desk.text
    assert "A girl" not in desk.text
    assert desk.text.count("A boy") == 3


def test_new_pictures_come_after_the_old_ones_whose_lines_do_not_move(desk, samples):
    desk.review(without(samples, 0))
    old = desk.text.split("\r\n")[1:-1]
    reviewed = desk.review(samples)
    assert desk.text.split("\r\n")[1:4] == old and samples.samples[0].id in desk.line(5)
    assert reviewed.new == 1 and "1 picture new" in review_report(reviewed)
    assert reviewed.sample_set == samples  # the set keeps its own order


def test_what_was_written_about_pictures_that_are_gone_is_kept_and_counts_when_they_return(desk, samples):
    desk.review(samples)
    desk.edit("keep,mira/side", "drop,mira/side")
    desk.edit('A girl, ""mira"", mira/front_run_01.', "my words")
    gone = [i for i, s in enumerate(samples.samples) if "back" not in s.id]
    reviewed = desk.review(without(samples, *gone))
    lines = desk.text.split("\r\n")
    assert lines[2] == f'"{GONE}"' if "," in GONE else GONE
    assert "米拉" not in desk.text  # nobody had written there
    assert {e.picture for e in reviewed.gone} == {"mira/side_walk_02", "mira/front_run_01"}
    before = desk.text
    desk.review(without(samples, *gone))
    assert desk.text == before
    back = desk.review(samples)
    assert GONE not in desk.text and "my words" in desk.text
    assert [r.id for r in back.sample_set.rejected] == ["mira/side_walk_02"]


def test_a_persons_notes_columns_and_order_stay(desk, samples):
    desk.review(samples)
    head, *rest = desk.text.rstrip("\r\n").split("\r\n")
    rows = [f"{row},note {n}" for n, row in enumerate(reversed(rest))]
    desk.write("\r\n".join(["# from me, to me", f"{head},my notes", rows[0], "# the bad ones", *rows[1:], "# bye"]))
    reviewed = desk.review(said_anew(samples, "A boy"))
    lines = desk.text.rstrip("\r\n").split("\r\n")
    assert (lines[0], lines[3], lines[-1]) == ('"# from me, to me"', "# the bad ones", "# bye")
    notes = [line.rpartition(",")[2] for line in lines if "note " in line]
    assert notes == ["note 0", "note 1", "note 2", "note 3"]
    assert reviewed.unread == ("my notes",)
    assert [s.number for s in reviewed.shown] == [3, 5, 6, 7]


def test_a_column_of_another_feature_is_read(desk, samples):
    desk.review(samples)
    head, first, *rest = desk.text.rstrip("\r\n").split("\r\n")
    desk.write("\r\n".join([f"{head},hair colour", f"{first},red", *(f"{r}," for r in rest)]))
    reviewed = desk.review(samples)
    assert reviewed.shown[0].mine == ("hair.colour",)
    found = {s.id: s.feature("hair.colour") for s in reviewed.sample_set.samples}
    assert found.pop(reviewed.shown[0].sample.id) == Feature("hair.colour", "red", "person")
    assert set(found.values()) == {None}


def test_a_lost_memory_loses_no_word(desk, samples):
    desk.review(samples)
    desk.edit('A girl, ""mira"", mira/side_walk_02.', "my words")
    (desk.folder / "mine.json").unlink()
    reviewed = desk.review(said_anew(samples, "A boy"))
    assert "my words" in desk.text
    assert sum(bool(s.mine) for s in reviewed.shown) == 4  # nobody knows any more whose the others were


def test_question_marks_of_an_old_spreadsheet_are_no_edit(desk, samples):
    desk.review(samples)
    desk.write(desk.text.encode("cp1252", "replace").decode("cp1252"), encoding="cp1252")
    assert "??/front_full_04" in desk.table.read_text(encoding="cp1252")
    assert desk.review(samples).sample_set == samples
    assert "米拉" in desk.text


# Fingerprint


def test_only_a_person_changes_the_fingerprint(desk, samples):
    empty = prints(desk)
    desk.review(samples)
    assert prints(desk) == empty
    desk.edit("keep,mira/side", "drop,mira/side")
    dropped = prints(desk)
    desk.review(samples)
    assert prints(desk) == dropped != empty
    desk.review(without(samples, 0))
    assert prints(desk) == dropped


# Lines that cannot be understood

BAD = {
    "verdict": ("keep,mira/side", "kep,mira/side", '"kep" is neither keep nor drop. Write keep or drop.'),
    "angle": (",side,walk,", ",sideways,walk,", '"sideways" is no angle. Write one of: front, '),
    "two values": (",side,walk,", ',"side, back",walk,', 'A picture has one angle, not "side, back"'),
    "no picture": ("keep,mira/side_walk_02,", "keep,,", "names no picture"),
    "broken caption": ("mira/side_walk_02.", "mira/side\r\nwalk_02.", "join them"),
    "unquoted comma": (
        '"A girl, ""mira"", mira/side_walk_02."', "A girl, at, noon", "Put a caption with a comma into quotation marks",
    ),
    "dash for a caption": ('"A girl, ""mira"", mira/side_walk_02."', "-", 'The caption is "-"'),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_bad_line_is_told_by_its_number_with_what_to_write(what, desk, samples):
    desk.review(samples)
    old, new, said = BAD[what]
    number = next(n for n in range(2, 6) if "side_walk" in desk.line(n))
    desk.edit(old, new)
    before = desk.table.read_bytes()
    with pytest.raises(TroupeError) as told:
        desk.review(samples)
    lines = str(told.value).split("\n")
    assert any(line.partition("Line ")[2].startswith(f"{number}: ") for line in lines)
    assert said in str(told.value) and "mine.csv" in str(told.value)
    assert desk.table.read_bytes() == before  # nothing is written over it


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("keep,file\r\nkeep,a\r\n", 'Line 1: None of the headings is "picture"'),
        ("keep,picture,angle,view\r\n", 'Line 1: Two columns are called "angle"'),
        ("keep,picture\r\nkeep,a\r\n\r\ndrop,a\r\n", 'Line 4: "a" stands in line 2 too. Delete one.'),
        ("keep,picture\r\n" + "".join(f"no way,{i}\r\n" for i in range(30)), "And 20 more."),
    ],
)
def test_a_bad_table_is_told(text, said, desk, samples):
    desk.review(samples)
    desk.write(text)
    with pytest.raises(TroupeError) as told:
        desk.review(samples)
    assert said in str(told.value)


def test_every_bad_line_is_told_at_once(desk, samples):
    desk.review(samples)
    desk.write(desk.text.replace("keep,", "maybe,").replace("maybe,picture", "keep,picture"))
    with pytest.raises(TroupeError) as told:
        desk.review(samples)
    assert all(f"Line {n}: " in str(told.value) for n in (2, 3, 4, 5))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_unicode_file_is_read(encoding, desk, samples):
    desk.review(samples)
    desk.write(desk.text.replace("keep,米拉", "drop,米拉"), encoding)
    assert [r.id for r in desk.review(samples).sample_set.rejected] == ["米拉/front_full_04"]


def test_another_encoding_is_told_with_what_to_choose(desk, samples):
    desk.review(samples)
    desk.write(desk.text, "gb18030")
    with pytest.raises(TroupeError, match='In Excel save as "CSV UTF-8"'):
        desk.review(samples)


@pytest.mark.parametrize("name", ["", "../mine", "a/b", "con:", " x"])
def test_a_name_that_is_no_files_is_refused(name, tmp_path, samples):
    with pytest.raises(TroupeError, match="cannot be a file's"):
        review(samples, tmp_path / "reviews", name)
    assert not (tmp_path / "reviews").exists()


def test_an_empty_set_is_told(desk):
    with pytest.raises(TroupeError, match="no picture left"):
        desk.review(SampleSet())


# Sheets


def test_the_sheets_are_numbered_like_the_lines_and_old_ones_go(desk, samples, monkeypatch):
    from troupe.models.reviewing import sheets

    monkeypatch.setattr(sheets, "PER_PAGE", 3)
    reviewed = desk.review(samples)
    assert [s.number for s in reviewed.shown] == [2, 3, 4, 5]
    assert [path.name for path in reviewed.sheets] == ["mine_1.jpg", "mine_2.jpg"]
    assert all(Image.open(path).width >= 480 for path in reviewed.sheets)
    monkeypatch.setattr(sheets, "PER_PAGE", 42)
    assert [path.name for path in desk.review(samples).sheets] == ["mine_1.jpg"]
    assert not (desk.folder / "mine_2.jpg").exists()


def test_what_was_dropped_is_pale_on_the_sheet(desk, samples):
    before = Image.open(desk.review(samples).sheets[0]).convert("RGB").copy()
    desk.edit("keep,mira/side", "drop,mira/side")
    after = Image.open(desk.review(samples).sheets[0]).convert("RGB")
    assert after.size == before.size and after.tobytes() != before.tobytes()
