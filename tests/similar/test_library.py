"""The walk that ``find-similar`` need not make again, and when it must."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pictures import photo
from same_image_locator.cache import Cache, Looks
from same_image_locator.demo.motifs import SCENES
from same_image_locator.demo.scenes import render
from same_image_locator.events import ignore
from same_image_locator.fingerprint import examine
from same_image_locator.model import Method
from same_image_locator.photos import Photos, Prints
from same_image_locator.similar import library
from same_image_locator.similar.reverse import find
from same_image_locator.similar.search import find_groups

_LEVELS, _LONG = 25, "d" * 200


@pytest.fixture
def looks() -> Iterator[Looks]:
    with Cache() as cache:
        yield cache.looks


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a minute pass between the last change of a folder and each walk."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 60 * 10**9)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "photos"
    for name in ("a/one.jpg", "a/two \udcff.jpg", "b/c/three.jpg"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        photo(root / name, seed=len(name))
    (root / "empty").mkdir()
    return root


def _known(root: Path, looks: Looks) -> Photos | None:
    found = library.remembered(str(root), "", looks, ignore)
    return found.photos if found else None


def _rows(photos: Photos) -> list[tuple[str, int, int, int]]:
    return list(zip(photos.paths, photos.inodes, photos.sizes, photos.mtimes, strict=True))


@pytest.mark.usefixtures("later")
def test_a_walk_is_remembered_as_it_was(root: Path, looks: Looks) -> None:
    assert _known(root, looks) is None
    walked = library.walked(str(root), "", looks, ignore)
    known = _known(root, looks)
    assert known is not None
    assert (known.device, _rows(known)) == (walked.photos.device, _rows(walked.photos))
    assert len(known) == 3
    assert library.remembered(str(root), str(root / "a"), looks, ignore) is None
    assert _known(root / "a", looks) is None


CHANGES: dict[str, Callable[[Path], object]] = {
    "a photo comes": lambda root: photo(root / "a" / "late.jpg"),
    "a photo comes where none was": lambda root: photo(root / "empty" / "first.jpg"),
    "a photo goes": lambda root: (root / "b/c/three.jpg").unlink(),
    "a photo gets another name": lambda root: (root / "a/one.jpg").rename(root / "a/1.jpg"),
    "a photo is put in the place of one": lambda root: os.replace(
        photo(root.parent / "other.jpg"), root / "a/one.jpg"
    ),
    "a folder comes": lambda root: (root / "b/c/d").mkdir(),
    "a folder goes": lambda root: (root / "empty").rmdir(),
    "a folder gets another name": lambda root: (root / "a").rename(root / "z"),
    "a folder takes the place of one": lambda root: (root / "empty").rename(root / "b" / "empty"),
    "all goes": lambda root: root.rename(root.parent / "elsewhere"),
}


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("change", CHANGES)
def test_a_walk_is_made_again_when(change: str, root: Path, looks: Looks) -> None:
    library.walked(str(root), "", looks, ignore)
    times = [(path, os.stat(path)) for path in (root, *root.rglob("*")) if path.is_dir()]
    assert _known(root, looks) is not None
    CHANGES[change](root)
    assert _known(root, looks) is None
    for path, status in times:  # as a copying program does at the end
        if path.is_dir():
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert _known(root, looks) is None


def test_what_changed_a_moment_ago_may_change_unseen(root: Path, looks: Looks) -> None:
    library.walked(str(root), "", looks, ignore)
    assert _known(root, looks) is None


@pytest.fixture
def too_deep(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put folders in each other until no system opens the last of them by its path.

    They are removed one by one: what removes trees cannot.
    """
    monkeypatch.chdir(root)
    for _ in range(_LEVELS):
        os.mkdir(_LONG)
        os.chdir(_LONG)
    yield
    os.chdir(root)
    for _ in range(_LEVELS - 1):
        os.chdir(_LONG)
    for _ in range(_LEVELS - 1):
        os.rmdir(_LONG)
        os.chdir("..")
    os.rmdir(_LONG)


@pytest.mark.usefixtures("later", "too_deep")
def test_what_could_not_be_listed_is_listed_anew(root: Path, looks: Looks) -> None:
    assert library.walked(str(root), "", looks, ignore).problems
    assert _known(root, looks) is None


@pytest.mark.usefixtures("later")
def test_a_scan_that_meets_new_pictures_forgets_walks(root: Path, looks: Looks) -> None:
    photos = library.walked(str(root), "", looks, ignore).photos
    library.forget(photos.device + 1, looks)
    assert _known(root, looks) is not None
    examined, _ = examine(photos, Method("similar"), ignore)
    find_groups(Prints.of(examined), ignore)
    assert _known(root, looks) is None


@pytest.mark.usefixtures("later")
def test_what_is_no_walk_is_none(root: Path, looks: Looks) -> None:
    device = os.stat(root).st_dev
    library.walked(str(root), "", looks, ignore)
    [(name, whole)] = looks.store.rows("SELECT recipe, packed FROM roll")
    for length in range(len(whole)):
        looks.keep_roll(name, device, whole[:length])
        assert _known(root, looks) is None, length


@pytest.mark.usefixtures("later")
def test_a_photo_written_over_in_place_is_looked_at_anew(tmp_path: Path) -> None:
    root = tmp_path / "photos"
    root.mkdir()
    scenes = {name: render(SCENES[name]).convert("RGB") for name in ("city", "autumn")}
    scenes["city"].save(root / "a.jpg")
    scenes["autumn"].save(root / "b.jpg")
    asked = tmp_path / "asked.jpg"
    scenes["city"].reduce(2).save(asked)

    def found() -> list[str]:
        answer = find(str(asked), str(root), "", ignore)
        assert not answer.problems
        return [os.path.basename(match.path) for match in answer.matches]

    assert found() == ["a.jpg"]
    with Cache() as cache:
        assert _known(root, cache.looks) is not None
    for name, scene in (("a.jpg", "autumn"), ("b.jpg", "city")):
        with (root / name).open("r+b") as file:
            file.truncate()
            scenes[scene].save(file, "JPEG")
    assert found() == ["b.jpg"]
