"""Tells whether a file is still the one that the scan saw."""

import os
import stat

from same_image_locator.model import Identity

CHANGED = "changed since the scan"
VANISHED = "vanished since the scan"


def is_fresh(status: os.stat_result, identity: Identity) -> bool:
    """Return whether ``status`` describes the same regular file, untouched."""
    return (
        status.st_mtime_ns == identity.mtime_ns
        and status.st_size == identity.size
        and status.st_ino == identity.inode
        and status.st_dev == identity.device
        and stat.S_ISREG(status.st_mode)
    )
