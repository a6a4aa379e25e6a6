"""Names alone tell which files of a folder belong to its photos, as they are found in the field."""

import os
import unicodedata

import pytest

from same_image_locator.companions import owners_by_companion
from same_image_locator.scan import IMG_EXTS


def owners(*names: str) -> dict[str, tuple[str, ...]]:
    pictures = [name for name in names if os.path.splitext(name)[1].lower() in IMG_EXTS]
    return owners_by_companion(names, pictures)


@pytest.mark.parametrize(
    ("photo", "companion"),
    [
        ("IMG_1.jpg", "IMG_1.xmp"),
        ("IMG_1.JPG", "IMG_1.XMP"),
        ("IMG_1.jpg", "IMG_1.jpg.xmp"),
        ("IMG_1.JPG", "IMG_1.jpg.Xmp"),
        ("IMG_1.jpg", "IMG_1_01.jpg.xmp"),
        ("a.tif", "a.tif.pp3"),
        ("IMG_1.HEIC", "IMG_1.AAE"),
        ("IMG_1234.HEIC", "IMG_O1234.AAE"),
        ("IMG_1.jpg", "IMG_1.THM"),
        ("IMG_1.jpg", "IMG_1.WAV"),
        ("IMG_0042.JPG", "SND_0042.WAV"),
        ("IMG_1.JPG", "IMG_1.CR2"),
        ("IMG_1.heic", "IMG_1.dng"),
        ("IMG_1.HEIC", "IMG_1.MOV"),
        ("IMG_1.HEIC", "IMG_1.mp4"),
        ("IMG_1.HEIC", "IMG_1_HEVC.MOV"),
        ("IMG_1(1).HEIC", "IMG_1(1).MP4"),
        ("PXL_1.MP.jpg", "PXL_1.MP"),
        ("cafe\u0301.jpg", "caf\u00e9.xmp"),
        ("\udcff.jpg", "\udcff.xmp"),
    ],
)
def test_each_kind_belongs_to_its_photo(photo: str, companion: str) -> None:
    assert owners(photo, companion, "other.jpg") == {companion: (photo,)}


@pytest.mark.parametrize(
    ("photo", "json"),
    [
        ("a.jpg", "a.jpg.json"),
        ("a.jpg", "a.json"),
        ("a.JPG", "a.JPG.JSON"),
        ("a.jpg", "a.jpg.supplemental-metadata.json"),
        *[
            ("a.jpg", f"a.jpg{'.supplemental-metadata'[:length]}.json")
            for length in range(1, len(".supplemental-metadata"))
        ],
        ("a(1).jpg", "a.jpg(1).json"),
        ("a(1).jpg", "a(1).jpg.json"),
        ("a(1).jpg", "a(1).json"),
        ("a(1).jpg", "a.jpg.supplemental-metadata(1).json"),
        ("a(12).jpg", "a.jpg.supplem(12).json"),
        ("img(18).jpg", "img(18).jpg.supple(18).json"),
        ("a-edited.jpg", "a.jpg.json"),
        ("a-bearbeitet.jpg", "a.jpg.supplemental-metadata.json"),
        ("a-modifie\u0301.jpg", "a.jpg.json"),
        ("a-編集済み.jpg", "a.jpg.json"),
        ("a-ha editado.jpg", "a.jpg.json"),
        ("a-edited(1).jpg", "a.jpg(1).json"),
        ("a(1)-edited.jpg", "a.jpg.supplemental-metadata(1).json"),
        # Cut at 46 characters, wherever that is.
        (
            "Urlaub in Knaufspesch in der Schneifel (38).JPG",
            "Urlaub in Knaufspesch in der Schneifel (38).JP.json",
        ),
        (
            "01D1C847-D498-4814-9F10-6B81D768077B-1050-00000.jpg",
            "01D1C847-D498-4814-9F10-6B81D768077B-1050-0000.json",
        ),
        (
            "01D1C847-D498-4814-9F10-6B81D768077B-1050-00000(1).jpg",
            "01D1C847-D498-4814-9F10-6B81D768077B-1050-0000(1).json",
        ),
        (
            "123456789123456789123456789123456789_DSCN0091(1).JPG",
            "123456789123456789123456789123456789_DSCN0091.JP.supplemental-meta(1).json",
        ),
        (
            "123456789123456789123456789123456789_DSCN0091-ha edit.JPG",
            "123456789123456789123456789123456789_DSCN0091.JPG.su.json",
        ),
        ("123456789_123456789_123456789_123456789_1.jpg", f"{'123456789_' * 4}1.jpg..json"),
    ],
)
def test_the_json_of_a_takeout_belongs_to_its_photo(photo: str, json: str) -> None:
    assert owners(photo, json, "other.jpg", "z(1).jpg") == {json: (photo,)}


@pytest.mark.parametrize(
    "names",
    [
        ("a.jpg", "b.xmp"),
        ("a.jpg", "A.xmp"),
        ("a.jpg", "a.txt", "a.pdf", "a"),
        ("a.jpg", "metadata.json", "print-subscriptions.json"),
        ("a.jpg", "a.jpg(1).json"),
        ("a(1).jpg", "a.jpg.json"),
        ("a(1).jpg", "a.jpg(2).json"),
        ("a.png", "a.mov", "a.cr2"),
        ("short-ed.jpg", "short.jpg.json"),
        ("a.jpg", ".json", ".xmp"),
    ],
)
def test_what_fits_no_photo_is_no_companion(names: tuple[str, ...]) -> None:
    assert owners(*names) == {}


def test_the_twins_of_one_name_have_each_their_own_json() -> None:
    found = owners(
        "a.jpg",
        "a(1).jpg",
        "a.jpg.supplemental-metadata.json",
        "a.jpg.supplemental-metadata(1).json",
    )
    assert found == {
        "a.jpg.supplemental-metadata.json": ("a.jpg",),
        "a.jpg.supplemental-metadata(1).json": ("a(1).jpg",),
    }


def test_the_twins_of_a_long_name_have_each_their_own_cut_json() -> None:
    long = "01D1C847-D498-4814-9F10-6B81D768077B-1050-00000"
    found = owners(f"{long}.jpg", f"{long}(1).jpg", f"{long[:46]}.json", f"{long[:46]}(1).json")
    assert found == {
        f"{long[:46]}.json": (f"{long}.jpg",),
        f"{long[:46]}(1).json": (f"{long}(1).jpg",),
    }
    assert owners(f"{long}(10).jpg", f"{long[:46]}(1).json") == {}
    # A title may end in a number of its own, at which the name was cut.
    assert owners(f"{long[:43]}(38).jpg", f"{long[:43]}(3.json") == {
        f"{long[:43]}(3.json": (f"{long[:43]}(38).jpg",)
    }


def test_what_fits_several_photos_is_shared_by_them() -> None:
    found = owners("a.jpg", "a.heic", "a.mov", "a.xmp", "a.heic.xmp")
    assert found == {
        "a.mov": ("a.heic", "a.jpg"),
        "a.xmp": ("a.heic", "a.jpg"),
        "a.heic.xmp": ("a.heic",),
    }
    assert owners("a.jpg", "a-edited.jpg", "a.jpg.json") == {
        "a.jpg.json": ("a-edited.jpg", "a.jpg")
    }
    assert owners("e\u0301.jpg", "\u00e9.jpg", "e\u0301.xmp") == {
        "e\u0301.xmp": ("e\u0301.jpg", "\u00e9.jpg")
    }


def test_two_long_names_with_one_beginning_share_the_cut_json() -> None:
    start = "01D1C847-D498-4814-9F10-6B81D768077B-1050-0000"
    found = owners(f"{start}1.jpg", f"{start}2.jpg", f"{start}.json", "zebra.jpg")
    assert found == {f"{start}.json": (f"{start}1.jpg", f"{start}2.jpg")}


def test_the_companions_of_a_companion_belong_to_its_photo() -> None:
    found = owners("a.heic", "a.mov", "a.mov.json", "a.dng", "a.dng.xmp", "a.xmp")
    assert set(found.values()) == {("a.heic",)}
    assert len(found) == 5


def test_the_settings_of_a_raw_file_that_has_no_jpeg_are_not_taken_from_it() -> None:
    # A TIFF may be made from the RAW file long after: the settings belong to both.
    assert owners("a.tif", "a.cr2", "a.xmp") == {"a.xmp": ("a.cr2", "a.tif")}
    assert owners("a.cr2", "a.cr2.xmp") == {"a.cr2.xmp": ("a.cr2",)}


def test_every_form_of_accents_matches_every_other() -> None:
    for form in ("NFC", "NFD"):
        for other in ("NFC", "NFD"):
            photo = unicodedata.normalize(form, "Zoë.jpg")
            json = unicodedata.normalize(other, "Zoë.jpg.json")
            assert owners(photo, json) == {json: (photo,)}
