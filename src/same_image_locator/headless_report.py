"""What ``sil groups`` and ``sil decide`` tell: lines for people, JSON for other programs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from same_image_locator.deciding import Decided
from same_image_locator.plans import Attached, Entry
from same_image_locator.reports.json_form import group_object
from same_image_locator.reports.value import Appraised, File
from same_image_locator.review.overlaps import Overlap
from same_image_locator.review.proposals import Why
from same_image_locator.wording import inside, plural, printable, size_words

_LEFT: Mapping[Why | Literal["told"], str] = {
    "told": "you told files of it apart from the others",
    "differ": "its files are not identical",
    "lean": "the suggestion is not sure enough",
    "your call": "nothing can be suggested",
    "folder": "a preferred folder selects other files",
    "touched": "somebody has chosen in it",
    "apart": "some of its files were told apart",
    "attention": "it needs attention",
    "confirmed": "it was confirmed once already",
    "unread": "its pictures cannot be read",
    "elsewhere": "none of its files lies in that folder, or all do",
}


def of_group(group: Appraised) -> dict[str, Any]:
    """Return a waiting group as a report tells it, and how it stands."""
    told = group_object(group)
    for file, more in zip(group.files, told["files"], strict=True):
        more["staged_at"] = file.place
    method = group.method
    return {
        **told,
        "mode": method.mode,
        "threshold": method.threshold,
        "chosen": {"keep": group.ticked, "by_person": group.own},
    }


def group_lines(group: Appraised, root: str) -> Iterator[str]:
    """Yield a waiting group for people, its files by number, and what is suggested and why."""
    count, tier = plural(len(group.files), "file"), group.tier
    yield f"group {group.number}: {count}, {tier}"
    for file in group.files:
        star = "*" if file.number in group.advice.keep else " "
        name = printable(inside(file.path, root))
        yield f"  {star} {file.number:>2}  {name}  ({', '.join(_facts(file))})"
        if file.has_alone:
            yield f"          has alone: {printable('; '.join(file.has_alone))}"
    advice = group.advice
    reasons = printable("; ".join(advice.reasons))
    if advice.keep:
        kept = ",".join(map(str, advice.keep))
        frees = size_words(advice.frees_bytes)
        yield f"    suggested ({advice.confidence}): keep {kept}, frees {frees}: {reasons}"
    else:
        yield f"    left for you: {reasons}"
    if group.ticked:
        by = "chosen so far" if group.own else "selected by a preferred folder"
        yield f"    {by}: keep {','.join(map(str, group.ticked))}"


def _facts(file: File) -> Iterator[str]:
    if file.number > 1:
        yield file.tier
    if file.changes:
        yield printable(file.changes)
    if file.facts:
        yield f"{file.facts.width} × {file.facts.height}"
        yield file.facts.format
    yield size_words(file.size)
    if file.facts and file.facts.taken_at:
        yield f"taken {printable(file.facts.taken_at)}"
    if file.reference:
        yield "in a reference folder, stays"


def of_decided(done: Decided) -> dict[str, Any]:
    """Return what became of a group."""
    outcome, origins = done.outcome, _origins(done)
    homes = outcome.homes if outcome else ()
    aside = done.effects.aside if done.effects and outcome else ()
    return {
        "number": done.view.number,
        "settled": outcome is not None,
        "reason": _LEFT[done.left] if done.left else done.reason or done.why,
        "kept": [
            {"path": origins[name], "now": home, "renamed": home != origins[name]}
            for name, home in homes
        ],
        "set_aside": [origins[name] for name in aside],
        "set_aside_bytes": outcome.set_aside_bytes if outcome else 0,
        "sidecars": list(outcome.sidecars) if outcome else [],
        "missed": [{"path": origins[name], "what": words} for name, words in done.missed],
        "problems": list(outcome.problems) if outcome else [],
    }


def decided_lines(done: Decided, root: str, *, dry_run: bool) -> Iterator[str]:
    """Yield what became of a group, a line each file."""
    number, outcome, origins = done.view.number, done.outcome, _origins(done)
    if outcome is None:
        reason = _LEFT[done.left] if done.left else done.reason
        yield f"group {number}: waits on: {printable(reason)}"
        return
    why = f" ({printable(done.why)})" if done.why else ""
    yield f"group {number}: {'would be settled' if dry_run else 'settled'}{why}"
    for name, home in outcome.homes:
        other = "" if home == origins[name] else f" as {printable(inside(home, root))}"
        verb = "would keep" if dry_run else "kept"
        yield f"    {verb}: {printable(inside(origins[name], root))}{other}"
    for name in done.effects.aside if done.effects else ():
        verb = "would set aside" if dry_run else "set aside"
        yield f"    {verb}: {printable(inside(origins[name], root))}"
    for path in outcome.sidecars:
        verb = "would write" if dry_run else "metadata written"
        yield f"    {verb}: {printable(inside(path, root))}"
    for name, words in done.missed:
        path = printable(inside(origins[name], root))
        yield f"    {path} has {printable(words)}, which no kept file has"


def overlap_lines(overlaps: Sequence[Overlap]) -> Iterator[str]:
    """Yield how much of each folder lies in each other one, a line each pair."""
    for one in overlaps:
        lie = "lies" if one.files == 1 else "lie"
        yield (
            f"{printable(one.folder)}: {one.files:,} of {plural(one.of, 'file')} {lie} in "
            f"{printable(one.other)}, too ({size_words(one.bytes)}, "
            f"{plural(one.groups, 'group')})"
        )
    if not overlaps:
        yield "no two folders have the same picture"


def sum_line(all_done: Sequence[Decided], waiting: int, *, dry_run: bool) -> str:
    """Return what the decisions come to, and how many groups still wait."""
    outcomes = [done.outcome for done in all_done if done.outcome]
    settled = plural(len(outcomes), "group")
    kept = plural(sum(outcome.kept for outcome in outcomes), "file")
    aside = plural(sum(outcome.set_aside for outcome in outcomes), "file")
    size = size_words(sum(outcome.set_aside_bytes for outcome in outcomes))
    would = "would be " if dry_run else ""
    verb = "would wait" if dry_run else "waits" if waiting == 1 else "wait"
    waits = f"{plural(waiting, 'group')} {verb} on"
    return (
        f"{settled} {would}settled: {kept} {would}kept, {aside} {would}set aside, {size}; {waits}"
    )


def _origins(done: Decided) -> dict[str, str]:
    staged = done.view.staged
    files: tuple[Entry | Attached, ...] = (*staged.entries, *staged.attached)
    return {file.name: file.origin for file in files}
