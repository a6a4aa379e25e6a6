"""Whatever the names, companions are found; whatever is decided, none is parted from its photo.

By default 100 libraries are tried; ``SIL_LIBRARIES=5000`` tries that many.
"""

import os
import random
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from same_image_locator import journal
from same_image_locator.companions import owners_by_companion
from same_image_locator.events import ignore
from same_image_locator.model import Method, Settings
from same_image_locator.pipeline import find
from same_image_locator.plans import Decision
from same_image_locator.scan import IMG_EXTS, scan
from same_image_locator.session import Session

PICTURES = (".jpg", ".JPG", ".heic", ".png")
OTHERS = (".xmp", ".jpg.xmp", ".aae", ".mov", ".dng", ".jpg.json", ".json", "(1).json", ".txt")
_CUT = 46
_LIBRARIES = int(os.environ.get("SIL_LIBRARIES", "100"))

letters = st.characters(codec="utf-8", exclude_characters="/\0")
stems = st.text(letters, min_size=1, max_size=60).filter(lambda text: text.strip(". ") == text)
few_stems = st.sampled_from(["a", "b", "a(1)", "a-edited", "e\u0301", "\u00e9", "IMG_E1", "\udcff"])
folders = st.lists(
    st.builds(str.__add__, few_stems, st.sampled_from(PICTURES + OTHERS)), unique=True, max_size=14
)


def pictures_in(names: list[str]) -> list[str]:
    return [name for name in names if os.path.splitext(name)[1].lower() in IMG_EXTS]


@given(folders, st.randoms(use_true_random=False))
def test_companions_belong_to_other_files_whatever_their_order(
    names: list[str], chance: random.Random
) -> None:
    found = owners_by_companion(names, pictures_in(names))
    for companion, owners in found.items():
        assert companion in names
        assert companion not in pictures_in(names) or companion.endswith(".dng")
        assert set(owners) <= set(names) - set(found)
        assert owners
    chance.shuffle(names)
    assert owners_by_companion(names, pictures_in(names)) == found


@given(stems, st.sampled_from((".jpg", ".HEIC")), st.sampled_from(("", "(1)", "(23)")))
@example("I" * 41, ".jpg", "")
@example("I" * 42, ".jpg", "(1)")
@example("I" * 46, ".jpg", "")
@example("I" * 60, ".jpg", "(2)")
def test_any_name_that_takeout_makes_of_a_photo_is_found(
    title: str, extension: str, number: str
) -> None:
    photo = f"{title[:47]}{number}{extension}"
    for supplement in (".supplemental-metadata", ""):
        json = f"{(title + extension + supplement)[:_CUT]}{number}.json"
        names = [photo, json, "other.jpg", "another.heic"]
        assert photo in owners_by_companion(names, pictures_in(names)).get(json, ())


@given(stems, st.sampled_from(OTHERS[:5]))
def test_accents_match_however_either_name_encodes_them(stem: str, kind: str) -> None:
    photo = unicodedata.normalize("NFC", stem) + ".jpg"
    companion = unicodedata.normalize("NFD", stem) + kind
    assert owners_by_companion([photo, companion], [photo]) == {companion: (photo,)}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for one library after the other."""
    return tmp_path_factory.mktemp("workshop")


libraries = st.dictionaries(
    st.tuples(
        st.sampled_from(["x", "y"]), st.builds(str.__add__, few_stems, st.sampled_from(PICTURES))
    ),
    st.integers(0, 2),
    min_size=2,
    max_size=8,
)
others = st.sets(
    st.tuples(
        st.sampled_from(["x", "y"]), st.builds(str.__add__, few_stems, st.sampled_from(OTHERS))
    ),
    max_size=12,
)


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        os.path.relpath(path, folder): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


class Places:
    """Where each file of a library lies at any moment, whatever its name is by then."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.photos, _ = scan(str(root / "photos"), "", include_all=False, listener=ignore)
        self._inodes = {path: os.stat(path).st_ino for path in self._all()}

    def _all(self) -> list[str]:
        return [
            os.path.join(folder, name) for folder, _, names in os.walk(self._root) for name in names
        ]

    def check(self) -> None:
        """Each companion lies beside a photo of its own, or still where it was found.

        It is left there only when its photos went to more places than one.
        """
        now = {os.stat(path).st_ino: os.path.dirname(path) for path in self._all()}
        where = {path: now[inode] for path, inode in self._inodes.items()}
        for companion in {one for photo in self.photos for one in photo.companions}:
            here = where[companion.path]
            theirs = {where[owner] for owner in companion.owners}
            left = here == os.path.dirname(companion.path) and len(theirs) > 1
            assert here in theirs or left, f"{companion.path} is alone in {here}"


@settings(
    max_examples=_LIBRARIES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(libraries, others, st.randoms(use_true_random=False), st.booleans())
def test_no_companion_is_ever_parted_from_its_photo_and_undo_gives_back_the_tree(
    workshop: Path,
    photos: dict[tuple[str, str], int],
    companions: set[tuple[str, str]],
    chance: random.Random,
    include_all: bool,
) -> None:
    with tempfile.TemporaryDirectory(dir=workshop) as folder:
        room = Path(folder)
        for (where, name), content in photos.items():
            _write(room / "photos" / where / name, f"photo {content}")
        for where, name in sorted(companions):
            _write(room / "photos" / where / name, f"companion {chance.randrange(3)}")
        before, places = tree(room / "photos"), Places(room)
        wanted = Settings(
            str(room / "photos"), Method("exact"), str(room / "decide"), include_all=include_all
        )
        with journal.opened(str(room / "decide")) as opened:
            session = Session(opened, str(room / "photos"), ignore)
            groups = session.stage(find(wanted, ignore).groups)
            places.check()
            for group in groups:
                names = [entry.name for entry in group.entries]
                keep = frozenset(chance.sample(names, chance.randint(1, len(names))))
                decision = Decision(group.subject, keep)
                effects = session.preview(decision)
                assert session.settle(decision).homes == effects.homes
                places.check()
            session.undo(session.undoable())
            assert not session.problems
            assert session.close()
        assert tree(room / "photos") == before


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
