"""Brings groups into the decision folder as they are found, a piece at a time between decisions."""

import contextlib
import os
from collections import deque

from same_image_locator import journal, stage
from same_image_locator.aliases import drive, mount_points
from same_image_locator.events import Listener, Noted, StepFinished, StepStarted
from same_image_locator.finder import PATIENCE_SECONDS, Finder
from same_image_locator.model import Group, Problem, Settings
from same_image_locator.plans import Staged
from same_image_locator.session import Session
from same_image_locator.wording import plural, printable, size_words

# A person who decides meanwhile waits for at most one piece: so many groups, or bytes to be read.
_PIECE_GROUPS, _PIECE_BYTES = 256, 256_000_000
# A wait that ends now and then lets Ctrl+C through on every system.
_HEARTBEAT_SECONDS = 0.5


class HandOver:
    """The one who takes groups from the finder and stages them, on the main thread alone.

    The journal stays open, and locked, for as long as ``stack``. ``session`` is None while there
    is no decision folder and nothing to put into one. ``patience`` is the finder's; ``at_once``
    groups at most are staged between two decisions.
    """

    def __init__(
        self,
        settings: Settings,
        stack: contextlib.ExitStack,
        listener: Listener,
        *,
        patience: float = PATIENCE_SECONDS,
        at_once: int = _PIECE_GROUPS,
    ) -> None:
        self._patience = patience
        self._at_once = at_once
        self.session: Session | None = None
        self._settings = settings
        self._stack = stack
        self._listener = listener
        self._finder: Finder | None = None
        self._ended = False
        self._pieces: deque[list[Group]] = deque()  # of the batch that is being staged
        self._staged = (0, 0)  # files and groups of it that are staged
        self._others: list[Staged] = []  # what another run has staged meanwhile

    @property
    def problems(self) -> list[Problem]:
        """What the search could not read so far."""
        return self._finder.problems if self._finder else []

    @property
    def searching(self) -> bool:
        """Whether further groups may come."""
        return self._finder is not None and not self._ended

    @property
    def busy(self) -> bool:
        """Whether the next piece is ready to be staged."""
        return bool(self._pieces)

    def begin(self, *, scan_first: bool = True) -> list[Staged]:
        """Return the groups that wait already; when there are none, begin to search.

        A run that died or was stopped before it had staged all is completed: what it had not
        reached is looked for again.
        """
        waiting: list[Staged] = []
        interrupted = False
        if os.path.isdir(self._settings.decision_folder or ""):
            self.session, waiting = self._opened()
            self._tell_what_waits(self.session, waiting)
            interrupted = self.session.staging_was_interrupted
        if not scan_first or (waiting and not interrupted):
            return waiting
        self._finder = Finder(self._settings, self._listener, self._patience)
        self._stack.callback(self._finder.stop)
        self._finder.start()
        # No photo comes home before the list of photos stands: it would be found again.
        while not self._finder.wait_for_list(_HEARTBEAT_SECONDS):
            pass
        return waiting

    def first(self) -> list[Staged]:
        """Wait for the first groups, and stage them; [] when the search ends without any."""
        staged: list[Staged] = []
        while self._finder is not None and self.searching and not staged:
            self._finder.wait(_HEARTBEAT_SECONDS)
            staged = self.bring()
        return staged

    def bring(self) -> list[Staged]:
        """Stage the next piece of what is due, and return its groups; notice the end.

        Raises:
            Exception: what ended the search; all that is staged stays so.
        """
        if self._finder is None or self._ended:
            return []
        if not self._pieces:
            self._accept(self._finder.take())
        staged = self._stage(self._pieces.popleft()) if self._pieces else []
        if self._finder.over and not self._pieces:
            self._end()
        others, self._others = self._others, []
        return [*others, *staged]

    def stop(self) -> None:
        """Look no further; the next run does."""
        if self._finder is not None:
            self._finder.stop()

    def _accept(self, groups: list[Group]) -> None:
        if groups:
            self._needed_session().check_room(groups)
            reads = self._settings.method.perceptual or self._settings.allow_copy
            self._pieces.extend(_pieces(groups, self._at_once, reads=reads))
            self._staged = (0, 0)
            self._listener(StepStarted("stage", len(groups)))

    def _stage(self, groups: list[Group]) -> list[Staged]:
        staged = self._needed_session().stage_some(groups)
        files, count = self._staged
        files, count = files + sum(len(one.entries) for one in staged), count + len(staged)
        self._staged = files, count
        if not self._pieces:
            summary = f"{plural(files, 'file')} in {plural(count, 'group')} wait for review"
            self._listener(StepFinished("stage", summary))
        return staged

    def _end(self) -> None:
        """Note that all is staged that this run has found."""
        self._ended = True
        if self.session is not None or os.path.isdir(self._settings.decision_folder or ""):
            self._needed_session().end_staging()

    def _needed_session(self) -> Session:
        if self.session is None:
            # Another run may have made the folder, and moved photos, while this one searched.
            self.session, self._others = self._opened()
        return self.session

    def _opened(self) -> tuple[Session, list[Staged]]:
        """Open the decision folder, made if it is missing, and take up what waits there."""
        session = opened_session(self._settings, self._stack, self._listener)
        return session, session.resume()

    def _tell_what_waits(self, session: Session, groups: list[Staged]) -> None:
        if groups:
            words = f"going on with {plural(len(groups), 'group')} staged earlier"
            self._listener(Noted(words))
            if session.root != self._settings.root:
                self._listener(Noted(f"they come from {printable(session.root)}"))
        standing = session.standing
        if standing.aside_files:
            files, size = plural(standing.aside_files, "file"), size_words(standing.aside_bytes)
            words = f"{files} set aside earlier, {size}"
            self._listener(Noted(f"{words}: `sil purge` frees them, `sil undo` brings them home"))


def opened_session(settings: Settings, stack: contextlib.ExitStack, listener: Listener) -> Session:
    """Open the decision folder, made if it is missing, and complete what was left half done.

    It stays open, and locked, for as long as ``stack``.
    """
    opened = stack.enter_context(journal.opened(settings.decision_folder or ""))
    mounts = mount_points()
    same_drive = drive(settings.root, mounts) == drive(opened.folder, mounts)
    hold = "" if same_drive else os.path.join(settings.root, journal.HOLD_NAME)
    session = Session(opened, settings.root, listener, hold=hold, rejects=settings.rejects)
    session.recover()
    return session


def _pieces(groups: list[Group], at_once: int, *, reads: bool) -> list[list[Group]]:
    """Cut a batch into what is staged at once; where files must be read for it, by bytes too."""
    pieces: list[list[Group]] = []
    size = 0
    for group in groups:
        more = sum(stage.sizes([group])) if reads else 0
        if not pieces or len(pieces[-1]) == at_once or size + more > _PIECE_BYTES:
            pieces.append([])
            size = 0
        pieces[-1].append(group)
        size += more
    return pieces
