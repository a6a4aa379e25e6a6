"""How sure it is that two files show the same: told of each file, by every mode and report."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from program import sil
from same_image_locator.decode import jpeg
from same_image_locator.decode.glimpse import pixel_digest
from same_image_locator.demo.motifs import SCENES
from same_image_locator.demo.scenes import render
from same_image_locator.model import Facts, Identity
from same_image_locator.similar.pair import Pair
from same_image_locator.similar.second_look import look
from same_image_locator.similar.series import named_in_sequence, shots_apart
from sample_pictures import variant

_EXIF_IFD, _DATE, _SUB_SECONDS, _SERIAL = 0x8769, 0x9003, 0x9291, 0xA431
_TABLES = b"\xff\xdb"


def _taken(at: str, hundredths: str) -> Image.Exif:
    exif = Image.Exif()
    exif.get_ifd(_EXIF_IFD).update({_DATE: at, _SUB_SECONDS: hundredths})
    return exif


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one photo in all ways in which a file can be the same."""
    folder = tmp_path_factory.mktemp("tiers") / "photos"
    folder.mkdir()
    shot, first = render(SCENES["city"]), folder / "a.jpg"
    shot.save(first, quality=92, exif=_taken("2019:06:12 14:03:22", "30"))
    shutil.copy(first, folder / "bytes.jpg")
    whole = first.read_bytes()
    (folder / "bare.jpg").write_bytes(whole[:2] + whole[whole.index(_TABLES) :])
    Image.open(first).save(folder / "pixels.png")
    shot.save(folder / "worse.jpg", quality=60, exif=_taken("2019:06:12 16:03:22", "30"))
    shot.save(folder / "next.jpg", quality=91, exif=_taken("2019:06:12 14:03:22", "80"))
    return folder


def _told(library: Path, cache: Path, *words: str) -> dict[str, dict[str, Any]]:
    done = sil("scan", library, "--json", "-", *words, env={"SIL_CACHE_DIR": str(cache)})
    assert done.returncode == 1, done.stderr
    [group] = json.loads(done.stdout)["groups"]
    return {Path(file["path"]).stem: file for file in group["files"]} | {"": group}


@pytest.mark.parametrize(("others", "tier"), [(2, "same picture"), (3, "similar")])
def test_among_pictures_of_one_layout_a_copy_is_to_be_looked_at(
    tmp_path: Path, others: int, tier: str
) -> None:
    (tmp_path / "photos").mkdir()
    for seed in range(1 + others):
        variant(seed, 9).save(tmp_path / "photos" / f"{seed}.jpg", quality=95)
    shutil.copy(tmp_path / "photos" / "0.jpg", tmp_path / "photos" / "copy.jpg")
    variant(0, 9).reduce(2).save(tmp_path / "photos" / "half.jpg")
    told = _told(tmp_path / "photos", tmp_path / "cache", "--mode", "similar")
    assert {name: told[name]["tier"] for name in ("copy", "half")} == {
        "copy": "identical",
        "half": tier,
    }
    assert ("other pictures look much like it" in told["half"]["changes"]) == (tier == "similar")


def test_a_report_names_what_a_looser_rule_would_add(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for seed in (0, 1):
        variant(seed, 5.3).save(photos / f"{seed}.jpg", quality=97)
    variant(0, 5.3).reduce(2).save(photos / "half.jpg", quality=90)
    told = _told(photos, tmp_path / "cache", "--mode", "similar")
    assert told.keys() - {""} == {"0", "half"}
    assert told[""]["near"] == [str(photos / "1.jpg")]
    loose = _told(photos, tmp_path / "cache", "--mode", "similar", "--loose")
    assert loose.keys() - {""} == {"0", "half", "1"}
    assert "near" not in loose[""]


def _facts(taken_at: str | None, camera: str | None = "NIKON D70") -> Facts:
    return Facts(100, 80, "JPEG", taken_at, camera=camera)


_SURE = {"a": "identical", "bytes": "identical", "bare": "same pixels", "pixels": "same pixels"}
_ALL = {**_SURE, "worse": "same picture", "next": "series"}


@pytest.mark.parametrize(
    "words",
    [
        ("--mode", "similar", "--loose"),
        ("--mode", "phash", "--verify"),
        ("--mode", "ahash", "--verify"),
    ],
)
def test_each_file_says_how_sure_it_is(
    library: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    told = _told(library, tmp_path, *words)
    assert told.pop("")["tier"] == "series"
    assert {name: file["tier"] for name, file in told.items()} == _ALL
    assert told["worse"]["changes"] == "recompressed from quality 92 to 60"
    assert told["next"]["changes"].startswith("taken 0.5 s later")
    assert told == {name: one for name, one in _told(library, tmp_path, *words).items() if name}


def test_two_shots_are_two_pictures_however_alike_they_are(library: Path, tmp_path: Path) -> None:
    told = _told(library, tmp_path, "--mode", "similar")
    assert told.pop("")["tier"] == "same picture"
    assert {name: file["tier"] for name, file in told.items()} == {
        "pixels": "identical",  # the largest file is the one by which the others are measured
        **dict.fromkeys(("a", "bytes", "bare"), "same pixels"),
        "worse": "same picture",
    }


def test_a_copy_that_lost_its_time_ties_no_two_shots_together(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    shot = render(SCENES["city"])
    for name, hundredths, quality in (
        ("a", "30", 92),
        ("a worse", "30", 60),
        ("b", "80", 91),
        ("b worse", "80", 55),
    ):
        exif = _taken("2019:06:12 14:03:22", hundredths)
        shot.save(folder / f"{name}.jpg", quality=quality, exif=exif)
    shot.save(folder / "0 timeless.png")
    words = ("scan", folder, "--mode", "similar", "--json", "-")
    for _ in range(2):
        groups = json.loads(sil(*words, env={"SIL_CACHE_DIR": str(tmp_path / "c")}).stdout)[
            "groups"
        ]
        names = [{Path(file["path"]).stem for file in group["files"]} for group in groups]
        assert {"b", "b worse"} in names or {"a", "a worse"} in names
        assert sorted(map(len, names)) == [2, 3]
        assert {group["tier"] for group in groups} == {"same picture"}


def test_a_hash_alone_verifies_nothing(library: Path, tmp_path: Path) -> None:
    told = _told(library, tmp_path, "--mode", "phash")
    assert told.pop("")["tier"] == "similar"
    assert {file["tier"] for name, file in told.items() if name != "a"} == {"similar"}


def test_files_of_the_same_bytes_are_identical(library: Path, tmp_path: Path) -> None:
    assert {one["tier"] for one in _told(library, tmp_path).values()} == {"identical"}


def test_strangers_within_the_threshold_are_not_verified_and_those_of_one_minute_are_a_series(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    render(SCENES["city"]).save(folder / "a.jpg", exif=_taken("2019:06:12 14:03:22", "0"))
    render(SCENES["poppies"]).save(folder / "b.jpg")
    render(SCENES["autumn"]).save(folder / "c.jpg", exif=_taken("2019:06:12 14:03:42", "0"))
    words = ("--mode", "phash", "--threshold", "64", "--verify")
    for _ in range(2):  # the second time from the cache
        told = _told(folder, tmp_path / "cache", *words)
        tiers = [told[name]["tier"] for name in "abc"]
        assert tiers == ["identical", "similar", "series"]
        assert told["c"]["changes"] == "taken 20 s later"


def test_a_loose_threshold_says_what_it_costs(library: Path) -> None:
    done = sil("scan", library, "--mode", "ahash", "--threshold", "40")
    assert "among 6 photos about 15 pairs of different pictures are within 40 bits" in done.stderr
    assert "by chance" not in sil("scan", library, "--mode", "phash", "--threshold", "5").stderr


def test_what_the_pixels_do_not_tell_has_no_digest(tmp_path: Path) -> None:
    picture = render(SCENES["city"]).resize((80, 60))
    picture.save(tmp_path / "plain.png")
    clear = picture.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(picture.size))
    clear.save(tmp_path / "clear.png")
    Image.new("I;16", (80, 60), 4000).save(tmp_path / "deep.png")
    picture.save(tmp_path / "film.gif", save_all=True, append_images=[Image.new("RGB", (80, 60))])
    assert pixel_digest(str(tmp_path / "plain.png"))
    for name in ("clear.png", "deep.png", "film.gif"):
        assert not pixel_digest(str(tmp_path / name)), name


def test_a_turned_file_has_the_digest_of_what_it_shows(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    picture = render(SCENES["city"]).resize((80, 60))
    picture.save(tmp_path / "turned.png", exif=exif)
    picture.transpose(Image.Transpose.ROTATE_270).save(tmp_path / "upright.png")
    turned, upright = (
        pixel_digest(str(tmp_path / f"{name}.png")) for name in ("turned", "upright")
    )
    assert turned == upright


def test_strangers_that_the_camera_counted_on_are_a_series(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    names = {"city": "DSC_0120.jpg", "poppies": "DSC_0123.jpg", "autumn": "DSC_0723.jpg"}
    for scene, name in names.items():
        render(SCENES[scene]).save(folder / name)
    words = ("--mode", "phash", "--threshold", "64", "--verify")
    told = _told(folder, tmp_path / "cache", *words)
    assert [told[Path(name).stem]["tier"] for name in names.values()] == [
        "identical",
        "series",
        "similar",
    ]


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("/p/DSC_0123.JPG", "/p/DSC_0124.JPG", True),
        ("/p/IMG_20190612_140322.jpg", "/p/IMG_20190612_140325.jpg", True),
        ("/p/DSC_0123.JPG", "/p/DSC_0123.JPG", False),
        ("/p/DSC_0123.JPG", "/p/DSC_0223.JPG", False),
        ("/p/DSC_0123.JPG", "/q/DSC_0124.JPG", False),
        ("/p/DSC_0123.JPG", "/p/IMG_0124.JPG", False),
        ("/p/page 1.jpg", "/p/page 2.jpg", False),
        ("/p/a.jpg", "/p/b.jpg", False),
    ],
)
def test_names_tell_what_a_camera_counted_on(one: str, other: str, are: bool) -> None:
    assert named_in_sequence(one, other) is are
    assert named_in_sequence(other, one) is are


@pytest.mark.parametrize(
    ("one", "other", "seconds"),
    [
        ("2019-06-12T14:03:22", "2019-06-12T14:03:24", 2.0),
        ("2019-06-12T14:03:22.30", "2019-06-12T14:03:22.80", 0.5),
        ("2019-06-12T14:03:22.80", "2019-06-12T14:03:22", 0.0),
        ("2019-06-12T14:03:22+02:00", "2019-06-12T14:03:21Z", -1.0),
        ("2019-06-12T14:03:22", "2019-06-12T16:03:22", 0.0),
        ("2019-06-12T14:03:22", "2021-06-12T14:03:23", 0.0),
        ("2019-06-12T14:03:22", None, 0.0),
    ],
)
def test_two_shots_are_told_by_their_times(one: str, other: str | None, seconds: float) -> None:
    assert shots_apart(_facts(one), _facts(other)) == pytest.approx(seconds)
    assert shots_apart(_facts(one), _facts(other, "Canon EOS 6D")) == 0


@pytest.mark.parametrize(
    ("serials", "tier", "words"),
    [
        (("2105678", "2105679"), "series", "by another camera, "),
        (("2105678", "2105678"), "same picture", ""),
        (("2105678", ""), "same picture", ""),
    ],
)
def test_what_two_cameras_took_are_two_pictures(
    tmp_path: Path, serials: tuple[str, str], tier: str, words: str
) -> None:
    files = []
    for serial, quality in zip(serials, (92, 60), strict=True):
        exif = Image.Exif()
        exif.get_ifd(_EXIF_IFD).update({_SERIAL: serial})
        path = tmp_path / f"{quality}.jpg"
        render(SCENES["city"]).save(path, quality=quality, exif=exif)
        status = path.stat()
        identity = Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        files.append((str(path), identity))
    verdict = look(Pair(files[0], files[1], 0, whole=True))
    assert verdict
    assert (verdict.tier, verdict.same) == (tier, tier == "same picture")
    assert verdict.changes.words() == f"{words}recompressed from quality 92 to 60"


def test_a_copy_that_is_too_large_to_be_decoded_whole_stays_a_verified_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for name in ("a.jpg", "b.jpg"):
        exif = Image.Exif()
        exif[0x010E] = name
        render(SCENES["city"]).save(tmp_path / name, exif=exif)
        status = (tmp_path / name).stat()
        identity = Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        files.append((str(tmp_path / name), identity))
    monkeypatch.setattr(jpeg, "LIMIT", 1000)
    verdict = look(Pair(files[0], files[1], 0, whole=True))
    assert verdict is not None
    assert (verdict.same, verdict.tier) == (True, "same picture")
