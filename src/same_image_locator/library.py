"""The program as a library: find groups, choose what to keep, and have it done, undoably."""

import contextlib
import hashlib
import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from same_image_locator.errors import LocatorError, RefusedError, UsageError
from same_image_locator.events import Listener, ignore
from same_image_locator.fingerprint import algorithm_of
from same_image_locator.model import Group, Method, Scope, Settings, Strictness
from same_image_locator.pipeline import Found, located
from same_image_locator.pipeline import find as found_by
from same_image_locator.plans import Decision, Staged
from same_image_locator.review.suggestion import Suggestion
from same_image_locator.roots import check_own, lies_in

TYPE_CHECKING = False  # as typing has it; what settles takes long to load
if TYPE_CHECKING:
    from same_image_locator.session import Session


StrPath = str | os.PathLike[str]
Roots = StrPath | Sequence[StrPath]


class Planned(NamedTuple):
    """What is to be done with a group: these of its files are kept, those set aside, by path.

    What lies in a reference folder is always among those kept.
    """

    group: Group
    keep: tuple[str, ...]
    set_aside: tuple[str, ...]


class Performed(NamedTuple):
    """What became of a plan.

    Attributes:
        planned: the plan.
        done: whether it was carried out; if not, all of its files lie where they lay.
        reason: why not, or what else went wrong.
        homes: where the kept files lie now: their own paths, unless these were taken meanwhile.
    """

    planned: Planned
    done: bool
    reason: str = ""
    homes: tuple[str, ...] = ()


def find(  # noqa: PLR0913 - each is an option of `sil scan`, under the same name
    root: Roots,
    *,
    mode: str = "exact",
    threshold: int = 5,
    strictness: Strictness = "default",
    include_all: bool = False,
    verify: bool = False,
    references: Sequence[StrPath] = (),
    follow_mounts: bool = False,
    exclude: Sequence[str] = (),
    min_size: int = 0,
    decision_folder: str | None = None,
    listener: Listener = ignore,
) -> Found:
    """Return the groups of same images under ``root``, and what could not be read; moves nothing.

    ``root`` is a folder or several on one drive. The options are those of `sil scan`; ``min_size``
    counts bytes. The listener is called with each event of the search.

    Raises:
        LocatorError: a folder, the mode or a pattern cannot be worked with.
    """
    method = Method(mode)
    if method.hashed:
        algorithm_of(mode)
        method = method._replace(threshold=threshold)
    if mode == "similar":
        method = method._replace(strictness=strictness)
    first, *others = _folders(root)
    folders = tuple(os.fspath(folder) for folder in references)
    settings = Settings(
        first,
        method,
        decision_folder,
        include_all=include_all,
        verify=verify,
        scope=Scope(tuple(others), folders, tuple(exclude), min_size, follow_mounts),
    )
    return found_by(located(settings), listener)


def suggest(group: Group, rules: Sequence[str] = ()) -> Suggestion:
    """Return which file of a group is best to keep, and why; ``keeper`` is its place in the group.

    Args:
        group: as it was found.
        rules: the names of the rules in their order; without any the usual ones.
    """
    from same_image_locator.unstaged import suggested

    return suggested(group, rules)


def plan(group: Group, keep: Iterable[str]) -> Planned:
    """Return what is to be done with a group, of which the files at these paths are kept.

    Those in a reference folder are kept, whether they are named or not.

    Raises:
        UsageError: a path is none of the group's, or nothing would be kept.
    """
    kept = {*keep, *group.staying}
    if not kept or not kept <= {*group.paths}:
        strange = ", ".join(sorted(kept - {*group.paths}))
        why = f"{strange} is not in group {group.number}" if strange else "It would keep nothing"
        raise UsageError(why, f"Keep some of {', '.join(group.paths)}")
    return Planned(
        group,
        tuple(path for path in group.paths if path in kept),
        tuple(path for path in group.paths if path not in kept),
    )


def perform(
    plans: Sequence[Planned],
    root: Roots,
    *,
    decision_folder: str | None = None,
    allow_copy: bool = False,
    listener: Listener = ignore,
) -> list[Performed]:
    """Carry plans out, and return what became of each; what is not kept is set aside, not removed.

    It goes through the journal as every run does: each file that is kept is proven before another
    one leaves, an interruption loses nothing, and `sil undo` brings all back.

    Args:
        plans: of groups under ``root``, none of which shares a file with another.
        root: the folder that was searched, or the folders.
        decision_folder: where the files are set aside; as for `sil` without it.
        allow_copy: permit one on another drive.
        listener: is called with each event.

    Raises:
        LocatorError: it cannot be begun; nothing was moved.
    """
    paths = [path for one in plans for path in one.group.paths]
    if len(paths) > len({*paths}):
        raise UsageError("A file stands in two plans", "Give each file to one of them")
    if not plans:
        return []
    from same_image_locator.handover import opened_session

    first, *others = _folders(root)
    settings = Settings(
        first,
        Method("exact"),
        decision_folder,
        allow_copy=allow_copy,
        scope=Scope(tuple(others)),
    )
    settings = located(settings)
    check_own(settings)
    _check_within(plans, (settings.root, *settings.scope.roots))
    with contextlib.ExitStack() as stack:
        session = opened_session(settings, stack, listener)
        session.resume()
        if session.staging_was_interrupted:
            raise RefusedError("An earlier run was interrupted", "Complete it first: sil review")
        groups = [one.group for one in plans]
        session.check_room(groups)
        staged = session.stage_some(groups)
        session.end_staging()
        by_path = {entry.origin: one for one in staged for entry in one.entries}
        done = [_settled(one, _of(one, by_path), session) for one in plans]
        session.close()
    return done


def _folders(root: Roots) -> list[str]:
    folders = [root] if isinstance(root, str | os.PathLike) else list(root)
    if not folders:
        raise UsageError("No folder is named", "Name the folder that holds the photos")
    return [os.fspath(folder) for folder in folders]


def _check_within(plans: Sequence[Planned], roots: Sequence[str]) -> None:
    """Make sure that what would be moved lies in the folders that were looked at.

    Raises:
        UsageError: it does not.
    """
    for one in plans:
        for path in one.group.paths:
            if path not in one.group.staying and not lies_in(path, roots):
                raise UsageError(f"{path} lies outside of {roots[0]}", "Name its folder, too")


def _of(planned: Planned, by_path: dict[str, Staged]) -> Staged | None:
    places = (by_path.get(path) for path in planned.group.paths)
    return next((one for one in places if one is not None), None)


def _settled(planned: Planned, staged: Staged | None, session: "Session") -> Performed:
    if staged is None:
        return Performed(planned, done=False, reason="its files have changed since they were found")
    keep = frozenset(entry.name for entry in staged.entries if entry.origin in planned.keep)
    reason = "what was to be kept has changed since it was found"
    if keep:
        try:
            outcome = session.settle(Decision(staged.subject, keep))
        except RefusedError as refused:
            reason = refused.what
        else:
            homes = tuple(home for _, home in outcome.homes)
            return Performed(planned, done=True, reason="; ".join(outcome.problems), homes=homes)
    session.put_back(staged.subject)
    return Performed(planned, done=False, reason=reason)


def fingerprint_of(path: str | os.PathLike[str], mode: str = "phash") -> bytes:
    """Return a file's fingerprint: 32 bytes of SHA-256 in mode exact, 8 bytes of any hash.

    Raises:
        LocatorError: the file cannot be looked at, or the mode has no such fingerprint.
    """
    name = os.fspath(path)
    if not Method(mode).perceptual:
        try:
            with open(name, "rb") as file:
                return hashlib.file_digest(file, "sha256").digest()
        except OSError as error:
            raise LocatorError(f"{name} cannot be read: {error.strerror}") from error
    from same_image_locator.fingerprint.single import hashed

    return hashed(name, algorithm_of(mode))


def distance(one: bytes, other: bytes) -> int:
    """Return in how many bits two fingerprints of one mode differ.

    Raises:
        ValueError: they are not equally long.
    """
    if len(one) != len(other):
        raise ValueError("these are fingerprints of different modes")
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
