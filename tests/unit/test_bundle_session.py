"""A photo and its companions are staged, come home, are set aside and renamed as one."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import pictures
from same_image_locator import journal
from same_image_locator.decision_folder import read_manifest
from same_image_locator.dry_run import rehearse
from same_image_locator.errors import RefusedError
from same_image_locator.events import Event, Noted, ignore
from same_image_locator.journal.kernel import RealKernel
from same_image_locator.model import Group, Method, Mode, Settings
from same_image_locator.pipeline import find
from same_image_locator.plans import Decision, Staged
from same_image_locator.session import Session


class Room:
    """A library, its decision folder, and the steps on them."""

    def __init__(self, folder: Path, mode: Mode = "exact", *, include_all: bool = False) -> None:
        self.home, self.decide = folder / "photos", folder / "decide"
        method = Method(mode, 0 if mode == "exact" else 5)
        self.settings = Settings(str(self.home), method, str(self.decide), include_all=include_all)

    def write(self, **contents: str) -> None:
        """Write files; ``x__a__jpg`` stands for x/a.jpg."""
        for name, content in contents.items():
            self.put(name.replace("__", "/", 1).replace("__", "."), content)

    def put(self, name: str, content: str) -> None:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def picture(self, name: str, seed: int, **facts: object) -> None:
        pictures.photo(self.home / name, seed, **facts)

    def files(self) -> dict[str, tuple[bytes, int]]:
        return {
            str(path.relative_to(self.home)): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(self.home.rglob("*"))
            if path.is_file()
        }

    def names(self) -> set[str]:
        return set(self.files())

    def groups(self) -> list[Group]:
        return find(self.settings, ignore).groups

    @contextmanager
    def session(self) -> Iterator[Session]:
        with journal.opened(str(self.decide)) as opened:
            yield Session(opened, str(self.home), ignore)

    def staged(self, session: Session) -> Staged:
        [group] = session.stage(self.groups())
        return group


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Two copies of one photo, each with settings of its own."""
    room = Room(tmp_path)
    room.write(x__a__jpg="same", x__a__xmp="settings", y__a__jpg="same", y__b__jpg="single")
    room.put("y/a.jpg.xmp", "others")
    return room


def keep(group: Staged, *origins: str) -> Decision:
    names = {e.name for e in group.entries if e.origin.endswith(origins)}
    return Decision(group.subject, frozenset(names))


def test_companions_are_staged_under_the_number_of_their_photo(room: Room) -> None:
    with room.session() as session:
        group = room.staged(session)
        names = set(os.listdir(group.folder))
        assert session.resume() == [group]
    assert {"001_a.jpg", "001_a.xmp", "002_a.jpg", "002_a.jpg.xmp"} < names
    assert room.names() == {"y/b.jpg"}
    assert [entry.name for entry in group.entries] == ["001_a.jpg", "002_a.jpg"]
    assert [(one.name, one.owners) for one in group.attached] == [
        ("001_a.xmp", ("001_a.jpg",)),
        ("002_a.jpg.xmp", ("002_a.jpg",)),
    ]


def test_the_texts_of_a_group_tell_of_its_companions_too(room: Room) -> None:
    with room.session() as session:
        folder = Path(room.staged(session).folder)
    rows = read_manifest((folder / "_manifest.tsv").read_text(), escaped=True)
    assert ("001_a.xmp", f"{room.home}/x/a.xmp") in rows
    assert len(rows) == 4
    meta = json.loads((folder / "_group_meta.json").read_text())
    assert meta["count"] == 2
    assert [(file["name"], file.get("with")) for file in meta["files"]] == [
        ("001_a.jpg", None),
        ("002_a.jpg", None),
        ("001_a.xmp", ["001_a.jpg"]),
        ("002_a.jpg.xmp", ["002_a.jpg"]),
    ]


def test_undo_gives_back_the_same_tree(room: Room) -> None:
    before = room.files()
    with room.session() as session:
        room.staged(session)
        session.undo(session.undoable())
        assert room.files() == before
        assert session.close()


def test_a_kept_photo_comes_home_with_its_companion_and_a_reject_leaves_with_its_own(
    room: Room,
) -> None:
    before = room.files()
    with room.session() as session:
        group = room.staged(session)
        decision = keep(group, "x/a.jpg")
        effects = session.preview(decision)
        outcome = session.settle(decision)
        assert outcome.homes == effects.homes
        assert dict(outcome.homes) == {
            "001_a.jpg": f"{room.home}/x/a.jpg",
            "001_a.xmp": f"{room.home}/x/a.xmp",
        }
        assert effects.aside == ("002_a.jpg", "002_a.jpg.xmp")
        assert effects.aside_bytes == outcome.set_aside_bytes == 4 + 6
        assert effects.parting == ("002_a.jpg.xmp",)
        assert (outcome.kept, outcome.set_aside) == (1, 1)
        assert room.names() == {"x/a.jpg", "x/a.xmp", "y/b.jpg"}
        assert session.undo_subject(group.subject).kept == 1
        assert room.files() == before


def test_a_companion_of_which_a_kept_one_has_the_content_is_no_loss(room: Room) -> None:
    room.put("y/a.jpg.xmp", "settings")
    with room.session() as session:
        group = room.staged(session)
        assert session.preview(keep(group, "x/a.jpg")).parting == ()


def test_a_photo_whose_place_is_taken_takes_a_new_name_with_its_companion(room: Room) -> None:
    with room.session() as session:
        group = room.staged(session)
        room.write(y__a__jpg="newer")
        decision = keep(group, "x/a.jpg", "y/a.jpg")
        effects = session.preview(decision)
        assert session.settle(decision).homes == effects.homes
    assert room.names() >= {"x/a.jpg", "x/a.xmp", "y/a (kept).jpg", "y/a (kept).jpg.xmp"}
    assert (room.home / "y/a.jpg").read_text() == "newer"


def test_a_companion_whose_place_is_taken_renames_its_photo_too(room: Room) -> None:
    with room.session() as session:
        group = room.staged(session)
        room.write(x__a__xmp="newer")
        decision = keep(group, "x/a.jpg")
        effects = session.preview(decision)
        assert session.settle(decision).homes == effects.homes
    assert room.names() == {"x/a.xmp", "x/a (kept).jpg", "x/a (kept).xmp", "y/b.jpg"}


def test_what_was_set_aside_takes_a_new_name_with_its_companion_too(room: Room) -> None:
    with room.session() as session:
        group = room.staged(session)
        session.settle(keep(group, "x/a.jpg"))
        room.write(y__a__jpg="newer")
        session.undo_subject(group.subject)
    assert room.names() > {"y/a.jpg", "y/a (restored).jpg", "y/a (restored).jpg.xmp"}


def test_a_kept_companion_that_decayed_stops_the_group(room: Room) -> None:
    with room.session() as session:
        group = room.staged(session)
        path = Path(group.folder, "001_a.xmp")
        status = path.stat()
        path.write_text("SETTINGS")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        with pytest.raises(RefusedError, match="no longer holds the bytes"):
            session.settle(keep(group, "x/a.jpg"))
        assert set(os.listdir(group.folder)) > {"001_a.jpg", "001_a.xmp", "002_a.jpg"}


def test_a_shared_companion_stays_home_unless_all_its_photos_are_staged(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.write(x__a__jpg="same", x__a__heic="other", x__a__mov="film", y__a__jpg="same")
    with room.session() as session:
        group = room.staged(session)
        assert group.attached == ()
    assert room.names() == {"x/a.heic", "x/a.mov"}


def test_a_shared_companion_comes_home_with_whichever_photo_is_kept(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.write(x__a__jpg="same", x__a__heic="same", x__a__mov="film", y__a__jpg="same")
    with room.session() as session:
        group = room.staged(session)
        assert [(one.name, one.owners) for one in group.attached] == [
            ("001_a.mov", ("001_a.heic", "002_a.jpg"))
        ]
        session.settle(keep(group, "x/a.jpg"))
    assert room.names() == {"x/a.jpg", "x/a.mov"}


def test_a_shared_companion_and_the_photo_that_is_kept_take_one_new_name(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.write(x__a__jpg="same", x__a__heic="same", x__a__mov="film", y__a__jpg="same")
    with room.session() as session:
        group = room.staged(session)
        room.write(x__a__mov="newer")
        decision = keep(group, "x/a.jpg")
        effects = session.preview(decision)
        assert session.settle(decision).homes == effects.homes
    assert room.names() == {"x/a.mov", "x/a (kept).jpg", "x/a (kept).mov"}


def test_a_companion_that_stays_home_anyway_may_change(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.write(x__a__jpg="same", x__a__heic="other", x__a__mov="film", y__a__jpg="same")
    groups = room.groups()
    room.write(x__a__mov="edited film")
    with room.session() as session:
        [group] = session.stage(groups)
        assert len(group.entries) == 2
        assert not session.problems


def test_a_shared_companion_leaves_when_none_of_its_photos_is_kept(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.write(x__a__jpg="same", x__a__heic="same", x__a__mov="film", y__a__jpg="same")
    before = room.files()
    with room.session() as session:
        group = room.staged(session)
        session.settle(keep(group, "y/a.jpg"))
        assert room.names() == {"y/a.jpg"}
        assert session.standing.aside_files == 3
        session.undo(session.undoable())
        assert room.files() == before


@pytest.mark.parametrize("include_all", [False, True])
def test_a_raw_file_is_never_proposed_against_its_jpeg_and_goes_along(
    tmp_path: Path, include_all: bool
) -> None:
    room = Room(tmp_path, include_all=include_all)
    room.write(x__a__jpg="same", x__a__cr2="same", y__a__jpg="same", y__a__cr2="same")
    with room.session() as session:
        group = room.staged(session)
        assert [entry.origin for entry in group.entries] == [
            f"{room.home}/x/a.jpg",
            f"{room.home}/y/a.jpg",
        ]
        session.settle(keep(group, "y/a.jpg"))
    assert room.names() == {"y/a.jpg", "y/a.cr2"}


@pytest.mark.parametrize("mode", ["exact", "phash"])
@pytest.mark.parametrize(
    "companion",
    [
        "IMG_1.xmp",
        "IMG_1.jpg.xmp",
        "IMG_1.AAE",
        "IMG_1.THM",
        "IMG_1.wav",
        "IMG_1.DNG",
        "IMG_1.MOV",
        "IMG_1.mp4",
        "IMG_1.jpg.json",
        "IMG_1.json",
        "IMG_1.jpg.supplemental-metadata.json",
        "IMG_1.jpg.suppl.json",
    ],
)
def test_every_kind_of_companion_moves_with_its_photo(
    tmp_path: Path, mode: Mode, companion: str
) -> None:
    room = Room(tmp_path, mode)
    room.picture("x/IMG_1.jpg", 1)
    room.picture("y/IMG_1.jpg", 1)
    room.put(f"x/{companion}", "x")
    room.put(f"y/{companion}", "y")
    before = room.files()
    with room.session() as session:
        group = room.staged(session)
        assert room.names() == set()
        assert {one.name for one in group.attached} == {f"001_{companion}", f"002_{companion}"}
        session.settle(keep(group, "y/IMG_1.jpg"))
        assert room.names() == {"y/IMG_1.jpg", f"y/{companion}"}
        session.undo(session.undoable())
        assert room.files() == before


def test_the_numbered_and_edited_pictures_of_a_takeout_keep_their_json(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.write(x__a__jpg="1", x__b__jpg="1")
    room.put("x/a-edited.jpg", "2")
    room.put("x/a(1).jpg", "1")
    room.put("x/a.jpg.supplemental-metadata.json", "of a and a-edited")
    room.put("x/a.jpg.supplemental-metadata(1).json", "of a(1)")
    with room.session() as session:
        group = room.staged(session)
        assert [one.name for one in group.attached] == ["001_a.jpg.supplemental-metadata(1).json"]
    # The edited one is in no group: what it shares with its original stays where both can find it.
    assert room.names() == {"x/a-edited.jpg", "x/a.jpg.supplemental-metadata.json"}


@pytest.mark.parametrize("change", [os.remove, lambda path: Path(path).write_text("edited since")])
def test_a_photo_stays_with_a_companion_that_cannot_go_along(
    tmp_path: Path, change: object
) -> None:
    room = Room(tmp_path)
    room.write(x__a__jpg="same", y__a__jpg="same", z__a__jpg="same", z__a__xmp="settings")
    groups = room.groups()
    assert callable(change)
    change(str(room.home / "z/a.xmp"))
    with room.session() as session:
        [group] = session.stage(groups)
        assert [entry.name for entry in group.entries] == ["001_a.jpg", "002_a.jpg"]
        [problem] = session.problems
    assert problem.path == str(room.home / "z/a.jpg")
    assert problem.detail.startswith("stays with its companion a.xmp: ")
    assert (room.home / "z/a.jpg").exists()


def test_a_photo_that_vanished_is_told_once_and_its_companion_stays(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.write(x__a__jpg="same", y__a__jpg="same", z__a__jpg="same", z__a__xmp="settings")
    groups = room.groups()
    os.remove(room.home / "z/a.jpg")
    with room.session() as session:
        [group] = session.stage(groups)
        assert group.attached == ()
        assert [problem.path for problem in session.problems] == [str(room.home / "z/a.jpg")]
    assert room.names() == {"z/a.xmp"}


def test_links_to_companions_and_companions_with_two_names_are_left_alone(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.write(x__a__jpg="same", y__a__jpg="same", y__a__xmp="twice", z__other__txt="z")
    (room.home / "x/a.xmp").symlink_to(room.home / "z/other.txt")
    (room.home / "z/also.xmp").hardlink_to(room.home / "y/a.xmp")
    with room.session() as session:
        assert room.staged(session).attached == ()
    assert (room.home / "x/a.xmp").is_symlink()
    assert (room.home / "y/a.xmp").exists()


def test_names_that_become_the_same_in_the_group_are_told_apart(tmp_path: Path) -> None:
    room = Room(tmp_path)
    long = "n" * 150
    for name in (f"x/{long}.jpg", f"y/{long}.jpg"):
        room.put(name, "same")
    for name in (f"{long}.xmp", f"{long}.XMP", f"{long}.jpg.xmp", f"{long}.aae"):
        room.put(f"x/{name}", name)
    before = room.files()
    with room.session() as session:
        group = room.staged(session)
        names = [one.name.casefold() for one in group.attached]
        assert len(set(names)) == 4
        session.undo(session.undoable())
    assert room.files() == before


def test_a_group_whose_journal_is_gone_is_taken_over_with_its_companions(room: Room) -> None:
    before = room.files()
    with room.session() as session:
        staged = room.staged(session)
    os.remove(room.decide / ".journal.jsonl")
    with room.session() as session:
        [group] = session.resume()
        assert group.entries == staged.entries
        assert group.attached == staged.attached
        session.undo(session.undoable())
    assert room.files() == before


def test_a_companion_that_vanished_from_its_group_is_named(room: Room) -> None:
    with room.session() as session:
        group = room.staged(session)
        os.remove(os.path.join(group.folder, "001_a.xmp"))
        [resumed] = session.resume()
        assert [one.name for one in resumed.attached] == ["002_a.jpg.xmp"]
        assert [problem.path for problem in session.problems] == [str(room.home / "x/a.xmp")]


def test_a_companion_whose_photo_was_taken_home_by_hand_comes_home(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.write(x__a__jpg="same", x__a__xmp="x", y__a__jpg="same", z__a__jpg="same")
    with room.session() as session:
        group = room.staged(session)
        shutil.move(Path(group.folder, "001_a.jpg"), room.home / "x/a.jpg")
        [resumed] = session.resume()
        assert [one.owners for one in resumed.attached] == [()]
        decision = keep(resumed, "y/a.jpg")
        effects = session.preview(decision)
        assert session.settle(decision).homes == effects.homes
    assert room.names() == {"x/a.jpg", "x/a.xmp", "y/a.jpg"}


def test_companions_left_alone_in_a_group_are_named_and_undo_brings_them_home(room: Room) -> None:
    before = room.names()
    with room.session() as session:
        group = room.staged(session)
        for entry in group.entries:
            shutil.move(os.path.join(group.folder, entry.name), entry.origin)
        assert session.resume() == []
        assert len(session.problems) == 2
        assert "undo" in session.problems[0].detail
        session.undo(session.undoable())
        assert session.close()
    assert room.names() == before


def test_a_companion_is_no_witness_for_a_purge(tmp_path: Path) -> None:
    room = Room(tmp_path, "phash")
    room.picture("x/a.jpg", 1)
    room.picture("y/a.jpg", 1)
    room.put("x/a.xmp", "settings")
    with room.session() as session:
        group = room.staged(session)
        session.settle(keep(group, "x/a.jpg"))
        os.remove(room.home / "x/a.jpg")
        assert session.free_space() == 0


def test_a_purge_ends_what_went_aside_with_a_photo(room: Room) -> None:
    with room.session() as session:
        group = room.staged(session)
        session.settle(keep(group, "x/a.jpg"))
        assert session.standing.aside_files == 2
        assert session.free_space() == 4 + 6
        assert session.close()
    assert room.names() == {"x/a.jpg", "x/a.xmp", "y/b.jpg"}


def test_a_stage_that_is_taken_back_takes_the_companions_back_too(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = room.files()
    move = RealKernel.move

    def refuse(self: RealKernel, source: str, target: str) -> None:
        if source.endswith("a.jpg.xmp"):
            raise PermissionError(13, "Permission denied", source)
        move(self, source, target)

    monkeypatch.setattr(RealKernel, "move", refuse)
    with room.session() as session:
        assert session.stage(room.groups()) == []
    assert room.files() == before


def test_a_rehearsal_names_what_would_go_along(room: Room) -> None:
    told: list[Event] = []
    rehearse(room.settings, told.append)
    notes = [event.text for event in told if isinstance(event, Noted)]
    assert notes[-4:] == [
        f"    {room.home}/x/a.jpg",
        "      with its companion a.xmp",
        f"    {room.home}/y/a.jpg",
        "      with its companion a.jpg.xmp",
    ]
    assert room.names() == {"x/a.jpg", "x/a.xmp", "y/a.jpg", "y/a.jpg.xmp", "y/b.jpg"}


def test_what_is_left_out_because_it_goes_with_a_photo_is_counted(tmp_path: Path) -> None:
    room = Room(tmp_path, include_all=True)
    room.write(x__a__jpg="same", x__a__xmp="1", x__b__txt="same", x__a__cr2="same")
    told: list[Event] = []
    [group] = find(room.settings, told.append).groups
    assert [os.path.basename(m.examined.photo.path) for m in group.members] == ["a.jpg", "b.txt"]
    notes = [event.text for event in told if isinstance(event, Noted)]
    assert notes == ["left out: 2 files that belong to photos, which they go with"]


def test_a_companion_mounted_over_or_on_another_drive_is_left_alone(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = frozenset([f"{room.home}/x/a.xmp"])
    monkeypatch.setattr("same_image_locator.scan.mount_points", lambda: mounts)
    with room.session() as session:
        assert [one.name for one in room.staged(session).attached] == ["002_a.jpg.xmp"]
