"""Fingerprints of one run that would fill the memory: in a nameless file, mapped to be read."""

import contextlib
import errno
import mmap
import os
from io import BufferedReader, FileIO


class Spool:
    """Pieces of one length, each in its place; the file has no name and ends with the run.

    Where there is no room for a file in the cache's folder, memory must do.
    """

    def __init__(self, folder: str, count: int, length: int) -> None:
        import tempfile  # it loads archives and random numbers, and hardly any run needs it

        self._length = length
        self._size = count * length
        self._file: FileIO | None = None
        self._memory = bytearray()
        with contextlib.suppress(OSError):
            os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: TID251 - the cache's own folder
            self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - it lives as long as we do
        if self._file is None:
            self._memory = bytearray(self._size)

    def put(self, place: int, piece: bytes) -> None:
        """Keep a piece."""
        start = place * self._length
        try:
            self._write(start, piece)
        except OSError:  # such as a full drive
            self._remember()
            self._write(start, piece)

    def _write(self, start: int, piece: bytes) -> None:
        if self._file is None:
            self._memory[start : start + self._length] = piece
        else:
            self._file.seek(start)
            if self._file.write(piece) < len(piece):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _remember(self) -> None:
        """Go on in memory, with all that was put into the file."""
        file, self._file = self._file, None
        self._memory = bytearray(self._size)
        if file is not None:
            file.seek(0)
            with BufferedReader(file) as reader:
                reader.readinto(self._memory)

    def pieces(self) -> memoryview:
        """Return all pieces, one behind the other; nothing is put from now on."""
        if self._file is None:
            return memoryview(self._memory)
        with self._file as file:
            file.truncate(self._size)
            return memoryview(mmap.mmap(file.fileno(), self._size, access=mmap.ACCESS_READ))
