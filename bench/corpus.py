"""Makes the photos that benchmarks run on: large ones like a camera's, small ones like the web's.

    python -m bench.corpus KIND FOLDER COUNT [PHOTOS]

KIND is "phone" (12 megapixels, about 3.6 MB each, with EXIF data) or
"web" (about 0.3 megapixels, 50 kB). PHOTOS is a folder of real photos to make them from; without
it scenes are painted. Every fifth picture is a near copy of the one before. The same arguments
give the same pictures; a folder that has enough of them is used as it is.
"""

import os
import random
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

PHONE = (4000, 3000)
_WEB = ((640, 480), (720, 480), (500, 600), (800, 400))
_NEAR_COPY_EVERY = 5
_GRAIN_SLACK = 600  # pixels by which the pool of grain is larger than a picture
_SIGMA = 11.5  # of the grain, before it is softened: gives a 12-megapixel file of about 3.6 MB


def made(kind: str, folder: Path, count: int, photos: Path | None = None) -> Path:
    """Return ``folder`` with at least ``count`` pictures of a kind in it."""
    draw = {"phone": _phone, "web": _web}[kind]
    missing = [number for number in range(count) if not _path(folder, number).exists()]
    with ProcessPoolExecutor() as processes:
        list(processes.map(partial(draw, folder, photos), missing, chunksize=4))
    return folder


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number // 250:03}" / f"IMG_{number:06}.jpg"


def _saved(image: Image.Image, path: Path, **options: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    image.save(part, "JPEG", **options)
    part.rename(path)


def _phone(folder: Path, photos: Path | None, number: int) -> None:
    image = ImageChops.add(_scene(number, photos, PHONE), _grain(number), 1, -128)
    if _is_near_copy(number):
        image = ImageEnhance.Brightness(image).enhance(1.06)
    _saved(image, _path(folder, number), quality=90, subsampling=2, exif=_exif(number))


def _web(folder: Path, photos: Path | None, number: int) -> None:
    base = number - _is_near_copy(number)
    size = _WEB[random.Random(base).randrange(len(_WEB))]  # noqa: S311 - a benchmark's dice
    image = _scene(number, photos, size)
    quality = 75 + base % 17
    if _is_near_copy(number):
        image, quality = image.resize((size[0] * 4 // 5, size[1] * 4 // 5)), 70
    _saved(image, _path(folder, number), quality=quality, progressive=number % 10 == 0)


def _is_near_copy(number: int) -> bool:
    return number % _NEAR_COPY_EVERY == _NEAR_COPY_EVERY - 1


def _scene(number: int, photos: Path | None, size: tuple[int, int]) -> Image.Image:
    """Return the scene of a number in RGB: a stretch of a real photo, or a painted one."""
    dice = random.Random(number - _is_near_copy(number))  # noqa: S311 - a benchmark's dice
    if photos is None:
        return _painted(dice, size)
    with Image.open(dice.choice(_sources(photos))) as source:
        share = dice.uniform(0.8, 1.0)
        width, height = source.width * share, source.height * share
        left = dice.uniform(0, source.width - width)
        top = dice.uniform(0, source.height - height)
        box = (left, top, left + width, top + height)
        image = source.convert("RGB").resize(size, Image.Resampling.BICUBIC, box=box)
    flip = dice.random() < 0.5  # noqa: PLR2004 - one in two
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if flip else image


@cache
def _sources(photos: Path) -> list[Path]:
    return sorted(path for path in photos.rglob("*") if path.suffix in {".jpg", ".jpeg", ".png"})


def _painted(dice: random.Random, size: tuple[int, int]) -> Image.Image:
    """Return a soft background with shapes of many sizes on it, sharp and blurred ones."""
    seed = dice.getrandbits(32)
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), np.uint8)
    image = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
    for round_ in range(3):
        pen = ImageDraw.Draw(image)
        for _ in range(60):
            x, y = dice.randrange(size[0]), dice.randrange(size[1])
            reach = dice.randrange(4, size[0] // (4 * (round_ + 1)))
            colour = (dice.randrange(256), dice.randrange(256), dice.randrange(256))
            shape = pen.ellipse if dice.getrandbits(1) else pen.rectangle
            shape((x, y, x + reach, y + dice.randrange(4, 2 * reach)), fill=colour)
        if round_ == 0:
            image = image.filter(ImageFilter.GaussianBlur(size[0] / 200))
    return image


@cache
def _pool() -> Image.Image:
    """Return sensor noise, a little softened, larger than a picture by ``_GRAIN_SLACK``."""
    width, height = PHONE[0] + _GRAIN_SLACK, PHONE[1] + _GRAIN_SLACK
    noise: NDArray[np.float32] = np.random.default_rng(7).standard_normal(
        (height, width), np.float32
    )
    grey = Image.fromarray((noise * _SIGMA + 128).clip(0, 255).astype(np.uint8))
    grey = grey.filter(ImageFilter.GaussianBlur(0.6))
    return Image.merge("RGB", (grey, grey, grey))


def _grain(number: int) -> Image.Image:
    """Return a piece of the noise; a piece a number costs a hundredth of fresh noise."""
    dice = random.Random(-number)  # noqa: S311 - a benchmark's dice
    x, y = dice.randrange(_GRAIN_SLACK), dice.randrange(_GRAIN_SLACK)
    return _pool().crop((x, y, x + PHONE[0], y + PHONE[1]))


def _exif(number: int) -> bytes:
    """Return what a camera writes: maker, orientation, date."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Generic", "Phone", 1
    exif.get_ifd(0x8769)[0x9003] = f"2024:{1 + number % 12:02}:{1 + number % 28:02} 10:00:00"
    return exif.tobytes()


if __name__ == "__main__":
    given = sys.argv[1:]
    where = made(given[0], Path(given[1]), int(given[2]), Path(given[3]) if given[3:] else None)
    sizes = [entry.stat().st_size for entry in where.rglob("*.jpg")]
    print(f"{len(sizes):,} pictures, {sum(sizes) / 1e6:,.0f} MB, {os.fspath(where)}")
