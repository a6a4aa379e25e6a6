"""Tells whether a file is still the one that the scan saw."""

import os
import stat

from same_image_locator.model import Identity

CHANGED = "changed since the scan"
VANISHED = "vanished since the scan"


def is_fresh(status: os.stat_result, identity: Identity) -> bool:
    """Return whether ``status`` describes the same regular file, untouched."""
    return stat.S_ISREG(status.st_mode) and identity == Identity(
        status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
    )
