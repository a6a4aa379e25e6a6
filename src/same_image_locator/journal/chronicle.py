"""All that the journal has ever been told, plan by plan: for those who count, list and verify."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from same_image_locator.journal.log import Record
from same_image_locator.journal.records import PathCode, plan_of
from same_image_locator.plans import Plan

End = Literal["open", "done", "taken back"]


@dataclass(slots=True)
class Run:
    """One run that staged groups: its ``name`` begins the subject of each; ``at`` is ISO 8601."""

    name: str
    root: str
    at: str


@dataclass(slots=True)
class Chapter:
    """One plan: ``at`` is the time of the last record about it (ISO 8601, UTC).

    ``targets`` holds, by source, the names that files got because their own were taken;
    ``leftovers`` the paths that an undo or a purge had to leave as they were.
    """

    plan: Plan
    at: str
    end: End = "open"
    targets: dict[str, str] = field(default_factory=dict)
    leftovers: tuple[str, ...] = ()


@dataclass(slots=True)
class Chronicle:
    """The runs and the chapters, oldest first."""

    runs: list[Run] = field(default_factory=list)
    chapters: list[Chapter] = field(default_factory=list)


def read_chronicle(records: Iterable[Record], code: PathCode) -> Chronicle:
    """Gather the records, oldest first."""
    chronicle = Chronicle()
    by_number: dict[int, Chapter] = {}
    for record in records:
        match record["op"]:
            case "begin":
                chronicle.runs.append(Run(record["run"], record["root"], record["at"]))
            case "plan":
                chapter = Chapter(plan_of(record, code), record["at"])
                by_number[record["id"]] = chapter
                chronicle.chapters.append(chapter)
            case "retarget":
                source, target = code.read(record["from"]), code.read(record["to"])
                by_number[record["id"]].targets[source] = target
            case "aborted":
                chapter = by_number[record["id"]]
                chapter.at, chapter.end = record["at"], "taken back"
            case "done":
                chapter = by_number[record["id"]]
                chapter.at, chapter.end = record["at"], "done"
                chapter.leftovers = tuple(record["leftovers"])
            case _:
                pass  # it says nothing about where a file lies
    return chronicle
