"""What is said of a picture in the XMP files beside it, where photo programs write it."""

import os
import stat

from same_image_locator import xmp
from same_image_locator.model import Metadata
from same_image_locator.plans import Attached, Entry
from same_image_locator.review.views import View


def sidecars_of(view: View, entry: Entry) -> tuple[Attached, ...]:
    """Return the XMP files that belong to a file of a group."""
    along = view.staged.attached_to(entry.name)
    return tuple(one for one in along if one.origin.lower().endswith(".xmp"))


def said_with(view: View, entry: Entry, said: Metadata | None) -> Metadata | None:
    """Return what is ``said`` in a file, and before that what is said beside it.

    None where one of them cannot be read: it may say anything.
    """
    for one in reversed(sidecars_of(view, entry)):
        packet = _read(os.path.join(view.staged.folder, one.name))
        if said is None or packet is None:
            return None
        said = xmp.completed(xmp.read(packet), said)
    return said


def _read(path: str) -> bytes | None:
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        with open(path, "rb") as file:
            return file.read(xmp.LONGEST + 1)
    except OSError:
        return None
