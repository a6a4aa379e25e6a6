"""What undo, recover, verify, purge and status tell: lines for people, JSON for other programs."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from same_image_locator.aftercare import Standing
from same_image_locator.journal import Chronicle, GroupHistory, History
from same_image_locator.model import Problem
from same_image_locator.own_names import group_number
from same_image_locator.plans import Act, ActKind, Receipt
from same_image_locator.verify import Content, Proof, Trace
from same_image_locator.wording import moment_words, plural, printable, size_words

_VERSION = 1
_ENDS = {
    "trash": "in the trash since",
    "purge": "ended by the purge of",
    "undo": "written by this program, and removed again by the undo of",
}

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """All that ``sil status`` knows of a decision folder."""

    history: History
    chronicle: Chronicle
    standing: Standing
    ended: tuple[Trace, ...]
    unknown: tuple[str, ...]
    owner: str | None


def as_json(facts: Mapping[str, Any]) -> str:
    r"""Return a report as ASCII JSON; an undecodable byte of a path stands as ``\udcff``."""
    return json.dumps({"version": _VERSION, **facts}, indent=1)


def name_of(subject: str) -> str:
    """Return the name of a group's folder."""
    return subject.rsplit("/", 1)[-1]


def of_problems(problems: Sequence[Problem]) -> list[Facts]:
    """Return what went wrong, a file each."""
    return [{"path": p.path, "step": p.step, "detail": p.detail} for p in problems]


def of_receipts(receipts: Sequence[Receipt]) -> list[Facts]:
    """Return what became of each plan, with every file that it has moved."""
    return [
        {
            **_group(receipt.plan.subject),
            "purpose": receipt.plan.purpose,
            "done": receipt.done,
            "reason": receipt.reason,
            "files": [
                {"from": source, "to": target, "renamed": renamed}
                for source, target, renamed in _moves(receipt)
            ],
            "left": list(receipt.leftovers),
            "sidecars": list(receipt.sidecars),
        }
        for receipt in receipts
    ]


def home_lines(receipts: Sequence[Receipt], *, dry_run: bool) -> Iterator[str]:
    """Yield each file that is home again, and a last line that counts them."""
    count = 0
    for receipt in receipts:
        for _, target, renamed in _moves(receipt):
            count += 1
            why = "   (its old name is taken)" if renamed else ""
            again = "would come home" if dry_run else "home again"
            yield f"{again}: {printable(target)}{why}"
        for path in receipt.sidecars:
            yield f"{'would be removed' if dry_run else 'removed'} again: {printable(path)}"
    would = "would come" if dry_run else "back"
    yield f"{plural(count, 'file')} {would} home from {plural(len(receipts), 'group')}"


def apart_lines(statements: Sequence[int]) -> Iterator[str]:
    """Yield how to take back what was said not to be duplicates of files that went home."""
    if statements:
        numbers = " ".join(map(str, statements))
        command = f"sil apart forget {numbers}"
        yield f"what you said are not duplicates stays so; to take it back: {command}"


def recovery_lines(
    receipts: Sequence[Receipt], taken_over: Sequence[str], *, dry_run: bool
) -> Iterator[str]:
    """Yield what was completed or taken back, and that nothing else is left."""
    verb = "would be" if dry_run else "is"
    for receipt in receipts:
        end = "completed" if receipt.done else "taken back"
        name = printable(name_of(receipt.plan.subject))
        yield f"{receipt.plan.purpose} of {name} was interrupted: {verb} {end}"
        for _, target, _ in _moves(receipt):
            yield f"    {printable(target)}"
        for path in receipt.sidecars:
            yield f"    metadata: {printable(path)}"
    for name in taken_over:
        yield f"{printable(name)} was staged by the first version: {verb} taken over"
    more = " more" if receipts or taken_over else ""
    yield f"nothing{more} is left half done"


def of_removals(ended: Sequence[Act], groups: Sequence[GroupHistory]) -> list[Facts]:
    """Return the files that a purge ended, by the paths that they once had."""
    origins = {
        aside.target: act.source
        for group in groups
        for act in group.stage.acts(ActKind.STAGE)
        for aside in (group.settle.acts(ActKind.SET_ASIDE) if group.settle else ())
        if aside.source == act.target
    }
    return [
        {
            "path": origins.get(act.target, act.target),
            "set_aside": act.target,
            "sha256": act.sha256,
            "size": act.expect.size if act.expect else 0,
        }
        for act in ended
    ]


def removal_lines(removed: Sequence[Facts], freed: int, *, dry_run: bool) -> Iterator[str]:
    """Yield each file that is gone with its digest, and the space that this freed."""
    gone = "would be removed" if dry_run else "removed for good"
    for file in removed:
        yield f"{gone}: {printable(file['path'])} (sha256 {file['sha256']})"
    files = plural(len(removed), "file")
    would = "would be " if dry_run else ""
    yield f"{files} {gone}, {size_words(freed)} {would}freed" if removed else "nothing was removed"


def of_proof(proof: Proof) -> Facts:
    """Return what was found of every content that the journal knows."""
    return {
        "files_read": proof.files_read,
        "contents": len(proof.contents),
        "states": dict(Counter(content.state for content in proof.contents)),
        "missing": [_loss(content) for content in proof.lost],
        "changed": [
            {"path": path, "sha256": content.sha256, "found_at": list(content.here)}
            for content in proof.contents
            for path in content.changed
            if content.here
        ],
        "ended": [
            {**_ended(trace), "copies_at": list(content.here)}
            for content in proof.contents
            for trace in content.traces
            if trace.end
        ],
    }


def proof_lines(proof: Proof) -> Iterator[str]:
    """Yield what is missing, changed or was ended, and a last line with the sum of it."""
    for content in proof.lost:
        yield from _loss_lines(content)
    ended = [content for content in proof.contents if content.state == "ended"]
    for content in proof.contents:
        if content.here:
            for path in content.changed:
                found = printable(content.here[0])
                yield f"changed since: {printable(path)}; what it held is at {found}"
    for content in ended:
        for trace in content.traces:
            end = _ENDS[trace.end]
            file = f"{printable(trace.origin)} (sha256 {trace.sha256})"
            yield f"{end} {moment_words(trace.at)}: {file}"
    known = len(proof.contents) - len(ended)
    there = known - len(proof.lost)
    read = f"{plural(proof.files_read, 'file')} read"
    if proof.lost:
        yield f"{read}: {len(proof.lost):,} of {plural(known, 'content')} NOT found"
    else:
        yield f"{read}: {'all of ' if there else ''}{plural(there, 'content')} there"


def of_state(state: State) -> Facts:
    """Return the groups by state and run, and what is set aside, open and removed."""
    standing = state.standing
    return {
        "working": state.owner,
        "groups": {
            "staged": standing.staged,
            "settled": standing.settled,
            "undone": standing.undone,
            "purged": standing.purged,
        },
        "set_aside": {"files": standing.aside_files, "bytes": standing.aside_bytes},
        "staging_complete": state.history.complete,
        "unknown_groups": list(state.unknown),
        "open": [
            {**_group(left.plan.subject), "purpose": left.plan.purpose}
            for left in state.history.open.values()
        ],
        "runs": [
            {
                "id": run.name,
                "at": run.at,
                "root": run.root,
                "groups": [_group_state(group) for group in _groups_of(state, run.name)],
            }
            for run in state.chronicle.runs
        ],
        "ended": [_ended(trace) for trace in state.ended],
    }


def state_lines(state: State) -> Iterator[str]:
    """Yield the same for people."""
    now = state.standing
    if state.owner:
        yield f"working at this moment: {printable(state.owner)}"
    yield f"waiting for a decision: {plural(now.staged, 'group')}"
    yield f"settled: {plural(now.settled, 'group')}, undone: {now.undone}, freed: {now.purged}"
    yield f"set aside: {plural(now.aside_files, 'file')}, {size_words(now.aside_bytes)}"
    for end, words in (("purge", "removed for good"), ("trash", "in the system's trash")):
        sizes = [trace.size for trace in state.ended if trace.end == end]
        if sizes:
            yield f"{words}: {plural(len(sizes), 'file')}, {size_words(sum(sizes))}"
    for run in state.chronicle.runs:
        counts = Counter(group.state for group in _groups_of(state, run.name))
        words = ", ".join(f"{count:,} {name}" for name, count in counts.items()) or "nothing"
        yield f"run {run.name} of {moment_words(run.at)} on {printable(run.root)}: {words}"
    if state.history.open and not state.owner:
        yield "an interrupted run left something half done; the next start completes it"
    if state.unknown:
        count = plural(len(state.unknown), "group folder")
        yield f"{count} of the first version: the next start takes them over"


def _moves(receipt: Receipt) -> Iterator[tuple[str, str, bool]]:
    """Yield from where to where files were moved, and whether under another name than planned."""
    homes = dict(receipt.homes)
    for kind in (ActKind.STAGE, ActKind.BRING_HOME, ActKind.SET_ASIDE):
        for act in receipt.plan.acts(kind):
            target = homes.get(act.source, act.target)
            if receipt.done and act.source not in receipt.leftovers:
                yield act.source, target, target != act.target


def _group(subject: str) -> Facts:
    run, _, name = subject.rpartition("/")
    return {"run": run, "number": group_number(name), "name": name}


def _group_state(group: GroupHistory) -> Facts:
    files = len(group.stage.acts(ActKind.STAGE))
    return {**_group(group.subject), "state": group.state, "since": group.at, "files": files}


def _groups_of(state: State, run: str) -> list[GroupHistory]:
    groups = state.history.groups.values()
    return [group for group in groups if group.subject.rpartition("/")[0] == run]


def _ended(trace: Trace) -> Facts:
    file = {"path": trace.origin, "sha256": trace.sha256, "size": trace.size}
    return {**file, "by": trace.end, "at": trace.at}


def _loss(content: Content) -> Facts:
    return {
        "sha256": content.sha256,
        "size": content.traces[0].size,
        "state": content.state,
        "origins": [trace.origin for trace in content.traces],
        "expected_at": list(content.expected),
        "changed": list(content.changed),
        "unreadable": [{"path": path, "detail": detail} for path, detail in content.unreadable],
        "since": content.since,
    }


def _loss_lines(content: Content) -> Iterator[str]:
    origins = ", ".join(printable(trace.origin) for trace in content.traces)
    size = size_words(content.traces[0].size)
    yield f"{content.state}: {origins} ({size}, sha256 {content.sha256})"
    for path in content.changed:
        yield f"    other bytes lie at {printable(path)}"
    for path, detail in content.unreadable:
        yield f"    cannot be read: {printable(path)}: {printable(detail)}"
    for path in content.expected:
        if path not in content.changed:
            yield f"    expected at {printable(path)}"
    yield f"    last recorded {moment_words(content.since)}"
