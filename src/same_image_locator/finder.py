"""Looks for groups in a thread of its own, and hands them over as soon as they are final."""

import threading
import time
from collections.abc import Sequence

from same_image_locator.events import Event, Listener, StepFinished
from same_image_locator.model import Examined, Group, Photo, Problem, Settings
from same_image_locator.photos import Photos
from same_image_locator.scan import scan
from same_image_locator.wording import plural

# Groups handed over together are numbered together, the largest first.
PATIENCE_SECONDS = 2.0
_FAREWELL_SECONDS = 1.0


class _StoppedError(Exception):
    """The run is being stopped, so nothing more is looked for."""


class Finder:
    """Scans, fingerprints and groups beside the main thread; it reads, and moves nothing.

    The photos are listed before the first group is handed over: what is staged, or comes home,
    meanwhile is looked for no more. Groups never share a photo. Groups that come within
    ``patience`` seconds after a first one are handed over together.
    """

    def __init__(
        self,
        settings: Settings,
        listener: Listener,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self.problems: list[Problem] = []
        self._settings = settings
        self._listener = listener
        self._patience = patience
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._scanned = self._over = False
        self._whole = False  # over, and neither stopped nor ended by an error
        self._error: BaseException | None = None
        self._twins: list[list[Examined]] = []  # by content, not yet handed over
        self._groups: list[Group] = []  # ready as they are
        self._since = 0.0  # when the first of these came
        self._thread = threading.Thread(target=self._run, name="finder", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no further, and wait until the thread has noticed."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(_FAREWELL_SECONDS)

    def wait_for_list(self, seconds: float) -> bool:
        """Wait so long for the list of photos; returns whether it stands, or never will."""
        with self._changed:
            return self._changed.wait_for(lambda: self._scanned or self._over, seconds)

    def wait(self, seconds: float) -> None:
        """Wait so long for groups that are due, or for the end of the search."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or self._due(), seconds)

    @property
    def over(self) -> bool:
        """Whether all was looked through, and all groups were taken."""
        with self._changed:
            return self._whole and not (self._twins or self._groups)

    def take(self) -> list[Group]:
        """Return the groups that are due, the largest first; [] while none are.

        Raises:
            Exception: what ended the search.
        """
        from same_image_locator.group import identical_groups, to_decide

        with self._changed:
            if self._error is not None:
                raise self._error
            if not self._due():
                return []
            groups, self._groups = self._groups, []
            twins, self._twins = self._twins, []
        found = groups or identical_groups(twins)
        return to_decide(found, self._settings.protects) if self._settings.scope.fixed else found

    def _due(self) -> bool:
        if not (self._twins or self._groups):
            return False
        return self._over or time.monotonic() - self._since >= self._patience

    def _run(self) -> None:
        try:
            self._search()
            self._whole = True
        except _StoppedError:
            pass
        except BaseException as error:  # noqa: BLE001 - the main thread raises it again
            self._error = error
        finally:
            with self._changed:
                self._over = True
                self._changed.notify_all()

    def _search(self) -> None:
        photos, problems = scan(
            self._settings.root,
            self._settings.decision_folder or "",
            include_all=self._settings.include_all,
            listener=self._heard,
            scope=self._settings.scope,
        )
        with self._changed:
            self.problems += problems
            self._scanned = True
            self._changed.notify_all()
        if self._settings.method.perceptual:
            self._alike(photos)
        else:
            self._identical(photos)

    def _alike(self, photos: Photos) -> None:
        """Any photo may still open another's group, so that all groups are final at once."""
        from same_image_locator.alike import alike

        settings = self._settings
        groups, unreadable = alike(photos, settings.method, self._heard, verify=settings.verify)
        self.problems += unreadable
        with self._changed:
            self._groups, self._since = groups, time.monotonic()

    def _identical(self, photos: Sequence[Photo]) -> None:
        """A group is final when its files are read, while others are still being read."""
        from same_image_locator.fingerprint import identical

        groups = files = 0
        for twins in identical(photos, self._heard, self.problems):
            groups, files = groups + 1, files + len(twins)
            with self._changed:
                if not self._twins:
                    self._since = time.monotonic()
                self._twins.append(twins)
                self._changed.notify_all()
        summary = f"{plural(groups, 'group')} with {plural(files, 'file')}"
        self._heard(StepFinished("group", summary))

    def _heard(self, event: Event) -> None:
        """Pass an event on; every one of them is a chance to stop."""
        if self._stop.is_set():
            raise _StoppedError
        self._listener(event)
