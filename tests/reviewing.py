"""A real library, staged by the real steps, and its review: what review and web tests work on."""

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pictures
from preparing import prepare
from same_image_locator.errors import RefusedError
from same_image_locator.events import ignore
from same_image_locator.model import Metadata, Method, Mode, Settings
from same_image_locator.pipeline import located
from same_image_locator.plans import Entry, Staged
from same_image_locator.review import FreeSpace, Review, Settle, Stop, Terms, Undo, View
from same_image_locator.session import Session

# Three groups, told apart by their seeds; "phone" and "backup" share folders in all of them.
THREE_GROUPS = {
    "phone/one.jpg": 1,
    "backup/one.jpg": 1,
    "sent/one copy.jpg": 1,
    "phone/two.jpg": 2,
    "backup/two.jpg": 2,
    "backup/three.jpg": 3,
    "sent/three.jpg": 3,
}


def library(root: Path, photos: Mapping[str, int]) -> Path:
    """Write a real picture of a seed to each path below ``root``."""
    for path, seed in photos.items():
        pictures.photo(root / path, seed)
    return root


@dataclass
class Run:
    """A staged library and the session that can settle it."""

    root: Path
    folder: Path
    session: Session
    groups: list[Staged]

    def review(self) -> Review:
        """Take the groups up for review, as a new run would."""
        return Review(
            str(self.folder),
            str(self.root),
            self.groups,
            self.session.preview,
            terms=Terms(past=self.session.past),
        )


@contextlib.contextmanager
def staged(root: Path, mode: Mode = "exact") -> Iterator[Run]:
    """Stage the groups of a library, or take up those that are staged."""
    folder = root.parent / "decisions"
    settings = located(Settings(str(root), Method(mode, 5 if mode != "exact" else 0), str(folder)))
    with contextlib.ExitStack() as stack:
        session, groups, _ = prepare(settings, stack, ignore)
        assert session is not None
        yield Run(Path(settings.root), folder, session, groups)


def carry_out(session: Session, review: Review) -> None:
    """Carry out one command of the inbox, as the main thread does."""
    match review.inbox.get(timeout=30):
        case Settle(decision=decision):
            try:
                review.settled(decision.subject, session.settle(decision))
            except RefusedError as refused:
                review.refused(decision.subject, refused.what)
        case Undo(subject=subject):
            try:
                review.undone(subject, "; ".join(session.undo_subject(subject).problems))
            except RefusedError as refused:
                review.refused(subject, refused.what)
        case FreeSpace(yes=yes):
            review.close(session.free_space() if yes else 0)
        case Stop():
            review.close()


@contextlib.contextmanager
def main_thread(session: Session, review: Review) -> Iterator[None]:
    """Have the inbox carried out beside the test until its end."""

    def work() -> None:
        while review.phase != "closed":
            carry_out(session, review)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield
    finally:
        review.stop()
        review.seen("closed")  # no page is left that would want to read the summary
        worker.join(30)
        assert not worker.is_alive()


def nothing_said(_view: View, _entry: Entry) -> Metadata:
    """Say nothing of a picture, as most files do."""
    return Metadata()


def tree(root: Path) -> dict[str, bytes]:
    """Return every file below ``root`` and what it holds."""
    return {
        os.path.relpath(os.path.join(folder, name), root): Path(folder, name).read_bytes()
        for folder, _, names in os.walk(root)
        for name in names
    }


def copied(source: Path, target: Path) -> Path:
    """Copy a file, making its folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy2(source, target))
