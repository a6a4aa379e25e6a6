"""The acts of sidecars: a new file beside a photo, made whole or not at all, and its end."""

from same_image_locator.journal import acts
from same_image_locator.journal.acts import ActRefusedError, reason
from same_image_locator.journal.kernel import Kernel
from same_image_locator.plans import Act


class NotOursError(ActRefusedError):
    """Somebody has changed the file since it was written: it is theirs, and stays."""


def write(kernel: Kernel, act: Act, target: str) -> None:
    """Give a new text its name beside a photo, once it is whole and durable under one of ours.

    Whatever lies at ``target`` already stays as it is.

    Raises:
        ActRefusedError: the name is taken, or the system refuses.
    """
    try:
        if _holds(kernel, target, act.sha256):
            # Where a rename is a link and an unlink, a run may have died between the two.
            acts.remove(kernel, act.source)
            return
        kernel.replace(act.source, act.text.encode("utf-8"))
        kernel.move(act.source, target)
    except FileExistsError:
        raise ActRefusedError(f"{target} is there already, so no metadata is written") from None
    except OSError as error:
        raise ActRefusedError(f"{target} cannot be written: {reason(error)}", error) from error


def remove(kernel: Kernel, path: str, sha256: str) -> bool:
    """Remove a sidecar that we wrote; False when it is gone already.

    Raises:
        NotOursError: it was changed.
        ActRefusedError: it cannot be read or removed.
    """
    try:
        if kernel.status(path) is None:
            return False
        ours = _holds(kernel, path, sha256)
    except OSError as error:
        raise ActRefusedError(f"{path} cannot be read: {reason(error)}", error) from error
    if not ours:
        raise NotOursError(f"{path} was changed since it was written, so it stays")
    return acts.remove(kernel, path)


def _holds(kernel: Kernel, path: str, sha256: str) -> bool:
    found = kernel.status(path)
    return found is not None and found.kind == "file" and kernel.sha256(path) == sha256
