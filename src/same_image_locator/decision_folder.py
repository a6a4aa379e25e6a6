r"""The texts in a decision folder: manifest, group facts, review state, preferences.

A person can undo a group by hand with ``_manifest.tsv`` alone. The journal holds all of it again.
In a manifest of ours a backslash, tab, line break or undecodable byte is written ``\\``, ``\t``,
``\n``, ``\r`` or ``\xHH``; the first version wrote paths raw, and its groups are read that way.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from same_image_locator import journal
from same_image_locator.model import (
    MODES,
    PERCEPTUAL_DIGITS,
    SHA_DIGITS,
    STRICTNESSES,
    TIERS,
    Group,
    Method,
    Tier,
)
from same_image_locator.own_names import MANIFEST, NEW_SIDECAR, is_hash_name
from same_image_locator.plans import Attached, Entry

Value = TypeVar("Value", int, str)

META = "_group_meta.json"
REVIEW_STATE = "_review_state.json"
PREFERENCES = ".preferences.json"
OWN_TEXTS = (MANIFEST, META, REVIEW_STATE)
# What begins like this is ours too: a text that was being written when a run died.
OURS = (*OWN_TEXTS, NEW_SIDECAR)

_FORMAT = 1  # the "version" in our _group_meta.json; the first version wrote none
_ESCAPES = {
    **str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}),
    **{0xDC00 + byte: f"\\x{byte:02x}" for byte in range(0x80, 0x100)},
}
_UNESCAPES = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
_ESCAPED = re.compile(r"\\(x[0-9a-fA-F]{2}|[\\tnr])")


@dataclass(frozen=True, slots=True)
class Meta:
    """A group's ``_group_meta.json``.

    By staged name: ``distances``, ``changes``, ``tiers`` and ``certainties`` of photos, and of each
    companion the photos that it is ``with``. ``protected`` are the names of photos that stay where
    they are, by that path. ``compared`` photos were searched for the group,
    and a looser rule would have added those at the paths ``near``.
    """

    method: Method
    escaped: bool = False
    distances: Mapping[str, int] = field(default_factory=dict)
    changes: Mapping[str, str] = field(default_factory=dict)
    tiers: Mapping[str, Tier] = field(default_factory=dict)
    certainties: Mapping[str, int] = field(default_factory=dict)
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    compared: int = 0
    near: tuple[str, ...] = ()
    protected: Mapping[str, str] = field(default_factory=dict)

    def apart(self, name: str) -> tuple[int | None, str, Tier, int]:
        """Return what an entry tells of how a photo differs from the group's first one."""
        unknown: Tier = "similar" if self.method.perceptual else "identical"
        return (
            self.distances.get(name),
            self.changes.get(name, ""),
            self.tiers.get(name, unknown),
            self.certainties.get(name, 0),
        )


def folder_name(group: Group) -> str:
    """Return the name of a group's folder, as the first version wrote it."""
    digits = _digest(group)
    method = group.method
    if method.mode == "similar":
        kind = f"{method.mode}_{digits[:PERCEPTUAL_DIGITS]}"
    elif method.perceptual:
        kind = f"{method.mode}_t{method.threshold:02}_{digits[:PERCEPTUAL_DIGITS]}"
    else:
        kind = f"sha_{digits[:SHA_DIGITS]}"
    return f"group_{group.number:04}_{kind}"


def _digest(group: Group) -> str:
    """Return the fingerprint in hexadecimal, or what names one that is too long to be shown."""
    if group.method.mode == "similar":
        return hashlib.sha256(group.fingerprint).hexdigest()
    return group.fingerprint.hex()


def manifest_text(files: Sequence[Entry | Attached]) -> str:
    """Return the manifest: staged name, tab, original path, a line each."""
    return "".join(f"{_escape(f.name)}\t{_escape(_slashes(f.origin))}\n" for f in files)


def read_manifest(text: str, *, escaped: bool) -> list[tuple[str, str]]:
    """Return (staged name, original path) of each whole line; torn lines are left out."""
    rows = []
    for line in text.split("\n"):
        staged, tab, origin = line.rstrip("\r").partition("\t")
        if not (tab and staged and origin):
            continue
        if escaped:
            staged, origin = _unescape(staged), _unescape(origin)
        # The first version wrote the staged path from wherever it ran: only the name is certain.
        rows.append((staged.rsplit("/", 1)[-1], origin.replace("/", os.sep)))
    return rows


def meta_text(group: Group, entries: Sequence[Entry], attached: Sequence[Attached] = ()) -> str:
    """Return the group's facts as JSON; the first keys are the first version's."""
    facts: dict[str, Any] = {
        "mode": group.method.mode,
        "digest": _digest(group),
        "count": len(entries),
    }
    if group.method.hashed:
        facts |= {"threshold": group.method.threshold, "hash_size": 8}
    if group.method.mode == "similar":
        facts |= {"strictness": group.method.strictness}
    facts["version"] = _FORMAT
    facts["compared"] = group.compared
    if group.near:
        facts["near"] = group.near
    facts["files"] = [
        *(_file_facts(entry) | _apart(entry) for entry in entries),
        *(_file_facts(companion) | {"with": companion.owners} for companion in attached),
    ]
    return json.dumps(facts, indent=1) + "\n"


def _file_facts(file: Entry | Attached) -> dict[str, Any]:
    return {
        "name": file.name,
        "size": file.identity.size,
        "sha256": file.sha256,
        "mtime_ns": file.identity.mtime_ns,
    }


def _apart(entry: Entry) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "distance": entry.distance,
        "tier": entry.tier,
        "certainty": entry.certainty,
    }
    if entry.changes:
        facts["changes"] = entry.changes
    return facts | {"stays_at": entry.origin} if entry.protected else facts


def parse_meta(text: str | None) -> Meta:
    """Return the facts of a group; missing or unreadable ones mean mode exact."""
    facts = _object(text)
    mode, threshold = facts.get("mode"), facts.get("threshold", 0)
    if mode not in MODES and not (is_hash_name(mode) and "threshold" in facts):
        return Meta(Method("exact"))
    method, strictness = Method(str(mode)), facts.get("strictness")
    if method.hashed and isinstance(threshold, int):
        method = method._replace(threshold=threshold)
    if mode == "similar" and strictness in STRICTNESSES:
        method = method._replace(strictness=strictness)
    listed = facts.get("files")
    files = [
        file
        for file in (listed if isinstance(listed, list) else [])
        if isinstance(file, dict) and isinstance(file.get("name"), str)
    ]
    distances = _told(files, "distance", int)
    changes = _told(files, "changes", str)
    certainties = _told(files, "certainty", int)
    tiers = {f["name"]: f["tier"] for f in files if f.get("tier") in TIERS}
    owners = {
        f["name"]: tuple(owner for owner in f["with"] if isinstance(owner, str))
        for f in files
        if isinstance(f.get("with"), list)
    }
    compared, near = facts.get("compared"), facts.get("near")
    return Meta(
        method,
        facts.get("version") == _FORMAT,
        distances,
        changes,
        tiers,
        certainties,
        owners,
        compared if type(compared) is int else 0,
        tuple(one for one in near if isinstance(one, str)) if isinstance(near, list) else (),
        {path: name for name, path in _told(files, "stays_at", str).items()},
    )


def _told(files: Sequence[Mapping[str, Any]], key: str, kind: type[Value]) -> dict[str, Value]:
    """Return by name what the files tell under a key, where it is of its kind."""
    return {file["name"]: file[key] for file in files if isinstance(file.get(key), kind)}


def read_text(path: str) -> str | None:
    """Return a small text of ours or of the first version; None when it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()
    except OSError:
        return None


def read_review_state(folder: str) -> dict[str, Any]:
    """Return a group's remembered ticks; a missing or bad file means none."""
    return _object(read_text(os.path.join(folder, REVIEW_STATE)))


def write_review_state(folder: str, state: Mapping[str, Any]) -> None:
    """Write a group's selections whole or not at all.

    Raises:
        OSError: it cannot be written; the group itself is not touched by that.
    """
    journal.save_text(os.path.join(folder, REVIEW_STATE), json.dumps(state, indent=1) + "\n")


def read_preferences(decision_folder: str) -> dict[str, Any]:
    """Return what the review remembers for all groups, such as the preferred folders."""
    return _object(read_text(os.path.join(decision_folder, PREFERENCES)))


def write_preferences(decision_folder: str, preferences: Mapping[str, Any]) -> None:
    """Write what the review remembers for all groups.

    Raises:
        OSError: it cannot be written.
    """
    path = os.path.join(decision_folder, PREFERENCES)
    journal.save_text(path, json.dumps(preferences, indent=1) + "\n")


def _object(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _slashes(path: str) -> str:
    return path.replace(os.sep, "/") if os.sep != "/" else path


def _escape(text: str) -> str:
    return text.translate(_ESCAPES)


def _unescape(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        code = match[1]
        return chr(0xDC00 + int(code[1:], 16)) if code[0] == "x" else _UNESCAPES[code]

    return _ESCAPED.sub(one, text)
