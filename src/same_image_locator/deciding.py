"""Decides groups without a page, by the same ticks, confirmations and settling that it uses."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from same_image_locator import journal
from same_image_locator.cache import Cache
from same_image_locator.decode.previews import Previews
from same_image_locator.errors import LocatorError, UsageError
from same_image_locator.events import ignore
from same_image_locator.model import AUTO, Auto
from same_image_locator.picture_reader import PictureReader
from same_image_locator.review import (
    Effects,
    Outcome,
    Rehearsal,
    Review,
    ReviewRefusal,
    Settle,
    Terms,
    View,
    confirming,
    sure,
)
from same_image_locator.review.folder_copies import weigh_copies
from same_image_locator.review.overlaps import Copies
from same_image_locator.review.proposals import Proposal, Why, weigh
from same_image_locator.review.record import Record
from same_image_locator.review.transfer import offered
from same_image_locator.session import Session

Way = Literal["keep", "keep-all", "keep-none", "not-duplicates", "suggested", "keep-in", "apart"]


class Choice(NamedTuple):
    """What is to be decided, and how.

    ``numbers`` are those of the groups, none for every group that waits. With the way "keep" the
    ``files`` of these numbers are kept; with "suggested" suggestions by these ``rules``, none for
    the usual ones, are followed as far as they are as sure as ``auto``. With "keep-in" the files
    in this ``folder`` are kept, where all are one picture and nothing would be missed. The files of
    the numbers ``apart`` are other pictures than the rest; with that way nothing else is decided.
    With ``sidecars`` what only a file that goes says of the picture is written beside the kept.
    """

    numbers: tuple[int, ...]
    way: Way
    files: tuple[int, ...] = ()
    auto: Auto = "identical"
    rules: tuple[str, ...] = ()
    sidecars: bool = False
    apart: tuple[int, ...] = ()
    folder: str = ""


class Decided(NamedTuple):
    """What became of a group, or in a dry run would.

    It was settled if it has an ``outcome``. Else it waits on, because its suggestion was not to be
    followed, which ``left`` words, or because of a ``reason`` that is a trouble. ``missed`` tells
    by name what a file that was not kept has and no kept one, and ``why`` what spoke for the kept
    one, where it was suggested.
    """

    view: View
    effects: Effects | None = None
    outcome: Outcome | None = None
    reason: str = ""
    left: Why | Literal["told"] | None = None
    missed: tuple[tuple[str, str], ...] = ()
    why: str = ""

    @property
    def refused(self) -> bool:
        """Whether what was asked for could not be done."""
        return self.outcome is None and self.left is None


class Decider:
    """Decides the groups of one opened decision folder, one after the other."""

    def __init__(self, review: Review, session: Session, reader: PictureReader) -> None:
        self.review = review
        self.session = session
        self._reader = reader

    def numbers(self, choice: Choice) -> list[int]:
        """Return the numbers of the groups that are meant.

        Raises:
            UsageError: there is no such group, or no such file in it; nothing is decided then.
        """
        waiting = self.review.waiting
        if unknown := sorted(set(choice.numbers) - set(waiting)):
            raise UsageError(f"No group {unknown[0]} waits", "sil groups tells those that do")
        chosen = sorted(set(choice.numbers)) or waiting
        for number in chosen:
            count = len(self.review.view(number).entries)
            highest = max((*choice.files, *choice.apart), default=0)
            if highest > count:
                what = f"There is no file {highest} in group {number}"
                raise UsageError(what, f"It has {count}; nothing was decided")
        return chosen

    def decide(self, number: int, choice: Choice) -> Decided:
        """Decide one group and settle it."""
        view = self.review.view(number)
        found = self._kept(view, choice)
        if isinstance(found, str):
            return Decided(view, left=found)
        if isinstance(found, Proposal):
            keep, why = found.keep, f"{found.confidence}: {found.reason}"
        else:
            keep, why = found, ""
        try:
            if other := keep if choice.way == "not-duplicates" else _names(view, choice.apart):
                view = self.review.not_duplicates(number, other, view.rev)
            if choice.way == "apart":
                return Decided(view, left="told")
            return self._settled(view, keep, choice)._replace(why=why)
        except ReviewRefusal as refusal:
            for statement in view.told:  # what is refused is refused whole
                self.review.together_again(statement)
            return Decided(view, reason=str(refusal))
        except LocatorError as error:
            self.review.refused(view.staged.subject, error.what)
            return Decided(view, reason=error.what)

    def _kept(self, view: View, choice: Choice) -> frozenset[str] | Proposal | Why:
        """Return the names of the files that are kept, or why that is left to a person."""
        reading = sure.Reading(self._reader.facts, self._reader.metadata)
        match choice.way:
            case "suggested":
                return weigh(self.review, choice.auto, reading, view)
            case "keep-in":
                copies = Copies(clear="", keep=self.review.place_of(choice.folder))
                return weigh_copies(self.review, copies, AUTO[-1], reading, view)
            case "keep" | "apart":
                return _names(view, choice.files)
            case "keep-none":
                return view.fixed
            case "keep-all" | "not-duplicates":
                return frozenset(entry.name for entry in view.entries)

    def _settled(self, view: View, keep: frozenset[str], choice: Choice) -> Decided:
        number, none = view.number, choice.way == "keep-none"
        # What will be refused must not stand there as ticked.
        ticked = Record(view.staged, number, keep | view.fixed, parting=view.parting)
        confirming.check(ticked, allow_none=none)
        chosen = self.review.choose(number, keep, view.rev)
        missed = self._missed(chosen)  # while the files are still where they are read
        offer = offered(chosen, self._reader.metadata) if choice.sidecars else None
        sidecars = offer.sidecars if offer else ()
        first = self.review.finish(number, chosen.rev, allow_none=none, sidecars=sidecars)
        self.review.confirm(number, first.nonce, wait=0, sidecars=choice.sidecars)
        command = self.review.inbox.get_nowait()
        assert isinstance(command, Settle)  # noqa: S101 - nobody else asks for anything here
        outcome = self.session.settle(command.decision)
        self.review.settled(view.staged.subject, outcome)
        return Decided(chosen, first.effects, outcome, missed=missed)

    def _missed(self, view: View) -> tuple[tuple[str, str], ...]:
        if sure.same_bytes(view) or len(view.keep) == len(view.entries):
            return ()
        lacks = self.review.missed(view, self._reader.facts(view))
        return tuple((view.entries[lack.place].name, lack.words) for lack in lacks)


def _names(view: View, files: Sequence[int]) -> frozenset[str]:
    return frozenset(view.entries[file - 1].name for file in files)


@contextlib.contextmanager
def decider(
    folder: str, root: str, rules: tuple[str, ...], *, dry_run: bool = False
) -> Iterator[Decider]:
    """Open a decision folder for decisions; a dry run changes nothing in it.

    What an interrupted run left half done is completed first. ``root`` is where photos come from
    as long as the journal does not know it.

    Raises:
        LockedError: another run works in it.
    """
    with contextlib.ExitStack() as stack:
        reader = PictureReader(stack.enter_context(Cache()), stack.enter_context(Previews()))
        if dry_run:
            opened = journal.rehearsed(folder)
        else:
            opened = stack.enter_context(journal.opened(folder))
        session = Session(opened, root, ignore)
        session.recover()
        groups = session.resume()
        review = (Rehearsal if dry_run else Review)(
            folder, session.root, groups, session.preview, terms=Terms(keep_rules=rules)
        )
        yield Decider(review, session, reader)
        session.close()
