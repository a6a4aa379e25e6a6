"""Small real pictures for tests: same seed, same picture, to the byte."""

import io
import os
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

FORMATS = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".png": "PNG",
    ".gif": "GIF",
    ".bmp": "BMP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".webp": "WEBP",
    ".heic": "HEIF",
    ".heif": "HEIF",
}
_DATE_TAKEN, _ORIENTATION, _EXIF_FOLDER = 0x9003, 0x0112, 0x8769


def picture(seed: int = 0, size: tuple[int, int] = (160, 120)) -> Image.Image:
    """Return a picture of smooth blobs: as distinct from other seeds as one photo from another."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def encoded(  # noqa: PLR0913 - each argument is one fact of a test's picture
    seed: int = 0,
    size: tuple[int, int] = (160, 120),
    *,
    format: str = "JPEG",  # noqa: A002 - the word that Pillow uses
    quality: int = 90,
    brightness: float = 1.0,
    orientation: int | None = None,
    taken: str | None = None,
) -> bytes:
    """Return a picture's file content; ``orientation`` 1-8 and ``taken`` go into its EXIF."""
    image = picture(seed, size)
    if brightness != 1.0:
        image = image.point([min(255, round(level * brightness)) for level in range(256)] * 3)
    exif = Image.Exif()
    if orientation is not None:
        exif[_ORIENTATION] = orientation
    if taken is not None:
        exif.get_ifd(_EXIF_FOLDER)[_DATE_TAKEN] = taken
    options: dict[str, Any] = {"exif": exif.tobytes()} if len(exif) or taken else {}
    if format in {"JPEG", "WEBP", "HEIF"}:
        options["quality"] = quality
    if format == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def photo(path: str | os.PathLike[str], seed: int = 0, **facts: Any) -> str:
    """Write a real picture to ``path`` in the format of its suffix (or ``format``), and return it.

    Further ``facts`` are those of :func:`encoded`.
    """
    target = Path(path)
    facts.setdefault("format", FORMATS.get(target.suffix.lower(), "JPEG"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(encoded(seed, **facts))
    return os.fspath(target)


def draw_tree(root: Path, drawing: str) -> Path:
    """Build the real files and folders of a drawing under ``root``, and return ``root``.

    One name a line, two blanks of indentation a level::

        holiday/            a folder
          a.jpg @7          a picture of seed 7: the same seed is the same content
          b.jpg             a picture of a seed made from its place in the drawing
          notes.txt: hello  a file with this text
          empty.jpg:        an empty file
          soft.jpg -> a.jpg a symbolic link (target as written)
          hard.jpg => holiday/a.jpg  a hard link (target from the root of the tree)
    """
    root.mkdir(parents=True, exist_ok=True)
    above = [root]
    for number, line in enumerate(textwrap.dedent(drawing).strip("\n").splitlines()):
        name = line.strip(" ")
        if not name:
            continue
        level = (len(line) - len(line.lstrip(" "))) // 2
        del above[level + 1 :]
        if name.endswith("/"):
            above.append(above[-1] / name[:-1])
            above[-1].mkdir()
        else:
            _draw_file(root, above[-1], name, number)
    return root


def _draw_file(root: Path, folder: Path, line: str, number: int) -> None:
    if " -> " in line:
        name, target = line.split(" -> ")
        (folder / name).symlink_to(target)
    elif " => " in line:
        name, target = line.split(" => ")
        (folder / name).hardlink_to(root / target)
    elif " @" in line:
        name, seed = line.rsplit(" @", 1)
        photo(folder / name, int(seed))
    elif ":" in line:
        name, text = line.split(":", 1)
        (folder / name).write_text(text.strip(" "), encoding="utf-8")
    else:
        photo(folder / line, 1000 + number)
