"""The hashes equal ImageHash's, bit for bit, on plain pictures decoded in full and upright.

What the fast way to decode changes is a bit or two. Pictures that are not plain (transparent,
deeper than 8 bits, of another colour space) are hashed as they look, which ImageHash does not do.
"""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import imagehash
import numpy as np
import pytest
import scipy.fftpack  # type: ignore[import-untyped]
from numpy.typing import NDArray
from PIL import Image, ImageOps

from same_image_locator.decode.glimpse import glimpse
from same_image_locator.fingerprint import ahash, cosine, phash
from same_image_locator.fingerprint.algorithm import Algorithm
from sample_pictures import modes, photo_like, shapes

Raster = NDArray[np.uint8]
PAIRS: list[tuple[Algorithm, Callable[[Image.Image], imagehash.ImageHash]]] = [
    (ahash.ALGORITHM, imagehash.average_hash),
    (phash.ALGORITHM, imagehash.phash),
]
SUFFIXES = {"CMYK": ("jpg", "tif")}
NOT_PLAIN = {"RGBA", "LA", "I;16"}


def greys(path: str, side: int, sizes: tuple[int, ...] = (), *, full: bool = False) -> Raster:
    seen = glimpse(path, side, sizes, full=full)
    return np.frombuffer(seen.greys, np.uint8).reshape(1, side, side)


def our_hex(path: str, algorithm: Algorithm) -> str:
    bits = algorithm.bits(greys(path, algorithm.side, full=True))
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
            if mode in NOT_PLAIN:
                continue
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


@pytest.mark.parametrize("size", [(803, 601), (409, 1015)])
@pytest.mark.parametrize("suffix", ["jpg", "png"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_shrinking_while_decoding_changes_hardly_a_grey_and_two_bits_at_most(
    size: tuple[int, int], suffix: str, orientation: int, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = str(tmp_path / f"photo.{suffix}")
    Image.fromarray(photo_like(1, *size)).save(path, exif=exif, compress_level=1)
    full = greys(path, phash.ALGORITHM.side, full=True)
    for sizes in ((), (160, 480)):
        fast = greys(path, phash.ALGORITHM.side, sizes)
        assert abs(fast.astype(int) - full).mean() < 0.5
        assert (phash.bits(fast) != phash.bits(full)).sum() <= 2


@pytest.mark.parametrize("seed", range(5))
def test_the_cosine_transform_is_scipys_to_the_last_bit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    noise = rng.integers(0, 256, (64, 32, 32), dtype=np.uint8)
    blocks = np.kron(rng.integers(0, 256, (64, 4, 4), dtype=np.uint8), np.ones((8, 8), np.uint8))
    flat = np.broadcast_to(rng.integers(0, 256, (64, 1, 1), dtype=np.uint8), (64, 32, 32))
    for rasters in (noise, blocks, flat):
        right = scipy.fftpack.dct(rasters)
        for number in (2, 8, 16):
            low = cosine.transform(rasters, number)
            np.testing.assert_array_equal(low, right[..., :number])
