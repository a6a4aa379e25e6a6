"""One group under review: its ticks, its revision, and how both are kept on the disk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from same_image_locator.plans import Sidecar, Staged
from same_image_locator.review.commands import Outcome
from same_image_locator.review.parting import UNDIVIDED, Parting
from same_image_locator.review.preferences import Preferences, preselect

State = Literal["open", "attention", "settling", "settled", "undoing", "undone"]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The first confirmation: what it was given for, and until when the second may follow.

    ``sidecars`` are offered with it, and written only if the second one asks for them.
    """

    nonce: str
    rev: int
    keep: frozenset[str]
    allow_none: bool
    auto: bool
    expires: float
    sidecars: tuple[Sidecar, ...] = ()


@dataclass(slots=True)
class Record:
    """A group's place in the review; only ``Review`` changes it, and only under its lock.

    ``own`` says that the ticks are the user's own choice, which no preference may change.
    ``parting`` is how what was told apart divides the group, and ``told`` are the statements that
    were made on it in this run: an undo takes them back.
    ``extra`` holds the fields of the state file that we do not know.
    """

    staged: Staged
    number: int
    keep: frozenset[str] = frozenset()
    own: bool = False
    rev: int = 1
    clicks: int = 0
    preferred: str = ""
    state: State = "open"
    reason: str = ""
    outcome: Outcome | None = None
    confirmation: Confirmation | None = None
    parting: Parting = UNDIVIDED
    told: tuple[int, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fixed(self) -> frozenset[str]:
        """The files that stay ticked: pictures of their own, and those of reference folders."""
        return self.parting.others | self.staged.protected

    @property
    def ticked(self) -> bool:
        """Whether a file is ticked that could also be let go."""
        return not self.keep <= self.staged.protected

    @property
    def to_decide(self) -> tuple[frozenset[str], ...]:
        """The sets of files of each of which something has to be kept."""
        whole = frozenset(entry.name for entry in self.staged.entries)
        return tuple(part for part in self.parting.parts or (whole,) if part - self.parting.others)

    def preselected(self, preferences: Preferences) -> bool:
        """Take over what the preferences select; say whether anything changed."""
        keep, folder = preselect(self.staged.entries, preferences)
        keep |= self.fixed
        changed = keep != self.keep
        self.preferred = folder
        if changed:
            self.keep, self.clicks, self.confirmation = keep, 0, None
            self.rev += 1
        return changed

    def to_json(self, *, auto_finish: bool) -> dict[str, Any]:
        """Return the group's ``_review_state.json``: the first version's keys, and ours."""
        return {
            **self.extra,
            "keep": sorted(self.keep),
            "finished_clicks": self.clicks,
            "auto_finish": auto_finish and not self.staged.method.perceptual,
            "preferred_folder": self.preferred or None,
            "own_choice": self.own,
            "rev": self.rev,
        }


def from_json(staged: Staged, number: int, stored: Mapping[str, Any]) -> Record:
    """Take up a group where its state file left it; what does not fit the group is dropped."""
    raw = stored.get("keep")
    named = {name for name in raw if isinstance(name, str)} if isinstance(raw, list) else set()
    keep = frozenset(entry.name for entry in staged.entries if entry.name in named)
    rev, clicks, preferred = (
        stored.get(key) for key in ("rev", "finished_clicks", "preferred_folder")
    )
    return Record(
        staged=staged,
        number=number,
        keep=keep | staged.protected,
        own=stored.get("own_choice", bool(keep)) is True,
        rev=rev if type(rev) is int and rev > 0 else 1,
        clicks=1 if type(clicks) is int and clicks > 0 else 0,
        preferred=preferred if isinstance(preferred, str) else "",
        extra=stored,
    )
