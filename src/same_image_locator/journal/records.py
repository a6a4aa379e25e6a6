r"""The journal's records: plans and receipts as JSON values, and back.

Paths inside the decision folder are written relative to it, so that the folder may be renamed;
all others are absolute. An undecodable byte of a name is a lone surrogate, ``\udcff`` in JSON.
"""

import os
from collections.abc import Mapping
from typing import Any, Literal

from same_image_locator.journal.log import Record
from same_image_locator.model import Identity
from same_image_locator.plans import Act, ActKind, Plan

Operation = Literal["begin", "complete", "plan", "retarget", "abort", "aborted", "done"]


class PathCode:
    """Writes paths relative to one decision folder, and reads them back."""

    def __init__(self, folder: str) -> None:
        self._inside = os.path.join(folder, "")

    def write(self, path: str) -> str:
        """Return the text of a path; the empty path stays empty."""
        inside = path.startswith(self._inside)
        return path[len(self._inside) :].replace(os.sep, "/") if inside else path

    def read(self, text: str) -> str:
        """Return the path that ``write`` made this text of."""
        return self._inside + text.replace("/", os.sep) if _relative(text) else text


def _relative(text: str) -> bool:
    return bool(text) and not os.path.isabs(text)


def plan_record(number: int, plan: Plan, code: PathCode, at: str) -> Record:
    """Return the record that announces a plan."""
    return {
        "op": "plan",
        "id": number,
        "purpose": plan.purpose,
        "subject": plan.subject,
        "allow_none": plan.allow_none,
        "at": at,
        "phases": [[_act_record(act, code) for act in phase] for phase in plan.phases],
    }


def plan_of(record: Record, code: PathCode) -> Plan:
    """Return the plan that a record announces."""
    phases = tuple(tuple(_act_of(act, code) for act in phase) for phase in record["phases"])
    return Plan(record["purpose"], record["subject"], phases, record["allow_none"])


def _act_record(act: Act, code: PathCode) -> Record:
    record: dict[str, Any] = {"do": act.kind.value, "to": code.write(act.target)}
    if act.source:
        record["from"] = code.write(act.source)
    if act.expect:
        expect = act.expect
        record["is"] = [expect.device, expect.inode, expect.size, expect.mtime_ns]
    if act.sha256:
        record["sha256"] = act.sha256
    if act.text:
        record["text"] = act.text
    if act.owners:
        record["owners"] = [code.write(owner) for owner in act.owners]
    return record


def _act_of(record: Mapping[str, Any], code: PathCode) -> Act:
    return Act(
        ActKind(record["do"]),
        code.read(record["to"]),
        code.read(record.get("from", "")),
        Identity(*record["is"]) if "is" in record else None,
        record.get("sha256", ""),
        record.get("text", ""),
        tuple(code.read(owner) for owner in record.get("owners", ())),
    )
