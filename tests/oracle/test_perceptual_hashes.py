"""The hashes equal ImageHash's, bit for bit, on the fully decoded and upright picture."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import imagehash
import numpy as np
import pytest
import scipy.fftpack  # type: ignore[import-untyped]
from PIL import Image, ImageOps

from same_image_locator.decode import raster
from same_image_locator.fingerprint import ahash, cosine, phash
from same_image_locator.fingerprint.algorithm import Algorithm
from sample_pictures import modes, photo_like, shapes

PAIRS: list[tuple[Algorithm, Callable[[Image.Image], imagehash.ImageHash]]] = [
    (ahash.ALGORITHM, imagehash.average_hash),
    (phash.ALGORITHM, imagehash.phash),
]
SUFFIXES = {"CMYK": ("jpg", "tif"), "I;16": ("png", "tif"), "LA": ("png",), "RGBA": ("png", "webp")}


def our_hex(path: str, algorithm: Algorithm) -> str:
    greys = np.frombuffer(raster(path, algorithm.side)[2], np.uint8)
    bits = algorithm.bits(greys.reshape(1, algorithm.side, algorithm.side))
    return np.packbits(bits).tobytes().hex()


def theirs(path: str, oracle: Callable[[Image.Image], imagehash.ImageHash]) -> str:
    with Image.open(path) as image:
        image.load()
        return str(oracle(ImageOps.exif_transpose(image)))


def written(folder: Path) -> list[str]:
    """Write more than 200 pictures, and return their paths."""
    paths: list[str] = []
    numbers = count()
    for seed in range(16):
        for _name, image in shapes(seed):
            for suffix in ("png", "jpg"):
                paths.append(str(folder / f"{next(numbers)}.{suffix}"))
                image.save(paths[-1])
    for seed in range(4):
        for mode, image in modes(seed):
            for suffix in SUFFIXES.get(mode, ("png", "tif")):
                paths.append(str(folder / f"{next(numbers)}.{suffix}"))
                image.save(paths[-1])
    return paths


@pytest.mark.parametrize(("algorithm", "oracle"), PAIRS, ids=["ahash", "phash"])
def test_two_hundred_pictures_hash_as_imagehash_hashes_them(
    algorithm: Algorithm, oracle: Callable[[Image.Image], imagehash.ImageHash], tmp_path: Path
) -> None:
    paths = written(tmp_path)
    assert len(paths) >= 200
    wrong = [path for path in paths if our_hex(path, algorithm) != theirs(path, oracle)]
    assert wrong == []


@pytest.mark.parametrize(("algorithm", "oracle"), PAIRS, ids=["ahash", "phash"])
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_exif_orientation_is_applied_before_hashing(
    algorithm: Algorithm,
    oracle: Callable[[Image.Image], imagehash.ImageHash],
    suffix: str,
    orientation: int,
    tmp_path: Path,
) -> None:
    path = str(tmp_path / f"photo.{suffix}")
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(photo_like(orientation)).save(path, exif=exif)
    assert our_hex(path, algorithm) == theirs(path, oracle)


@pytest.mark.parametrize("seed", range(5))
def test_the_cosine_transform_is_scipys_to_the_last_bit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    noise = rng.integers(0, 256, (64, 32, 32), dtype=np.uint8)
    blocks = np.kron(rng.integers(0, 256, (64, 4, 4), dtype=np.uint8), np.ones((8, 8), np.uint8))
    flat = np.broadcast_to(rng.integers(0, 256, (64, 1, 1), dtype=np.uint8), (64, 32, 32))
    for rasters in (noise, blocks, flat):
        np.testing.assert_array_equal(cosine.transform(rasters), scipy.fftpack.dct(rasters))
