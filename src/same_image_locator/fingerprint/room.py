"""The memory that pieces of files are read into, the same again and again: fresh memory is slow."""


class Room:
    """Pieces of files, one behind the other; a piece is named by where it begins.

    What is not ``taken`` is overwritten by the next piece.
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._view = memoryview(self._data)
        self._used = 0

    def holds(self, size: int) -> bool:
        """Return whether pieces with so many bytes still fit in."""
        return self._used + size <= len(self._data)

    def clear(self, size: int) -> None:
        """Forget all pieces, and have room for at least so many bytes."""
        self._used = 0
        if size > len(self._data):
            self._data = bytearray(size)
            self._view = memoryview(self._data)

    def free(self, length: int) -> memoryview:
        """Return a place for the next piece; the caller knows that there is room."""
        return self._view[self._used : self._used + length]

    def taken(self, length: int) -> int:
        """Keep the piece that was read there; return its name."""
        start = self._used
        self._used += length
        return start

    def piece(self, start: int, length: int) -> memoryview:
        """Return the piece of that name."""
        return self._view[start : start + length]

    def equals(self, start: int, piece: memoryview) -> bool:
        """Return whether the piece of that name is equal to this one."""
        # Much quicker than to compare two views, which Python does item by item.
        return self._data.startswith(piece, start)
