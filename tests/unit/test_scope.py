"""What a scan looks at: several folders, and what a person or its own good sense leaves out."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from same_image_locator.aliases import mount_points
from same_image_locator.errors import RefusedError, UsageError
from same_image_locator.events import Event, Noted
from same_image_locator.model import Method, Scope, Settings
from same_image_locator.pipeline import located
from same_image_locator.roots import located_scope
from same_image_locator.scan import scan


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode("utf-8", "surrogateescape"))


class Scanned:
    """A scan of a folder and all that it told."""

    def __init__(self, root: Path, *roots: Path, **scope: object) -> None:
        self.told: list[Event] = []
        found = Scope(tuple(map(str, roots)), **scope)  # type: ignore[arg-type] # a test's own words
        self.photos, self.problems = scan(
            str(root), "", include_all=False, listener=self.told.append, scope=found
        )
        self.names = [os.path.relpath(photo.path, root) for photo in self.photos]

    @property
    def notes(self) -> list[str]:
        return [event.text for event in self.told if isinstance(event, Noted)]


# -- several folders ------------------------------------------------------------------------


def test_photos_of_several_folders_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    write(tmp_path, "a/1.jpg", "b/2.jpg", "c/3.jpg", "d/4.jpg")
    scanned = Scanned(tmp_path / "c", tmp_path / "a", references=(str(tmp_path / "d"),))
    assert scanned.names == ["../a/1.jpg", "3.jpg", "../d/4.jpg"]
    assert not scanned.notes


@pytest.mark.parametrize("first", ["", "deep"])
def test_a_folder_that_lies_in_another_one_is_looked_at_once(tmp_path: Path, first: str) -> None:
    write(tmp_path, "deep/1.jpg", "2.jpg")
    other = "" if first else "deep"
    scanned = Scanned(tmp_path / first, tmp_path / other)
    assert sorted(os.path.basename(photo.path) for photo in scanned.photos) == ["1.jpg", "2.jpg"]
    assert not scanned.notes


def test_a_hidden_folder_that_is_named_is_looked_at(tmp_path: Path) -> None:
    write(tmp_path, ".best/1.jpg", "2.jpg")
    assert Scanned(tmp_path, tmp_path / ".best").names == [".best/1.jpg", "2.jpg"]


def test_of_two_folders_the_inner_one_says_whether_a_file_may_be_moved(tmp_path: Path) -> None:
    inside = Settings("/r", Method("exact"), scope=Scope(("/ref/new",), ("/ref", "/r/best")))
    stays = [
        p
        for p in ("/r/a", "/r/best/a", "/ref/a", "/ref/new/a", "/reference/a")
        if inside.protects(p)
    ]
    assert stays == ["/r/best/a", "/ref/a"]


def test_a_folder_on_another_drive_cannot_be_taken_with_it(tmp_path: Path) -> None:
    elsewhere = next((p for p in ("/dev/shm", "/run", "/proc") if os.path.ismount(p)), None)
    if elsewhere is None or os.stat(elsewhere).st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second drive here")
    with pytest.raises(UsageError, match="lies on another drive"):
        located_scope(Scope((elsewhere,)), str(tmp_path), mount_points())


def test_a_folder_cannot_be_cleaned_and_left_alone(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be scanned and be a reference"):
        located_scope(Scope((), (str(tmp_path),)), str(tmp_path), frozenset())


def test_the_decision_folder_lies_in_no_reference_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "new/1.jpg", "archive/1.jpg")
    archive = str(tmp_path / "archive")
    settings = Settings(str(tmp_path / "new"), Method("exact"), scope=Scope((), (archive,)))
    monkeypatch.chdir(archive)
    assert located(settings).decision_folder == str(tmp_path / "new/_DECISION_DUPES")
    with pytest.raises(RefusedError, match="lies in a reference folder"):
        located(settings._replace(decision_folder=f"{archive}/decide"))
    with pytest.raises(RefusedError, match="lies in the decision folder"):
        located(settings._replace(decision_folder=archive))


# -- what a person leaves out ---------------------------------------------------------------


def test_what_a_pattern_names_is_left_out_and_told(tmp_path: Path) -> None:
    write(tmp_path, "a.jpg", "a.gif", "cache/b.jpg", "x/cache/c.jpg", "x/2019/d.jpg", "2019/e.jpg")
    scanned = Scanned(tmp_path, exclude=("*.gif", "cache/", "/2019/**", "*.txt"))
    assert scanned.names == ["a.jpg", "x/2019/d.jpg"]
    words = f"left out, excluded by a pattern: {tmp_path}/2019/e.jpg, and 3 more"
    assert scanned.notes == [words]


def test_a_file_of_patterns_holds_for_its_folder_and_the_command_line_weighs_more(
    tmp_path: Path,
) -> None:
    write(tmp_path, "a.gif", "x/b.gif", "x/c.gif", "x/y/b.gif", "x/y/d.png", "z/d.png")
    (tmp_path / ".silignore").write_bytes(b"\xef\xbb\xbf# no films\r\n*.gif\r\n")
    (tmp_path / "x/.silignore").write_text("!b.gif\n/y/d.png\n")
    assert Scanned(tmp_path).names == ["x/b.gif", "x/y/b.gif", "z/d.png"]
    said = Scanned(tmp_path, exclude=("!c.gif", "z/"))
    assert said.names == ["x/b.gif", "x/c.gif", "x/y/b.gif"]


def test_a_companion_goes_with_its_photo_whatever_the_patterns_say(tmp_path: Path) -> None:
    write(tmp_path, "a.jpg", "a.xmp", "b.jpg", "b.xmp")
    [photo] = Scanned(tmp_path, exclude=("*.xmp", "b.jpg")).photos
    assert [one.path for one in photo.companions] == [f"{tmp_path}/a.xmp"]


@pytest.mark.parametrize("content", [b"!\n", None])
def test_where_it_is_not_known_what_to_leave_out_nothing_is_looked_at(
    tmp_path: Path, content: bytes | None
) -> None:
    write(tmp_path, "x/a.jpg", "x/deep/b.jpg", "c.jpg")
    file = tmp_path / "x/.silignore"
    file.mkdir() if content is None else file.write_bytes(content)
    scanned = Scanned(tmp_path)
    assert scanned.names == ["c.jpg"]
    [problem] = scanned.problems
    assert problem.path == str(file)
    assert "so its folder is left out" in problem.detail


def test_a_pattern_that_is_none_is_refused_before_anything_is_looked_at(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--exclude ! is no pattern"):
        located_scope(Scope(exclude=("*.gif", "!")), str(tmp_path), frozenset())


def test_small_files_are_left_out_and_counted(tmp_path: Path) -> None:
    for name, size in (("a.jpg", 999), ("b.jpg", 1000), ("c.jpg", 1001), ("d.txt", 1)):
        (tmp_path / name).write_bytes(bytes(size))
    scanned = Scanned(tmp_path, min_size=1000)
    assert (scanned.names, scanned.notes) == (
        ["b.jpg", "c.jpg"],
        ["left out: 1 file smaller than 1.0 kB"],
    )


# What git has in common with us it is asked itself.
FOLDERS = st.lists(st.sampled_from(["a", "b", "ab", "x"]), max_size=2)
FILES = st.sampled_from(["a.jpg", "b.jpg", "ab.jpg", "x[1].jpg", "#c.jpg", " d.jpg"])
PATTERNS = st.lists(
    st.one_of(
        st.sampled_from(
            ["*.jpg", "!a.jpg", "/a", "a/", "**/b", "a/**", "a/*", "x\\[1\\].jpg", "?"]
        ),
        st.text("ab*?/!.#\\[]", min_size=1, max_size=5),
    ),
    max_size=4,
)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here to be compared with")
@trials(max_examples=25)
@example({"a/a.jpg", "a/b.jpg"}, ["a/**", "!a/a.jpg"], [])
@given(
    st.sets(st.builds(lambda f, n: "/".join((*f, n)), FOLDERS, FILES), min_size=1, max_size=8),
    PATTERNS,
    PATTERNS,
)
def test_a_file_of_patterns_means_what_it_would_mean_to_git(
    tmp_path_factory: pytest.TempPathFactory,
    paths: set[str],
    above: list[str],
    within: list[str],
) -> None:
    root = tmp_path_factory.mktemp("tree")
    write(root, *paths)
    for folder, patterns in ((root, above), (root / "a", within)):
        if folder.is_dir():
            for file in (".gitignore", ".silignore"):
                (folder / file).write_text("".join(f"{pattern}\n" for pattern in patterns))
    scanned = Scanned(root)
    if not scanned.problems:
        assert set(scanned.names) == _left_by_git(root)


def _left_by_git(root: Path) -> set[str]:
    git = ["git", "-c", "core.excludesFile=", "-C", str(root)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    listing = ["ls-files", "--others", "--exclude-per-directory=.gitignore", "-z"]
    told = subprocess.run([*git, *listing], check=True, capture_output=True).stdout
    return _photos(os.fsdecode(told).split("\0"))


def _photos(names: Iterable[str]) -> set[str]:
    return {name for name in names if name.endswith(".jpg")}


# -- what is no place for photos ------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (".thumbnails", "hidden"),
        ("@eaDir", "of the system"),
        ("$RECYCLE.BIN", "of the system"),
        ("lost+found", "of the system"),
        ("Holidays.photoslibrary", "a photo library of another program"),
        ("Catalog Previews.LRDATA", "a photo library of another program"),
    ],
)
def test_folders_of_systems_and_programs_are_left_out_with_a_line(
    tmp_path: Path, name: str, words: str
) -> None:
    write(tmp_path, f"{name}/a.jpg", f"x/{name}/b.jpg", "x/c.jpg")
    scanned = Scanned(tmp_path)
    assert scanned.names == ["x/c.jpg"]
    assert scanned.notes == [f"left out, {words}: {tmp_path / name}, and 1 more"]
