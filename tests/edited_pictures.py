"""One picture and what can be done to it: files of one group in mode similar."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

import pictures

SIZE = (640, 480)
CROPPED = (64, 48, 576, 432)  # a tenth off each side


@cache
def scene() -> Image.Image:
    """Return a picture with enough details to be known again: discs on soft colours."""
    image = pictures.picture(1, SIZE)
    random = np.random.default_rng(3)
    for _ in range(120):
        x, y, radius = (int(random.integers(most)) for most in (*SIZE, 40))
        ink = tuple(int(level) for level in random.integers(0, 256, 3))
        ImageDraw.Draw(image).ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
    return image


@cache
def photo() -> Image.Image:
    """Return the picture with the grain that every camera leaves on it."""
    levels = np.asarray(scene(), np.int16)
    grain = np.random.default_rng(1).normal(0, 4, levels.shape)
    return Image.fromarray((levels + grain).clip(0, 255).astype(np.uint8))


def written_on(image: Image.Image) -> Image.Image:
    """Return it with a plate on it, a hundredth of its area."""
    edited = image.copy()
    width, height = image.size
    corner = (width // 2, height // 2, width * 6 // 10 - 1, height * 6 // 10 - 1)
    ImageDraw.Draw(edited).rectangle(corner, fill="magenta")
    return edited


def library(root: Path, *names: str) -> Path:
    """Write the picture as ``a/whole.jpg``, and each edit in a folder of its name.

    A "copy" has the same bytes.
    """
    image = scene()
    edits: dict[str, Callable[[], Image.Image]] = {
        "copy": image.copy,
        "turned": lambda: image.transpose(Image.Transpose.ROTATE_270),
        "cropped": lambda: image.crop(CROPPED),
        "mirrored": lambda: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "written": lambda: written_on(image),
        "half": lambda: image.resize((SIZE[0] // 2, SIZE[1] // 2), Image.Resampling.LANCZOS),
    }
    _save(image, root / "a" / "whole.jpg", 95)
    for name in names:
        _save(edits[name](), root / name / f"{name}.jpg", 95 if name == "copy" else 92)
    return root


def _save(image: Image.Image, path: Path, quality: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, "JPEG", quality=quality, subsampling="4:4:4")
