"""How the cache names a file and a content, so that a rename, a move or a remount keeps them."""

import struct

from same_image_locator.model import Identity

_KEY = struct.Struct(">QQq")
KEY_BYTES = _KEY.size
_pack = _KEY.pack
_UNSIGNED = (1 << 64) - 1


def drive_key(device: int) -> int:
    """Return a device number as SQLite can hold it: in 64 bits with a sign."""
    return (device & _UNSIGNED) - (1 << 64 if device & (1 << 63) else 0)


def file_key(identity: Identity) -> bytes:
    """Return the 24 bytes that name a file on its drive: inode, size in bytes and mtime_ns.

    Neither the path nor the device is in it: the one changes with a rename or a move, the other
    when a drive is mounted again.
    """
    try:
        return _pack(*identity[1:])
    except struct.error:  # the inodes of some systems have 128 bits, and a clock may be anything
        inode, mtime_ns = identity.inode & _UNSIGNED, identity.mtime_ns & (_UNSIGNED >> 1)
        return _pack(inode, identity.size, mtime_ns)


def by_file(identity: Identity) -> bytes:
    """Return the name of what was made from this unchanged file, by which it is kept."""
    return b"f%x " % (identity.device & _UNSIGNED) + file_key(identity)


def by_content(sha256: str) -> bytes:
    """Return the name of what was made from this content (hexadecimal SHA-256)."""
    return b"c" + sha256.encode("ascii", "replace")
