"""Where a file of a group lies in this moment: a file itself, never a link to one."""

import os
import stat

from same_image_locator.decode.causes import DecodeError
from same_image_locator.plans import Entry
from same_image_locator.review import View


def path_of(view: View, entry: Entry) -> str:
    """Return the path of a staged file, which must be a file and not a link to one.

    Raises:
        DecodeError: it is none.
    """
    path = view.staged.path_of(entry)
    try:
        mode = os.lstat(path).st_mode
    except OSError as error:
        raise DecodeError(error.strerror or "it cannot be read") from error
    if os.path.basename(entry.name) != entry.name or not stat.S_ISREG(mode):
        raise DecodeError("not a regular file")
    return path
