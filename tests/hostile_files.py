"""Makes files that no decoder should meet: empty, cut off, with flipped bits, wrongly named, bombs.

Same seed, same files, to the byte. What must come of each stands beside it.
"""

import random
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import pictures
from bombs import bombs

# "error": one clear cause, no picture. "part": that, or a part of the picture which is said to be
# one. "either": whatever a decoder makes of it. "read": a picture.
Expected = Literal["error", "part", "either", "read"]

FORMATS = {
    ".jpg": "JPEG",
    ".png": "PNG",
    ".gif": "GIF",
    ".bmp": "BMP",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".heic": "HEIF",
    ".avif": "AVIF",
    ".jp2": "JPEG2000",
    ".ico": "ICO",
    ".ppm": "PPM",
    ".dds": "DDS",
    ".icns": "ICNS",
    ".tga": "TGA",
}
_CUTS = (2, 10, 50, 90, 99)  # percent of the file that is left
_FLIPPED = 8  # files of each format
_NAMED = (".jpg", ".png", ".heic", ".tif")


class Hostile(NamedTuple):
    """One file: its name, its content, and what must come of it."""

    name: str
    content: bytes
    expected: Expected


def hostile_files(seed: int = 0) -> Iterator[Hostile]:
    """Yield about four hundred files."""
    chance = random.Random(seed)
    for number, (suffix, format_) in enumerate(FORMATS.items()):
        whole = pictures.encoded(100 * seed + number, format=format_)
        yield from _broken(suffix, whole, chance)
        yield from _named_wrongly(suffix, whole)
    for name, content, refused in bombs():
        yield Hostile(f"bomb_{name}", content, "part" if refused else "either")


def write(folder: Path, files: Iterator[Hostile]) -> dict[str, Hostile]:
    """Write the files into a folder, and return them by path."""
    folder.mkdir(parents=True)
    written = {}
    for file in files:
        path = folder / file.name
        path.write_bytes(file.content)
        written[str(path)] = file
    return written


def mutated(whole: bytes, chance: random.Random) -> bytes:
    """Return a file with a few of its bytes changed, taken out, put in or copied elsewhere."""
    bytes_ = bytearray(whole)
    # Headers decide most, so that half of the changes are made there.
    reach = chance.choice((min(len(bytes_), 256), len(bytes_)))
    for _ in range(chance.choice((1, 2, 4, 16))):
        place = chance.randrange(max(1, min(reach, len(bytes_))))
        match chance.randrange(5):
            case 0:
                bytes_[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                bytes_[place : place + 4] = chance.choice(
                    (b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff")
                )
            case 2:
                del bytes_[place : place + chance.randrange(1, 64)]
            case 3:
                bytes_[place:place] = chance.randbytes(chance.randrange(1, 64))
            case _:
                source = chance.randrange(max(1, len(bytes_)))
                bytes_[place : place + 32] = bytes_[source : source + 32]
    return _sound(bytes(bytes_)) if chance.randrange(2) else bytes(bytes_)


def _sound(whole: bytes) -> bytes:
    """Return a PNG with right check sums, so that what was changed in it is looked at at all."""
    at, parts = 8, [whole[:8]]
    while whole.startswith(b"\x89PNG") and at + 8 <= len(whole):
        end = at + 8 + int.from_bytes(whole[at : at + 4], "big")
        parts += [whole[at:end], zlib.crc32(whole[at + 4 : end]).to_bytes(4, "big")]
        at = end + 4
    return b"".join(parts) if len(parts) > 1 else whole


def _broken(suffix: str, whole: bytes, chance: random.Random) -> Iterator[Hostile]:
    note = f"not a picture, whatever {suffix} says\n"
    yield Hostile(f"empty{suffix}", b"", "error")
    yield Hostile(f"byte{suffix}", whole[:1], "error")
    yield Hostile(f"magic{suffix}", whole[:12], "error")
    yield Hostile(f"zeros{suffix}", bytes(4096 + len(suffix)), "error")
    yield Hostile(f"noise{suffix}", chance.randbytes(4096), "error")
    yield Hostile(f"text{suffix}", note.encode() * 9, "error")
    yield Hostile(f"page{suffix}", f"<!DOCTYPE html><title>{note}</title>".encode(), "error")
    for percent in _CUTS:
        cut = whole[: len(whole) * percent // 100]
        # An icon file holds many pictures, and a cut may leave some of them whole.
        expected: Expected = "either" if suffix == ".icns" else "part"
        yield Hostile(f"cut{percent}{suffix}", cut, expected)
    for number in range(_FLIPPED):
        yield Hostile(f"flipped{number}{suffix}", mutated(whole, chance), "either")
    yield Hostile(f"holed{suffix}", whole[: len(whole) // 2] + bytes(len(whole) // 2), "either")


def _named_wrongly(suffix: str, whole: bytes) -> Iterator[Hostile]:
    stem = f"a{suffix.replace('.', '_')}"
    for other in _NAMED:
        if other != suffix:
            # A TGA file begins with nothing that would tell it: only its name does.
            expected: Expected = "either" if suffix == ".tga" else "read"
            yield Hostile(f"{stem}{other}", whole, expected)
