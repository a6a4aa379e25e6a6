"""The library keeps what its pages say: every example runs, and performing loses nothing."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import pictures
import said_pictures
import same_image_locator
from program import environment, sil
from same_image_locator import (
    LocatorError,
    find,
    fingerprint_of,
    perform,
    plan,
    suggest,
)
from snapshots import tree

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/python.md").read_text(encoding="utf-8")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A photo, the same bytes again, a smaller copy of it, and another one."""
    root = tmp_path / "photos"
    pictures.photo(root / "a.jpg", 1)
    pictures.photo(root / "b.jpg", 1)
    pictures.photo(root / "c.jpg", 1, quality=60)
    pictures.photo(root / "other.jpg", 2)
    pictures.photo(tmp_path / "new.jpg", 1)
    return root


@pytest.mark.parametrize("page", ["reference/python.md", "how-to/library.md"])
def test_the_examples_of_a_page_run(photos: Path, page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert blocks
    script = photos.parent / "script.py"
    script.write_text("\n".join(blocks))
    done = subprocess.run(
        [sys.executable, script],
        cwd=photos.parent,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(list(photos.glob("*.jpg"))) < 4, "something was set aside"
    assert sil("undo", photos, cwd=photos.parent).returncode == 0
    assert len(list(photos.glob("*.jpg"))) == 4


def test_every_public_name_is_on_its_page_and_can_be_had() -> None:
    for name in {*same_image_locator.__all__} - {"__version__"}:
        assert re.search(rf"`{name}\b", PAGE), name
        assert getattr(same_image_locator, name).__doc__, name
    assert {*same_image_locator.__all__} <= {*dir(same_image_locator)}
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        getattr(same_image_locator, "nothing")  # noqa: B009 - mypy knows that there is none


def test_the_import_loads_nothing_else() -> None:
    program = (
        "import sys; before = set(sys.modules)\n"
        "import same_image_locator\n"
        "print(sorted(set(sys.modules) - before))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['same_image_locator']"


def test_what_is_performed_is_set_aside_and_undone(photos: Path) -> None:
    before = tree(photos)
    [group] = find(photos, mode="phash", verify=True).groups
    assert [Path(path).name for path in group.paths] == ["a.jpg", "b.jpg", "c.jpg"]
    keeper = suggest(group, ["quality"]).keeper
    assert keeper in {0, 1}
    planned = plan(group, [group.paths[1]])
    assert tree(photos) == before, "a plan moves nothing"
    [done] = perform([planned], photos)
    assert (done.done, done.homes) == (True, (str(photos / "b.jpg"),))
    assert sorted(path.name for path in photos.iterdir()) == ["b.jpg", "other.jpg"]
    assert sil("verify", photos).returncode == 0
    assert sil("undo", photos).returncode == 0
    assert tree(photos) == before


def test_a_suggestion_tells_what_only_another_file_says_of_the_picture(tmp_path: Path) -> None:
    [group] = find(said_pictures.two_of_one(tmp_path, shot=False), mode="similar").groups
    advice = suggest(group)
    assert group.paths[advice.keeper or 0].endswith("phone/IMG_1.jpg")
    assert (advice.confidence, advice.lacks[0].what) == ("lean", ("a rating", "keywords"))


def test_a_file_that_changed_since_is_never_taken_for_what_it_was(photos: Path) -> None:
    [group] = find(photos).groups
    pictures.photo(photos / "a.jpg", 3)
    before = tree(photos)
    [done] = perform([plan(group, [str(photos / "b.jpg")])], photos)
    assert (done.done, "have changed since" in done.reason) == (False, True)
    assert tree(photos) == before


def test_a_keeper_that_changed_since_brings_the_others_home(photos: Path) -> None:
    [group] = find(photos, mode="phash").groups
    pictures.photo(photos / "a.jpg", 3)
    before = tree(photos)
    [done] = perform([plan(group, [str(photos / "a.jpg")])], photos)
    assert (done.done, done.reason) == (False, "what was to be kept has changed since it was found")
    assert tree(photos) == before


def test_what_cannot_be_meant_is_refused_before_anything_moves(photos: Path) -> None:
    [group] = find(photos).groups
    for keep, message in (([], "would keep nothing"), (["/x.jpg"], r"/x\.jpg is not in group 1")):
        with pytest.raises(LocatorError, match=message):
            plan(group, keep)
    planned = plan(group, group.paths[:1])
    with pytest.raises(LocatorError, match="stands in two plans"):
        perform([planned, planned], photos)
    with pytest.raises(LocatorError, match="There is no mode magic"):
        find(photos, mode="magic")
    with pytest.raises(LocatorError, match="compares more than fingerprints"):
        fingerprint_of(photos / "a.jpg", "similar")
    for path, mode in (("none.jpg", "phash"), ("none.jpg", "exact")):
        with pytest.raises(LocatorError, match="cannot be read"):
            fingerprint_of(photos / path, mode)
    (photos / "text.jpg").write_text("a text")
    with pytest.raises(LocatorError, match="not a picture"):
        fingerprint_of(photos / "text.jpg")
    assert perform([], photos) == []


def test_nothing_is_taken_out_of_a_photo_library_of_another_program(tmp_path: Path) -> None:
    originals = tmp_path / "Mine.photoslibrary/originals"
    for name in ("a.jpg", "b.jpg"):
        pictures.photo(originals / name, 1)
    before = tree(originals)
    [group] = find(originals).groups
    with pytest.raises(LocatorError, match="belongs to another program"):
        perform([plan(group, group.paths[:1])], originals)
    assert tree(originals) == before


def test_what_lies_in_a_reference_folder_is_compared_and_never_moved(photos: Path) -> None:
    archive = photos.parent / "archive/a.jpg"
    pictures.photo(archive, 1)
    (archive.parent / "a.xmp").write_text("goes with the photo of the archive")
    before, kept = tree(photos), tree(archive.parent)
    [group] = find(photos, references=[archive.parent]).groups
    assert group.staying == {str(archive)}
    planned = plan(group, [])
    assert (planned.keep, len(planned.set_aside)) == ((str(archive),), 2)
    assert suggest(group).keeper == group.paths.index(str(archive))
    [done] = perform([planned], photos)
    assert done.done, done.reason
    assert sorted(path.name for path in photos.iterdir()) == ["c.jpg", "other.jpg"]
    assert tree(archive.parent) == kept
    assert sil("undo", photos).returncode == 0
    assert tree(photos) == before


def test_a_search_has_the_scope_that_a_scan_has(photos: Path) -> None:
    for name in ("a.jpg", "no/a.jpg"):
        pictures.photo(photos.parent / "more" / name, 1)
    roots = [photos, photos.parent / "more"]
    [group] = find(roots, exclude=["no/", "/b.jpg"]).groups
    assert group.paths == (str(roots[1] / "a.jpg"), str(photos / "a.jpg"))
    assert find(roots, min_size=1_000_000).groups == []
    with pytest.raises(LocatorError, match=r"more/a\.jpg lies outside of .*photos"):
        perform([plan(group, group.paths[:1])], photos)
    [done] = perform([plan(group, group.paths[:1])], roots)
    assert done.homes == (str(roots[1] / "a.jpg"),)
    with pytest.raises(LocatorError, match="No folder is named"):
        find([])
