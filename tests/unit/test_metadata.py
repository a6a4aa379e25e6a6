"""What a photo is besides its bytes goes through stage, settle and undo, attribute by attribute."""

import os
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from mounting import without
from same_image_locator import journal
from same_image_locator.events import ignore
from same_image_locator.model import Method, Settings
from same_image_locator.pipeline import find
from same_image_locator.plans import Decision
from same_image_locator.session import Session

_OWNER = (12345, 54321)
_ACL = "system.posix_acl_access"


@dataclass
class Library:
    """Two identical photos, and ways to send them through the program."""

    room: Path

    @property
    def photos(self) -> list[Path]:
        return [self.room / "photos/a.jpg", self.room / "photos/b.jpg"]

    def go_through(self, way: str) -> list[Path]:
        """Stage and undo, or settle (one kept, one set aside), or settle and undo."""
        with journal.opened(str(self.room / "decide")) as opened:
            session = Session(opened, str(self.room / "photos"), ignore)
            settings = Settings(str(self.room / "photos"), Method("exact"), opened.folder)
            [group] = session.stage(find(settings, ignore).groups)
            assert not any(path.exists() for path in self.photos)
            if way != "undo":
                session.settle(Decision(group.subject, frozenset([group.entries[0].name])))
            if way != "settle":
                session.undo(session.undoable())
                return self.photos
        [aside] = (self.room / "decide/.set-aside").glob("*/*/*")
        return [self.photos[0], aside]


@pytest.fixture(params=["undo", "settle", "settle and undo"])
def through(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., None]:
    """Return ``through(give, ask)``: what ``give`` gave a file, ``ask`` finds there in the end."""
    library = Library(tmp_path)
    for path in library.photos:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"the same")

    def check(give: Callable[[Path], object], ask: Callable[[Path], object]) -> None:
        for path in library.photos:
            give(path)
        before = [ask(path) for path in library.photos]
        ends = library.go_through(request.param)
        assert [ask(path) for path in ends] == before

    return check


def mode(path: Path) -> int:
    return path.stat().st_mode


def owner(path: Path) -> tuple[int, int]:
    return path.stat().st_uid, path.stat().st_gid


@pytest.mark.parametrize("time", [1, -1_000_000_001, 1_600_000_000_123_456_789, 2**62])
def test_the_time_of_the_last_change_survives_to_the_nanosecond(
    through: Callable[..., None], time: int
) -> None:
    through(lambda path: os.utime(path, ns=(5, time)), lambda path: path.stat().st_mtime_ns)


@pytest.mark.parametrize("bits", [0o400, 0o644, 0o777, 0o6711, 0o1604])
def test_the_mode_survives(through: Callable[..., None], bits: int) -> None:
    through(lambda path: path.chmod(bits), mode)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_and_the_group_survive(through: Callable[..., None]) -> None:
    through(lambda path: os.chown(path, *_OWNER), owner)


def test_attributes_of_the_users_survive(through: Callable[..., None]) -> None:
    def give(path: Path) -> None:
        try:
            os.setxattr(path, "user.tags", b"beach\0\xff")
            os.setxattr(path, "user.empty", b"")
        except OSError as error:
            without(f"no user attributes here: {error}")

    through(give, lambda path: {name: os.getxattr(path, name) for name in os.listxattr(path)})


def test_an_access_list_survives(through: Callable[..., None]) -> None:
    # user::rw-, user:12345:r--, group::r--, mask::rw-, other::---
    entries = ((1, 6, -1), (2, 4, 12345), (4, 4, -1), (16, 6, -1), (32, 0, -1))
    value = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)

    def give(path: Path) -> None:
        try:
            os.setxattr(path, _ACL, value)
        except OSError as error:
            without(f"no access lists here: {error}")

    through(give, lambda path: (os.getxattr(path, _ACL), mode(path)))


def test_the_time_of_birth_survives(through: Callable[..., None]) -> None:
    def born(path: Path) -> str:
        command = ["stat", "--format=%w", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or done.stdout.strip() == "-":
            without("this file system tells no time of birth")
        return done.stdout

    through(lambda _: None, born)


def test_the_file_itself_is_moved_and_never_made_anew(through: Callable[..., None]) -> None:
    through(lambda _: None, lambda path: path.stat().st_ino)


def test_a_file_with_more_names_elsewhere_keeps_them(through: Callable[..., None]) -> None:
    def give(path: Path) -> None:
        (path.parent.parent / f"link to {path.name}").hardlink_to(path)

    through(give, lambda path: (path.stat().st_nlink, path.stat().st_ino))
