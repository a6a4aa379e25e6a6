"""The main job with its faces: the terminal watches, the page decides, the main thread settles."""

import contextlib
import os
import queue
import sys
import threading
import webbrowser
from collections.abc import Iterator
from dataclasses import dataclass

from same_image_locator import apart
from same_image_locator.cache import Cache
from same_image_locator.decode.previews import Previews
from same_image_locator.errors import ExitCode, LocatorError, RefusedError
from same_image_locator.events import (
    Advanced,
    Grown,
    Listener,
    Noted,
    StepFinished,
    StepStarted,
    ignore,
)
from same_image_locator.follower import Follower
from same_image_locator.handover import HandOver
from same_image_locator.model import Disposal, Problem, Settings
from same_image_locator.plans import Decision, Staged
from same_image_locator.review import Command, FreeSpace, Review, Settle, Stop, Terms, Undo
from same_image_locator.review.bulk import Bulk
from same_image_locator.review.sure import Reading
from same_image_locator.session import Session
from same_image_locator.ui_console import UISplit
from same_image_locator.ui_summary import Summary
from same_image_locator.web_review import create_app
from same_image_locator.web_review.media import Gallery
from same_image_locator.web_review.server import Server
from same_image_locator.wording import disk_trouble, plural, printable, size_words

# A wait that ends now and then lets Ctrl+C through on every system.
_HEARTBEAT_SECONDS = 0.5

# What becomes of the files that are not kept: told before the first decision, and after each.
_WARNINGS: dict[Disposal, str] = {
    "quarantine": "",
    "trash": "files that you do not keep go to the system's trash",
    "delete": "files that you do not keep are removed for good: there is no undo",
}
_DONE: dict[Disposal, str] = {
    "quarantine": "set aside",
    "trash": "to the system's trash",
    "delete": "removed for good",
}


def run(
    settings: Settings, undo_command: str, *, scan_first: bool = True, log: Listener = ignore
) -> ExitCode:
    """Find or resume, stage, review in the browser, settle, and tell what was done.

    Raises:
        LocatorError: the run cannot begin; nothing was changed.
    """
    ui = UISplit(log=log)
    with contextlib.ExitStack() as stack:
        stack.enter_context(ui)
        gallery = Gallery(stack.enter_context(Cache()), stack.enter_context(Previews()))
        # Bound before anything moves: a port in use must not leave photos staged.
        server = None
        if settings.page:
            server = Server(settings.host, settings.port, ui, settings.reach)
            stack.callback(server.stop)
        hand_over = HandOver(settings, stack, ui)
        groups = hand_over.begin(scan_first=scan_first) or hand_over.first()
        job = _Job(settings, hand_over, groups, ui, server, gallery)
        code = job.done()
    ui.summary(job.summary(undo_command))
    return code


@dataclass(slots=True)
class _Job:
    """What is left to do once the first groups are staged, and what was done."""

    settings: Settings
    hand_over: HandOver
    groups: list[Staged]
    ui: UISplit
    server: Server | None
    gallery: Gallery
    settled: int = 0
    kept: int = 0
    set_aside: int = 0
    review: Review | None = None

    def done(self) -> ExitCode:
        """Review and settle, then remove the decision folder when nothing is left in it."""
        finished = True
        session = self.hand_over.session
        if session and self.groups:
            try:
                finished = self._reviewed(session)
            finally:
                if self.server is not None:
                    self.server.stop()  # the page's last ticks are written while we hold the lock
                self.hand_over.stop()
        if session:
            self._leave(session)
        if not finished:
            return ExitCode.DUPLICATES_REMAIN
        return ExitCode.PROBLEMS if self._problems() else ExitCode.DONE

    def summary(self, undo_command: str) -> Summary:
        """Return the figures for the end of the run."""
        session = self.hand_over.session
        standing = session.standing if session else None
        totals = self.review.totals() if self.review else None
        waiting = bool(standing and (standing.aside_files or standing.staged))
        return Summary(
            self.settled,
            self.kept,
            self.set_aside,
            standing.aside_bytes if standing else 0,
            session.freed_bytes if session else 0,
            self._problems(),
            self.settings.decision_folder or "",
            undo_command if waiting else "",
            (totals.trashed, totals.trashed_bytes) if totals else (0, 0),
            (totals.removed, totals.removed_bytes) if totals else (0, 0),
        )

    def _problems(self) -> tuple[Problem, ...]:
        session = self.hand_over.session
        return (*self.hand_over.problems, *(session.problems if session else ()))

    def _reviewed(self, session: Session) -> bool:
        """Serve the page and carry out what it asks; False when it was stopped before the end."""
        folder = self.settings.decision_folder or ""
        standing = session.standing
        apart.known(self.ui)  # a damaged memory is told before the page needs it
        self.review = review = Review(
            folder,
            self.settings.root,
            self.groups,
            session.preview,
            terms=Terms(
                (standing.aside_files, standing.aside_bytes),
                self.settings.rejects,
                keep_rules=self.settings.keep_rules,
                past=session.past,
            ),
        )
        if self.hand_over.searching:
            review.search(self.ui.progress.search)
        reading = Reading(self.gallery.all_facts, self.gallery.metadata)
        follower = Follower(review, reading, self.settings.auto, self.ui)
        follower.expect(review.waiting)
        with self._served(review):
            while review.phase == "review":
                over = not self._carried_out(session, review, wait=not follower.busy)
                if over or self._nobody_decides(review, follower):
                    review.close()
                    return False
                self._take_in(review, follower)
                follower.follow()
            self.ui(StepFinished("review", f"{plural(self.settled, 'group')} settled"))
            self._offer(session, review)
        return True

    @contextlib.contextmanager
    def _served(self, review: Review) -> Iterator[None]:
        """Show the review on the page, if there is to be one."""
        bulk = Bulk(review, Reading(self.gallery.all_facts, self.gallery.metadata))
        if self.server is not None:
            app = create_app(review, self.gallery, self.server.keys, self.ui, bulk)
            self.server.start(app)
        self.ui(StepStarted("review", len(self.groups)))
        if self.server is None:
            with told_on_the_page(review):
                yield
            return
        self.ui(Noted(f"review page: {self.server.url}"))
        if words := _WARNINGS[self.settings.rejects]:
            self.ui(Noted(words))
        if self.settings.open_browser:
            open_page(self.server.url)
        with self.gallery.ahead(review), bulk, told_on_the_page(review):
            yield

    def _nobody_decides(self, review: Review, follower: Follower) -> bool:
        """Whether there is no page, and nothing is left to be done without one."""
        if self.server is not None or follower.busy or self.hand_over.searching:
            return False
        return review.inbox.empty() and review.phase == "review"

    def _take_in(self, review: Review, follower: Follower) -> None:
        """Stage what has been found meanwhile, and show it."""
        if not self.hand_over.searching:
            return
        if arrived := self.hand_over.bring():
            self.ui(Grown("review", len(arrived)))
            follower.expect(review.arrived(arrived))
        if not self.hand_over.searching:
            review.search_ended()

    def _carried_out(self, session: Session, review: Review, *, wait: bool = True) -> bool:
        """Carry out the page's next command; False when it asks to stop."""
        match next_command(review.inbox, wait=wait and not self.hand_over.busy):
            case Settle(decision=decision):
                self._settle(session, review, decision)
            case Undo(subject=subject):
                self._undo(session, review, subject)
            case FreeSpace(yes=True):
                review.close(session.free_space())
            case FreeSpace():
                review.close()
            case Stop():
                return False
            case _:
                pass  # a heartbeat: nothing was asked
        return True

    def _settle(self, session: Session, review: Review, decision: Decision) -> None:
        try:
            outcome = session.settle(decision)
        except RefusedError as refused:
            self.ui(Noted(f"not settled, the group is as before: {refused.what}"))
            review.refused(decision.subject, refused.what)
            return
        self.settled += 1
        self.kept += outcome.kept
        if outcome.disposal == "quarantine":
            self.set_aside += outcome.set_aside
        for _, home in outcome.homes:
            self.ui(Noted(f"kept: {printable(home)}"))
        for path in outcome.sidecars:
            self.ui(Noted(f"metadata written: {printable(path)}"))
        if outcome.set_aside:
            size = size_words(outcome.set_aside_bytes)
            files = plural(outcome.set_aside, "file")
            self.ui(Noted(f"{_DONE[outcome.disposal]}: {files}, {size}"))
        self.ui(Advanced("review"))
        review.settled(decision.subject, outcome)

    def _undo(self, session: Session, review: Review, subject: str) -> None:
        try:
            outcome = session.undo_subject(subject)
        except RefusedError as refused:
            review.refused(subject, refused.what)
            return
        self.ui(Noted(f"undone: {plural(outcome.kept, 'file')} back home"))
        for path in outcome.sidecars:
            self.ui(Noted(f"removed again: {printable(path)}"))
        if review.undone(subject, "; ".join(outcome.problems)):
            self.set_aside -= outcome.kept

    def _offer(self, session: Session, review: Review) -> None:
        """Offer to free the space, in the terminal and on the page; the first answer counts."""
        standing = session.standing
        if not standing.aside_files or self.server is None:
            review.close()
            return
        with self.ui.suspended() as console:
            if sys.stdin is not None and sys.stdin.isatty():
                size = size_words(standing.aside_bytes)
                files = plural(standing.aside_files, "file")
                console.print(f"Free {size} now, by removing the {files} set aside? (y/N) ", end="")
                threading.Thread(target=_ask, args=(review.inbox,), daemon=True).start()
            while review.phase != "closed" and self._carried_out(session, review):
                pass

    def _leave(self, session: Session) -> None:
        if not session.close():
            return
        self.ui(Noted("nothing is left to decide: the decision folder is removed"))


@contextlib.contextmanager
def told_on_the_page(review: Review) -> Iterator[None]:
    """Let the page know why the run had to stop, before the trouble goes on its way."""
    try:
        yield
    except OSError as error:
        review.close(trouble=disk_trouble(error))
        raise
    except LocatorError as error:
        review.close(trouble=str(error))
        raise


def next_command(inbox: "queue.Queue[Command]", *, wait: bool = True) -> Command | None:
    """Return what the page asks next, None when it asked nothing, for a moment if we may wait."""
    try:
        return inbox.get(wait, _HEARTBEAT_SECONDS)
    except queue.Empty:
        return None


def _ask(inbox: "queue.Queue[Command]") -> None:
    answer = sys.stdin.readline()
    if answer:
        inbox.put(FreeSpace(answer.strip().lower() in {"y", "yes"}))


def open_page(url: str) -> None:
    """Open the page in the user's browser, never in one that would take the terminal over."""
    graphical = sys.platform in {"win32", "darwin"} or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if graphical:
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
