"""The acts of the copy route: a proven copy on another drive, and its end."""

from same_image_locator.journal import acts
from same_image_locator.journal.acts import ActRefusedError, reason
from same_image_locator.journal.kernel import Kernel
from same_image_locator.plans import Act

_PART = ".part"


def copy(kernel: Kernel, act: Act, source: str) -> None:
    """Make ``act.target`` a copy of ``source`` that was read back from its drive.

    It gets its name only once it is whole, durable and proven. A copy that an earlier run had
    published is left as it is.

    Raises:
        ActRefusedError: the photo vanished or changed, the copy does not hold its bytes, the name
            is taken, or a drive fails.
    """
    try:
        if _published(kernel, act):
            # Where a rename is a link and an unlink, a run may have died between the two.
            acts.remove(kernel, act.target + _PART)
            return
        found = kernel.status(source)
        if found is None:
            raise ActRefusedError(f"{source} is no longer there")
        if not acts.matches(kernel, source, found, act.expect, act.sha256):
            raise ActRefusedError(f"{source} has changed since it was examined")
        _publish(kernel, act, source)
    except OSError as error:
        raise ActRefusedError(f"{source} cannot be copied: {reason(error)}", error) from error


def remove_copy(kernel: Kernel, act: Act) -> None:
    """Remove a copy of ours; one that somebody has changed is theirs, and stays.

    Raises:
        ActRefusedError: it was changed, or cannot be read or removed.
    """
    acts.remove(kernel, act.target + _PART)
    found = kernel.status(act.target)
    if found is None:
        return
    try:
        ours = found.kind == "file" and kernel.sha256(act.target) == act.sha256
    except OSError as error:
        raise ActRefusedError(f"{act.target} cannot be read: {reason(error)}", error) from error
    if not ours:
        raise ActRefusedError(f"{act.target} was changed since it was copied")
    acts.remove(kernel, act.target)


def _published(kernel: Kernel, act: Act) -> bool:
    found = kernel.status(act.target)
    if found is None:
        return False
    if found.kind == "file" and kernel.sha256(act.target) == act.sha256:
        return True
    raise ActRefusedError(f"{act.target} is taken by another file")


def _publish(kernel: Kernel, act: Act, source: str) -> None:
    part = act.target + _PART
    acts.remove(kernel, part)  # half a copy from a run that died
    kernel.copy(source, part)
    kernel.sync_file(part)
    kernel.forget_cached(part)
    if kernel.sha256(part) != act.sha256:
        acts.remove(kernel, part)
        raise ActRefusedError(f"the copy of {source} does not hold the bytes that were examined")
    kernel.move(part, act.target)
