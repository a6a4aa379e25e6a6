"""What a group weighs: the bytes that may leave with a choice, companions counted."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from same_image_locator.plans import Staged


def redundant_bytes(staged: Staged, parts: Sequence[AbstractSet[str]] = ()) -> int:
    """Return what keeping only the largest file would set aside, or that of each of these parts.

    A file counts with the companions that are its alone; shared ones stay with what is kept.
    """
    if not (
        staged.attached or parts or staged.protected
    ):  # as nearly all are, and very many are asked
        plain = [entry.identity.size for entry in staged.entries]
        return sum(plain) - max(plain, default=0)
    sizes = {entry.name: entry.identity.size for entry in staged.entries}
    for one in staged.attached:
        if len(one.owners) == 1 and one.owners[0] in sizes:
            sizes[one.owners[0]] += one.identity.size
    kept = [_least(part, staged.protected, sizes) for part in parts or [sizes.keys()]]
    return sum(sizes.values()) - sum(kept)


def _least(part: AbstractSet[str], protected: AbstractSet[str], sizes: Mapping[str, int]) -> int:
    """Return what has to stay of a part: its largest file, or all that is never moved."""
    stays = part & protected
    return sum(sizes[n] for n in stays) if stays else max((sizes[n] for n in part), default=0)


def aside_bytes(staged: Staged, keep: AbstractSet[str]) -> int:
    """Return what keeping exactly the files of these names would set aside."""
    files = sum(entry.identity.size for entry in staged.entries if entry.name not in keep)
    return files + sum(one.identity.size for one in staged.attached if keep.isdisjoint(one.owners))
