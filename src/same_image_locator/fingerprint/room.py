"""The memory that pieces of files are read into, the same again and again: fresh memory is slow."""

_STEP_BYTES = 1 << 20  # by how much room grows: to get a little more each time is as slow
_BLOCK_BYTES = 1 << 18  # two of the largest pieces, so that the processor's cache holds it


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
            self._data = bytearray(-(-size // _STEP_BYTES) * _STEP_BYTES)
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


class Blocks:
    """Pieces in memory that is got as it is needed, and used again; none is longer than a block.

    What is not ``taken`` is overwritten by the next piece.
    """

    def __init__(self) -> None:
        self._blocks = [bytearray(_BLOCK_BYTES)]
        self._number = self._used = 0

    def clear(self) -> None:
        """Forget all pieces."""
        self._number = self._used = 0

    def free(self, length: int) -> memoryview:
        """Return a place for the next piece."""
        if self._used + length > _BLOCK_BYTES:
            self._number, self._used = self._number + 1, 0
            if self._number == len(self._blocks):
                self._blocks.append(bytearray(_BLOCK_BYTES))
        return memoryview(self._blocks[self._number])[self._used : self._used + length]

    def taken(self, length: int) -> tuple[bytearray, int]:
        """Keep the piece that was read there; return its block, and where it begins in it."""
        start = self._used
        self._used += length
        return self._blocks[self._number], start
