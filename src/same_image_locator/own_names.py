"""The names by which a decision folder and its groups are known, in a scan and everywhere else."""

import os
import re

DEFAULT_NAME = "_DECISION_DUPES"
JOURNAL_NAME = ".journal.jsonl"
MANIFEST = "_manifest.tsv"
# How the name of a sidecar begins in its group's folder, until it has got its own beside its photo.
NEW_SIDECAR = "_new_sidecar_"
# In the root: where the photos wait while copies of them are reviewed on another drive.
HOLD_NAME = ".sil-hold"
# In any folder: what a scan leaves out there, written as a .gitignore.
IGNORE_FILE = ".silignore"

# The hashes of other packages have names of their own, and a threshold as every hash has.
_HASH = r"[a-z][a-z0-9]{0,30}"
_GROUP = re.compile(rf"group_(\d+)_(sha|ahash|phash|similar|{_HASH}(?=_t\d))(?:_t(\d+))?_[0-9a-f]+")


def is_group_folder(name: str) -> bool:
    """Return whether a folder's name is that of a group."""
    return _GROUP.fullmatch(name) is not None


def is_hash_name(name: object) -> bool:
    """Return whether a perceptual hash may be called so."""
    return isinstance(name, str) and re.fullmatch(_HASH, name) is not None


def group_number(name: str) -> int:
    """Return the number in a group folder's name."""
    match = _GROUP.fullmatch(name)
    return int(match[1]) if match else 0


def has_groups(decision_folder: str) -> bool:
    """Return whether a decision folder holds groups, ours or the first version's."""
    try:
        names = os.listdir(decision_folder)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return any(is_group_folder(name) for name in names)
