"""What the journal knows of each group: its state, and where every one of its files went."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from same_image_locator.journal.log import Record
from same_image_locator.journal.records import Operation, PathCode, plan_of
from same_image_locator.plans import ActKind, Plan

State = Literal["staged", "settled", "undone", "purged", "cancelled"]


@dataclass(slots=True)
class GroupHistory:
    """One group: ``homes`` maps a staged or set-aside path to where the file came home.

    It also maps the first path of a new sidecar to where that lies beside its photo.
    ``at`` is when it came into its state (ISO 8601, UTC). ``left`` is what the last undo or purge
    of it had to leave as it was: only the journal knows that this can be asked for again.
    """

    subject: str
    state: State
    stage: Plan
    settle: Plan | None = None
    homes: dict[str, str] = field(default_factory=dict)
    at: str = ""
    left: tuple[str, ...] = ()


@dataclass(slots=True)
class OpenPlan:
    """A plan that a dead run left between its announcement and its receipt."""

    number: int
    plan: Plan
    targets: dict[str, str] = field(default_factory=dict)
    aborting: str | None = None


@dataclass(slots=True)
class History:
    """The journal read as a whole; not ``complete`` when a run died before all was staged."""

    root: str = ""
    complete: bool = True
    plans: int = 0
    groups: dict[str, GroupHistory] = field(default_factory=dict)
    open: dict[int, OpenPlan] = field(default_factory=dict)

    @property
    def holds(self) -> set[str]:
        """The folders where photos were held while copies of them were reviewed elsewhere."""
        held = (g.stage for g in self.groups.values() if g.stage.acts(ActKind.COPY))
        places = (plan.acts(ActKind.STAGE)[0].target for plan in held)
        return {os.path.dirname(os.path.dirname(place)) for place in places}


def read_history(records: Iterable[Record], code: PathCode) -> History:
    """Fold the records, oldest first, into what they mean together."""
    history = History()
    for record in records:
        fold(history, record, code)
    return history


def fold(history: History, record: Record, code: PathCode) -> None:
    """Add what one more record means."""
    operation: Operation = record["op"]
    match operation:
        case "begin":
            history.root, history.complete = record["root"], False
        case "complete":
            history.complete = True
        case "plan":
            announced(history, record["id"], plan_of(record, code))
        case "retarget":
            targets = history.open[record["id"]].targets
            targets[code.read(record["from"])] = code.read(record["to"])
        case "abort":
            history.open[record["id"]].aborting = record["reason"]
        case "aborted":
            _abandon(history, history.open.pop(record["id"]).plan)
        case "done":  # pragma: no branch - mypy proves that none is missing
            _conclude(history, history.open.pop(record["id"]), record)


def announced(history: History, number: int, plan: Plan) -> None:
    """Add a plan that is about to be carried out."""
    history.plans = number
    history.open[number] = OpenPlan(number, plan)


def _abandon(history: History, plan: Plan) -> None:
    if plan.purpose == "stage":
        history.groups[plan.subject] = GroupHistory(plan.subject, "cancelled", plan)


def _conclude(history: History, opened: OpenPlan, record: Record) -> None:
    plan = opened.plan
    if plan.purpose == "stage":
        history.groups[plan.subject] = GroupHistory(plan.subject, "staged", plan, at=record["at"])
        return
    group = history.groups[plan.subject]
    for act in (*plan.acts(ActKind.BRING_HOME), *plan.acts(ActKind.WRITE_SIDECAR)):
        group.homes[act.source] = opened.targets.get(act.source, act.target)
    group.left = tuple(record["leftovers"])
    if plan.purpose == "settle":
        group.state, group.settle, group.at = "settled", plan, record["at"]
    elif not group.left:
        group.at = record["at"]
        group.state = "undone" if plan.purpose == "undo" else "purged"
