"""Draws seeded pictures of every mode and shape, for the tests that need real image files."""

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from same_image_locator.demo.motifs import SCENES
from same_image_locator.demo.scenes import render
from same_image_locator.model import Identity, Photo

Raster = NDArray[np.uint8]


def photo_like(seed: int, width: int = 160, height: int = 120) -> Raster:
    """Return RGB noise that is strong in low frequencies and weak in high ones, as photos are."""
    rng = np.random.default_rng(seed)
    layers = np.zeros((height, width, 3))
    for cells in (2, 3, 5, 9, 17, 33):
        noise = rng.normal(0, 60 / cells**0.7, (cells, cells, 3))
        rows = np.linspace(0, cells - 1, height).astype(int)
        columns = np.linspace(0, cells - 1, width).astype(int)
        layers += noise[rows][:, columns]
    layers += rng.normal(0, 4, layers.shape)
    return (layers + rng.integers(80, 170)).clip(0, 255).astype(np.uint8)


def gradient(seed: int, size: int = 96) -> Raster:
    """Return an RGB gradient: most of its frequencies are zero in theory."""
    rng = np.random.default_rng(seed)
    dark, bright = rng.integers(0, 256, 2).tolist()
    ramp = np.linspace(dark, bright, size)
    grey = np.broadcast_to(ramp, (size, size))
    grey = grey.T if seed % 2 else grey
    return np.repeat(grey[:, :, None], 3, axis=2).astype(np.uint8)


def checkers(seed: int) -> Raster:
    """Return blocks of plain colours, as drawings and screenshots have them."""
    rng = np.random.default_rng(seed)
    cells = rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)
    return np.kron(cells, np.ones((16, 16, 1), np.uint8))


def shapes(seed: int) -> Iterator[tuple[str, Image.Image]]:
    """Yield one picture of each content: photo-like, regular, flat, tiny, long."""
    rng = np.random.default_rng(seed)
    yield "photo", Image.fromarray(photo_like(seed))
    yield "gradient", Image.fromarray(gradient(seed))
    yield "checkers", Image.fromarray(checkers(seed))
    yield "noise", Image.fromarray(rng.integers(0, 256, (90, 70, 3), dtype=np.uint8))
    yield "flat", Image.new("RGB", (50, 40), tuple(rng.integers(0, 256, 3).tolist()))
    width, height = rng.integers(1, 12, 2)
    yield "tiny", Image.fromarray(rng.integers(0, 256, (height, width, 3), dtype=np.uint8))
    yield "long", Image.fromarray(photo_like(seed, 400, 20))


def modes(seed: int) -> Iterator[tuple[str, Image.Image]]:
    """Yield one photo-like picture in each pixel mode that files come in."""
    rng = np.random.default_rng(seed)
    base = Image.fromarray(photo_like(seed))
    alpha = Image.fromarray(rng.integers(0, 256, (120, 160), dtype=np.uint8))
    see_through = base.copy()
    see_through.putalpha(alpha)
    for mode in ("1", "L", "P", "CMYK"):
        yield mode, base.convert(mode)
    yield "RGBA", see_through
    yield "LA", see_through.convert("LA")
    deep = (photo_like(seed)[:, :, 0].astype(np.uint16) << 8) + 3
    yield "I;16", Image.fromarray(deep)


def variant(seed: int, own: float) -> Image.Image:
    """Return one of many pictures of one scene, each with details of its own of so many greys."""
    greys = np.asarray(render(SCENES["city"]).convert("L"), np.float32)
    details = np.random.default_rng(seed).normal(size=greys.shape).astype(np.float32)
    details = np.asarray(cv2.GaussianBlur(details, (0, 0), 10), np.float32)
    return Image.fromarray(np.clip(greys + own * details / details.std(), 0, 255).astype(np.uint8))


def write_photo(path: str | Path, seed: int = 1, orientation: int = 1) -> str:
    """Write a photo-like picture, with its EXIF orientation, and return its path."""
    exif = Image.Exif()
    if orientation != 1:
        exif[0x0112] = orientation
    Image.fromarray(photo_like(seed)).save(path, exif=exif)
    return str(path)


def scanned(path: str | Path) -> Photo:
    """Return the photo as the scan would see it now."""
    status = os.lstat(path)
    identity = Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    return Photo(str(path), identity, status.st_nlink)
