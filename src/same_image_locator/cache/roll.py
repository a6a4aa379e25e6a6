"""All fingerprints of one drive in one piece, to be joined with all files of a scan at once.

It repeats what the table of answers holds, and may lag behind it: what is missing here is asked
for there. To read a row each would take most of the time of a scan that finds nothing new.
"""

from array import array
from collections.abc import Iterable

import numpy as np

from same_image_locator.photos import Photos

PRINT_BYTES = 8
# The bytes of a key (inode, size and mtime_ns, the highest byte first) and of a fingerprint.
_ROW = np.dtype(
    [("inode", ">u8"), ("size", ">i8"), ("mtime", ">i8"), ("answer", f"V{PRINT_BYTES}")]
)


def packed(rows: Iterable[tuple[bytes, object]]) -> bytes:
    """Return the fingerprints among these keys and answers in one piece.

    Of one inode only the file with the latest mtime is kept: the others are hardly there any more.
    """
    pieces = (
        key + answer
        for key, answer in rows
        if isinstance(answer, bytes) and len(key) + len(answer) == _ROW.itemsize
    )
    table = np.frombuffer(b"".join(pieces), _ROW)
    table = table[np.lexsort((table["size"], table["mtime"], table["inode"]))]
    latest = np.append(table["inode"][1:] != table["inode"][:-1], True)[: len(table)]
    kept: bytes = table[latest].tobytes()
    return kept


def joined(roll: bytes, photos: Photos) -> tuple[list[int], list[bytes]]:
    """Return the places of the photos that the roll knows, and their fingerprints in that order."""
    table = np.frombuffer(roll, _ROW)
    columns = (photos.inodes, photos.sizes, photos.mtimes)
    if not len(table) or not all(isinstance(column, array) for column in columns):
        return [], []
    inodes, sizes, mtimes = map(np.asarray, columns)
    at = np.searchsorted(table["inode"].astype(np.uint64), inodes)
    at[at == len(table)] = 0
    found = table[at]
    same = (
        (found["inode"] == inodes) & (found["size"] == sizes) & (found["mtime"] == mtimes)
    ).nonzero()[0]
    return same.tolist(), found["answer"][same].tolist()
