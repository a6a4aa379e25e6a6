"""What of a signature tells at a glance that two pictures are strangers: a sixth of its bytes.

The values of the inside, by which others' views and windows are met exactly, and of all rows the
signs alone. As the spectrum is flattened, values hardly differ in size, so that the share of equal
signs tells the angle between two rows (Charikar, "Similarity estimation techniques from rounding
algorithms", 2002) well enough to leave few for a comparison of values.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from same_image_locator.fingerprint.signature import INSIDE, ROWS, VALUES, WHOLE

_WORD = 64
WORDS = -(-VALUES // _WORD)  # of 64 bits that the signs of a row fill
_PADDED = -(-VALUES // 8) * 8  # bytes of an inside, so that words begin where words may
SIGNED = ROWS - WHOLE  # rows whose signs are kept: the whole, then the windows
GLANCE_BYTES = _PADDED + SIGNED * WORDS * 8

Packed = NDArray[np.int8]
Signs = NDArray[np.uint64]


class Glances(NamedTuple):
    """The glances of n pictures: int8 of shape (n, VALUES), and uint64 (WORDS, SIGNED, n)."""

    insides: Packed
    signs: Signs


def glances(signatures: Packed) -> Glances:
    """Return the glances of signatures, int8 of shape (n, ROWS, VALUES)."""
    words = signs(signatures[:, WHOLE:]).transpose(2, 1, 0)
    return Glances(signatures[:, INSIDE], words)


def packed(seen: Glances) -> bytes:
    """Return glances in one piece: all insides, then of all signs the first words, and so on."""
    insides = np.zeros((len(seen.insides), _PADDED), np.int8)
    insides[:, :VALUES] = seen.insides
    return insides.tobytes() + np.ascontiguousarray(seen.signs).tobytes()


def opened(piece: bytes | memoryview) -> Glances:
    """Return the glances that were put into one piece."""
    count = len(piece) // GLANCE_BYTES
    insides = np.frombuffer(piece, np.int8, count * _PADDED).reshape(count, _PADDED)
    words = np.frombuffer(piece, np.uint64, count * SIGNED * WORDS, count * _PADDED)
    return Glances(insides[:, :VALUES], words.reshape(WORDS, SIGNED, count))


def signs(rows: NDArray[np.int8] | NDArray[np.float32]) -> Signs:
    """Return which values are positive, as bits: (..., VALUES) becomes uint64 (..., WORDS)."""
    bits = np.zeros((*rows.shape[:-1], WORDS * _WORD), np.bool_)
    bits[..., :VALUES] = rows > 0
    words: Signs = np.packbits(bits, axis=-1).view(np.uint64)
    return words


def apart(words: Signs, row: Signs) -> NDArray[np.uint8]:
    """Return in how many signs rows differ: (WORDS, ...) beside (WORDS, ...) gives (...)."""
    differing: NDArray[np.uint8] = np.bitwise_count(words[0] ^ row[0])
    for mine, theirs in zip(words[1:], row[1:], strict=True):
        differing += np.bitwise_count(mine ^ theirs)
    return differing
