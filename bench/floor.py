"""The least that a scan of JPEG photos can cost: every file decoded at an eighth, and nothing else.

    python -m bench.floor FOLDER [pillow|simplejpeg|control]

"control" does pure Python work instead, which threads cannot share: its gain from a second core
shows what the measuring itself pretends.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from PIL import Image

_EIGHTH = 8
_CONTROL = 30_000_000  # additions, some seconds, however many files share them


def pillow(path: Path) -> None:
    """Decode with Pillow."""
    with Image.open(path) as image:
        image.draft("L", (image.width // _EIGHTH, image.height // _EIGHTH))
        image.load()


def simplejpeg(path: Path) -> None:
    """Decode with simplejpeg, the thinnest binding to libjpeg-turbo."""
    import simplejpeg as library

    data = path.read_bytes()
    height, width, _, _ = library.decode_jpeg_header(data)
    library.decode_jpeg(
        data,
        "GRAY",
        fastdct=True,
        fastupsample=True,
        min_height=height // _EIGHTH,
        min_width=width // _EIGHTH,
    )


def control(additions: int, _path: Path) -> None:
    """Work without ever letting go of the interpreter's lock."""
    total = 0
    for number in range(additions):
        total += number


def main(folder: Path, name: str) -> None:
    """Do the work for every file, on as many threads as there are cores."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    ways: dict[str, Callable[[Path], None]] = {
        "pillow": pillow,
        "simplejpeg": simplejpeg,
        "control": partial(control, _CONTROL // len(files)),
    }
    way = ways[name]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        for _ in threads.map(way, files):
            pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if sys.argv[2:] else "pillow")
