"""The last line of defence: one file under two names is never staged as its own duplicate."""

import hashlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from same_image_locator import journal
from same_image_locator.events import ignore
from same_image_locator.journal import Journal
from same_image_locator.journal.kernel import RealKernel, Status
from same_image_locator.model import Examined, Group, Member, Method, Photo
from same_image_locator.session import Session

CONTENT = b"one photo"


class MadeUpNumbers(RealKernel):
    """A file system that gives each path a number of its own, as some network systems do."""

    def status(self, path: str) -> Status | None:
        found = super().status(path)
        if found is None:
            return None
        number = int.from_bytes(hashlib.sha256(os.fsencode(path)).digest()[:6])
        return found._replace(identity=found.identity._replace(inode=number))


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A photo and its copy; ``alias`` shows the whole folder once more."""
    for name in ("photos/in/a.jpg", "photos/in/copy.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(CONTENT)
    (tmp_path / "alias").symlink_to(tmp_path / "photos")
    (tmp_path / "decide").mkdir()
    return tmp_path


def group_of(kernel: RealKernel, paths: Sequence[Path]) -> Group:
    digest = hashlib.sha256(CONTENT).digest()
    members = []
    for path in paths:
        found = kernel.status(str(path))
        assert found is not None
        members.append(Member(Examined(Photo(str(path), found.identity), digest)))
    return Group(1, Method("exact"), tuple(members))


def staged(room: Path, kernel: RealKernel, *names: str) -> Session:
    session = Session(Journal(str(room / "decide"), kernel), str(room / "photos"), ignore)
    session.stage([group_of(kernel, [room / name for name in names])])
    return session


def entries(session: Session) -> list[str]:
    return [entry.origin for group in session.resume() for entry in group.entries]


def test_an_alias_that_the_numbers_show_is_left_out_of_its_group(room: Path) -> None:
    names = ("photos/in/a.jpg", "alias/in/a.jpg", "photos/in/copy.jpg")
    session = staged(room, RealKernel(), *names)
    assert entries(session) == [f"{room}/photos/in/a.jpg", f"{room}/photos/in/copy.jpg"]
    [problem] = session.problems
    assert problem.path == f"{room}/alias/in/a.jpg"
    assert problem.detail == (f"the same file under two names; the other is {room}/photos/in/a.jpg")


def test_a_photo_is_no_duplicate_of_its_alias_alone(room: Path) -> None:
    session = staged(room, RealKernel(), "photos/in/a.jpg", "alias/in/a.jpg")
    assert entries(session) == []
    assert (room / "photos/in/a.jpg").read_bytes() == CONTENT


def test_an_alias_that_nothing_shows_is_found_when_its_second_move_finds_nothing(
    room: Path,
) -> None:
    alias = "alias/in/a.jpg"
    kernel = MadeUpNumbers()
    before = os.stat(room / "photos/in/a.jpg")
    session = staged(room, kernel, "photos/in/copy.jpg", "photos/in/a.jpg", alias)
    assert entries(session) == []  # nothing of it is ever offered for a decision
    [problem] = session.problems
    assert problem.detail == f"{room}/{alias} is no longer there: the same file under two names"
    after = os.stat(room / "photos/in/a.jpg")
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert sorted(os.listdir(room / "photos/in")) == ["a.jpg", "copy.jpg"]
    assert not any(name.startswith("group") for name in os.listdir(room / "decide"))


def test_a_photo_that_really_vanished_is_not_called_an_alias(room: Path) -> None:
    kernel = RealKernel()
    group = group_of(kernel, [room / "photos/in/a.jpg", room / "photos/in/copy.jpg"])
    with journal.opened(str(room / "decide")) as opened:
        session = Session(opened, str(room / "photos"), ignore)
        perform = opened.perform

        def after_it_went(*given: object) -> object:
            subprocess.run(["rm", room / "photos/in/copy.jpg"], check=True)
            return perform(*given)  # type: ignore[arg-type] # handed on as it came

        opened.perform = after_it_went  # type: ignore[method-assign,assignment] # between plan and move
        session.stage([group])
    [problem] = session.problems
    assert problem.detail == f"{room}/photos/in/copy.jpg is no longer there"
    assert (room / "photos/in/a.jpg").read_bytes() == CONTENT


def test_hard_links_of_one_file_leave_no_group(room: Path) -> None:
    (room / "photos/in/link.jpg").hardlink_to(room / "photos/in/a.jpg")
    session = staged(room, RealKernel(), "photos/in/a.jpg", "photos/in/link.jpg")
    assert entries(session) == []
    assert session.problems[0].detail.startswith("the same file under two names")
