"""A look at the groups while another run works on them: a page that can change nothing."""

import contextlib
import time

from same_image_locator import journal, resume
from same_image_locator.cache import Cache
from same_image_locator.decode.previews import Previews
from same_image_locator.errors import ExitCode, RefusedError, UsageError
from same_image_locator.events import Listener, Noted, ignore
from same_image_locator.main_job import next_command, open_page, told_on_the_page
from same_image_locator.model import Settings
from same_image_locator.plans import Decision, Staged
from same_image_locator.review import Effects, Review, Stop, Terms
from same_image_locator.ui_console import UISplit
from same_image_locator.web_review import create_app
from same_image_locator.web_review.media import Gallery
from same_image_locator.web_review.server import Server

# Looking again costs a read of every group's small files: at most a tenth of the time goes there.
_PAUSE_SECONDS, _PAUSE_FACTOR = 2.0, 10
ENDED = "Read only: the other run has ended. Stop here and start again to decide"


def look(settings: Settings, owner: str, log: Listener = ignore) -> ExitCode:
    """Serve the groups of a decision folder in which ``owner`` works, until the person stops.

    Nothing in the decision folder is written, and the answer is always that this run was refused.
    """
    folder = settings.decision_folder or ""
    with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as stack:
        ui = stack.enter_context(UISplit(log=log))
        gallery = Gallery(stack.enter_context(Cache()), stack.enter_context(Previews()))
        server = _served(settings, ui)
        stack.callback(server.stop)
        terms = Terms(
            rejects=settings.rejects, read_only=_why(owner), keep_rules=settings.keep_rules
        )
        review = Review(folder, settings.root, _groups(folder), _nothing, terms=terms)
        server.start(create_app(review, gallery, server.keys, ui))
        ui(Noted(f"another run is working in {folder} ({owner}): you can look, not decide"))
        ui(Noted(f"read-only page: {server.url}"))
        if settings.open_browser:
            open_page(server.url)
        with gallery.ahead(review), told_on_the_page(review):
            _watch(review, folder)
    return ExitCode.REFUSED


def _served(settings: Settings, ui: UISplit) -> Server:
    """Take another port when the wished one is taken, most likely by the run that works here."""
    try:
        return Server(settings.host, settings.port, ui, settings.reach)
    except UsageError:
        return Server(settings.host, 0, ui, settings.reach)


def _watch(review: Review, folder: str) -> None:
    """Follow the other run until this page's own stop."""
    again = 0.0
    while not isinstance(next_command(review.inbox), Stop):
        began = time.monotonic()
        if began < again or not review.watched:
            continue
        owner = journal.owner(folder)
        review.look_again(_groups(folder), _why(owner) if owner else ENDED)
        took = time.monotonic() - began
        again = began + max(_PAUSE_SECONDS, _PAUSE_FACTOR * took)
    review.close()


def _groups(folder: str) -> list[Staged]:
    """Return what waits there now: nothing, when the other run has just removed the folder."""
    with contextlib.suppress(FileNotFoundError):
        return resume.staged_groups(journal.peek(folder), journal.DISK).groups
    return []


def _why(owner: str) -> str:
    return f"Read only: another run is working in this folder ({owner})"


def _nothing(_decision: Decision) -> Effects:
    """Foresee nothing: nobody can decide here."""
    raise RefusedError("This run may only look")
