"""Shows what shrinking while decoding does to fingerprints: how many of their bits it changes.

Every picture of a folder is decoded twice: in full, as ImageHash does, and as a scan does it, with
and without thumbnails. The table tells for each format how many pictures' hashes differ by how
many of their 64 bits, and what the decoding cost.
"""

import argparse
import collections
import os
import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import glimpse
from same_image_locator.fingerprint import ahash, phash
from same_image_locator.fingerprint.algorithm import Algorithm

_THUMBNAILS = (160, 480)
_WAYS: dict[str, tuple[int, ...]] = {"fast": (), "fast, thumbnails": _THUMBNAILS}
_GOAL = 2  # bits

Key = tuple[str, str, str]


class Tally:
    """How often so many bits differed, and the processor's seconds, by format, hash and way."""

    def __init__(self) -> None:
        self.counts: dict[Key, collections.Counter[int]] = {}
        self.seconds: dict[Key, float] = {}

    def look(self, path: str, algorithm: Algorithm) -> None:
        """Compare the ways with the full decode of one picture."""
        start = time.process_time()
        whole = glimpse(path, algorithm.side, full=True)
        if whole.damage:
            raise DecodeError(whole.damage)
        key = (whole.facts.format, algorithm.name, "full")
        self._add(key, 0, start)
        expected = _bits(whole.greys, algorithm)
        for way, sizes in _WAYS.items():
            start = time.process_time()
            greys = glimpse(path, algorithm.side, sizes).greys
            differ = int((_bits(greys, algorithm) != expected).sum())
            self._add((whole.facts.format, algorithm.name, way), differ, start)

    def _add(self, key: Key, differ: int, start: float) -> None:
        self.seconds[key] = self.seconds.get(key, 0.0) + time.process_time() - start
        self.counts.setdefault(key, collections.Counter())[differ] += 1

    def total(self, name: str, way: str) -> collections.Counter[int]:
        """Return the counts of one hash and one way over all formats."""
        found = [count for key, count in self.counts.items() if key[1:] == (name, way)]
        return sum(found, collections.Counter())


def _bits(greys: bytes, algorithm: Algorithm) -> NDArray[np.bool_]:
    rows = np.frombuffer(greys, np.uint8).reshape(1, algorithm.side, algorithm.side)
    return algorithm.bits(rows)


def _files(folder: str) -> Iterator[str]:
    for place, _folders, names in os.walk(folder):
        yield from (os.path.join(place, name) for name in sorted(names))


def _line(key: Key, count: collections.Counter[int], cost: str) -> str:
    whole = count.total()
    near = sum(times for differ, times in count.items() if differ <= _GOAL)
    spread = ", ".join(f"{differ}: {times:,}" for differ, times in sorted(count.items()))
    words = f"{key[0]:10} {key[1]:6} {key[2]:17} {whole:6,} {100 * near / whole:7.2f} %"
    return f"{words} {cost:>10}   {spread}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", help="real photos; nothing in it is changed")
    tally, unread = Tally(), 0
    for path in _files(parser.parse_args().folder):
        try:
            for algorithm in (phash.ALGORITHM, ahash.ALGORITHM):
                tally.look(path, algorithm)
        except DecodeError:
            unread += 1
    print(
        f"{'format':10} {'hash':6} {'way':17} {'files':>6} {'<= 2 bits':>9} {'ms each':>10}   bits"
    )
    for key, count in sorted(tally.counts.items()):
        print(_line(key, count, f"{1000 * tally.seconds[key] / count.total():.2f}"))
    for name in ("phash", "ahash"):
        for way in _WAYS:
            if count := tally.total(name, way):
                print(_line(("all", name, way), count, ""))
    print(f"{unread:,} files are no pictures that can be read whole")


if __name__ == "__main__":
    main()
