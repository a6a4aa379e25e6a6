"""Follows sure suggestions without asking, by the same two confirmations that the page gives."""

from collections import deque
from collections.abc import Sequence

from same_image_locator.events import Listener, Noted
from same_image_locator.model import Auto
from same_image_locator.review import Review, ReviewRefusal, View, sure
from same_image_locator.review.suggestion import Suggestion
from same_image_locator.wording import inside, plural, printable

_NAMED = 5  # files that a sentence names


class Follower:
    """Looks at each group that has come, one after the other, between what the page asks.

    Nothing is done to a group that somebody has touched, or of which a preferred folder selects
    other files. What is not as sure as ``auto`` waits as it is. ``read`` tells what the pictures
    of a group say of themselves. It works on the main thread, which then carries out what it has
    confirmed.
    """

    def __init__(
        self,
        review: Review,
        read: sure.Reading,
        auto: Auto | None,
        listener: Listener,
    ) -> None:
        self._review = review
        self._read = read
        self._auto = auto
        self._listener = listener
        self._due: deque[int] = deque()

    @property
    def busy(self) -> bool:
        """Whether there are groups that it has not looked at."""
        return bool(self._due)

    def expect(self, numbers: Sequence[int]) -> None:
        """Note groups that have come."""
        if self._auto is not None:
            self._due.extend(numbers)

    def follow(self) -> None:
        """Look at the next group, and confirm its suggestion twice if that is sure enough."""
        if not self._due:
            return
        number = self._due.popleft()
        view = self._review.view(number)
        found = self.found(view)
        if found is None:
            return
        keeper = self.keeper(view, found)
        self._listener(Noted(sentence(view, found, self._review.root, follow=bool(keeper))))
        if not keeper:
            return
        try:
            sure.follow(self._review, view, sure.kept_with(view, keeper), wait=0)
        except ReviewRefusal as refusal:  # somebody was faster on the page
            self._listener(Noted(f"group {number} was left for you: {refusal}"))

    def rehearse(self, numbers: Sequence[int]) -> None:
        """Tell what it would do with these groups, in the same words."""
        for number in numbers:
            view = self._review.view(number)
            found = self.found(view)
            if found is not None:
                follow = bool(self.keeper(view, found))
                words = sentence(view, found, self._review.root, follow=follow, would=True)
                self._listener(Noted(words))

    def found(self, view: View) -> Suggestion | None:
        """Return what is suggested for a group, None when somebody has touched it."""
        return sure.look(self._review, view, self._read) if sure.untouched(view) else None

    def keeper(self, view: View, found: Suggestion) -> str:
        """Return the name of the file to keep without asking, "" when a person has to decide."""
        return sure.keeper(view, found, self._auto)


def sentence(view: View, found: Suggestion, root: str, *, follow: bool, would: bool = False) -> str:
    """Return in one line what is done with a group, or suggested, and why."""
    names = [printable(inside(entry.origin, root)) for entry in view.entries]
    head = f"group {view.number} ({found.confidence})"
    reasons = "; ".join(printable(reason) for reason in found.reasons)
    if found.keeper is None:
        return f"{head}: left for you: {reasons}"
    kept = names[found.keeper]
    leaving = sure.kept_with(view, view.entries[found.keeper].name)
    others = _listed(
        [name for name, entry in zip(names, view.entries, strict=True) if entry.name not in leaving]
    )
    if follow:
        keep, aside = ("would keep", "would set aside") if would else ("keep", "set aside")
        return f"{head}: {keep} {kept}: {reasons}; {aside} {others}"
    lacks = "".join(
        f"; {names[lack.place]} has {printable(lack.words)}, which that has not"
        for lack in found.lacks[:_NAMED]
    )
    return f"{head}: left for you, suggested is {kept}: {reasons}{lacks}"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    more = len(names) - _NAMED
    return f"{shown} and {plural(more, 'other file')}" if more > 0 else shown
