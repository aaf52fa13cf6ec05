"""What cameras and programs write beside the pixels, such as where a picture was taken and by whom, ends with the
source: nothing that a node makes has it."""

import io

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from support.pictures import figure
from troupe.models.formats import FORMATS
from troupe.models.picturefiles import encode

WHO = "Jane Photographer"
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><creator>{WHO}</creator></x:xmpmeta>".encode()
# What Pillow tells of pixels and of how they were packed.
OF_PIXELS = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop", "background", "timestamp", "duration"}
SIDE = 256


def exif(image):
    tags = image.getexif()
    tags[0x013B], tags[0x0110] = WHO, "Her camera"  # artist, model
    tags.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0), 29: WHO})  # where
    return tags


def save(image, path):
    """With all that its format holds."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if path.suffix == ".jpg":
        image.save(path, exif=exif(image), xmp=XMP, comment=WHO.encode(), icc_profile=profile, quality=95)
    elif path.suffix == ".png":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", WHO)
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        image.save(path, exif=exif(image), pnginfo=text, icc_profile=profile)
    else:
        image.save(path, exif=exif(image), xmp=XMP, icc_profile=profile, lossless=True)


SUFFIXES = (".jpg", ".png", ".webp")


@pytest.fixture(scope="module")
def album(tmp_path_factory):
    """Two pictures of each format, with masks."""
    folder = tmp_path_factory.mktemp("album")
    for n, suffix in enumerate(SUFFIXES * 2):
        path = folder / f"front_stand_{n}{suffix}"
        save(figure(n, SIDE), path)
        mask = Image.new("L", (SIDE, SIDE))
        mask.paste(255, (96, 96, 160, 160))
        mask.save(folder / f"{path.stem}_mask.png")
        assert WHO.encode() in path.read_bytes()
    return folder


def things_said(data):
    """What a picture's bytes say beside its pixels."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return {*image.info} - OF_PIXELS | ({"exif"} if len(image.getexif()) else set())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_there_was_something_to_tell(album, suffix):
    (path, _) = sorted(p for p in album.glob(f"*{suffix}") if not p.stem.endswith("_mask"))
    assert {"exif", "xmp", "icc_profile"} <= things_said(path.read_bytes())


@pytest.mark.parametrize("source", SUFFIXES)
@pytest.mark.parametrize("target", SUFFIXES)
def test_a_written_picture_holds_pixels_alone(album, source, target):
    path = next(p for p in album.glob(f"*{source}") if not p.stem.endswith("_mask"))
    with Image.open(path) as image:
        image.load()
        out = io.BytesIO()
        encode(image, out, target)
        assert image.info, "the picture that was given keeps what it has"
    assert things_said(out.getvalue()) == set() and WHO.encode() not in out.getvalue()


@pytest.fixture(scope="module")
def made(host_inprocess, run, album):
    """Every file that the nodes make of the album."""
    base = host_inprocess.base
    before = {p for p in base.rglob("*") if p.is_file()}
    sets = as_it_is, redrawn = drawn(run, album)
    for number, format in enumerate(FORMATS):
        more = {"format": format.id, "picture_format": SUFFIXES[number % 3].strip("."), "resize": "none"}
        name = f"pixels {format.id}"
        run("WriteLoRADataset", samples=sets[number % 2], name=name, include_originals=True, **more)
        if format.takes_pairs:
            run("WriteEditPairs", samples=redrawn, name=f"pairs {format.id}", minimum_structure=0.0, **more)
    run("ReviewSamples", samples=as_it_is, name="pixels")
    run("MakeCompositeSamples", name="pixels", folder=str(album), longest_side=0)
    return {p: p.read_bytes() for p in base.rglob("*") if p.is_file() and p not in before}


def drawn(run, album):
    """The album as it is, and redrawn; both labelled."""
    (loaded, *_) = run("LoadSampleSet", folder=str(album), layout="one character")
    (adjusted, *_) = run("Adjust", samples=loaded)
    (mapped, *_) = run("MapStyles", samples=adjusted, first_style="anime_cel")
    (painter, *_) = run("PainterlyStylizer")
    (restyled, *_) = run("Restyle", samples=mapped, stylizer=painter, minimum_structure=0.0)
    assert len(loaded) == len(restyled) == len(SUFFIXES) * 2
    return [run("TagFeatures", samples=samples, trigger="mirax")[0] for samples in (loaded, restyled)]


def test_no_file_of_any_node_tells_who_made_the_sources(made):
    """Shards and tables hold pictures as they are."""
    kinds = {path.suffix for path in made}
    assert {".png", ".jpg", ".webp", ".json", ".tar", ".csv"} <= kinds and len(made) > 100
    assert not [path for path, data in made.items() if WHO.encode() in data or b"Her camera" in data]


def test_no_picture_of_any_node_says_more_than_its_pixels(made):
    pictures = {path: data for path, data in made.items() if path.suffix in SUFFIXES}
    saying = {path: said for path, data in pictures.items() if (said := things_said(data))}
    assert len(pictures) > 100 and not saying
