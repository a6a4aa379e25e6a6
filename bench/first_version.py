"""How the first version scans: each picture decoded in full, one after the other, on one core.

    python -m bench.first_version FOLDER THRESHOLD

A stand-in that takes the same steps: Pillow's full decode, plain grey, Lanczos to 32 x 32, a
discrete cosine transform, and every hash compared with every later one in plain Python.
"""

import math
import os
import sys

import numpy as np
from PIL import Image

_SIDE, _KEPT = 32, 8
_BASIS = np.array(
    [
        [math.cos(math.pi * (2 * x + 1) * wave / (2 * _SIDE)) for x in range(_SIDE)]
        for wave in range(_SIDE)
    ]
)


def main(folder: str, threshold: int) -> None:
    """Hash all pictures below a folder, group them, and print how many groups there are."""
    names = sorted(os.path.join(at, name) for at, _, files in os.walk(folder) for name in files)
    hashes = [_hash(name) for name in names]
    taken: set[int] = set()
    groups = 0
    for first, own in enumerate(hashes):
        if first in taken:
            continue
        near = [
            later
            for later in range(first + 1, len(hashes))
            if later not in taken and (own ^ hashes[later]).bit_count() <= threshold
        ]
        taken.update(near)
        groups += bool(near)
    print(groups, "groups")


def _hash(name: str) -> int:
    with Image.open(name) as image:
        small = image.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    waves = (_BASIS @ np.asarray(small, float) @ _BASIS.T)[:_KEPT, :_KEPT].ravel()
    bits = waves > np.median(waves[1:])
    return int("".join("1" if bit else "0" for bit in bits), 2)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
