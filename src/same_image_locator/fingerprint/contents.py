"""Reads the digests of some files of a perceptual mode, or takes them from the cache."""

import hashlib
import os
from collections.abc import Sequence

from same_image_locator.cache import Cache, Looks, Recorder
from same_image_locator.events import Listener
from same_image_locator.fingerprint.freshness import is_fresh
from same_image_locator.model import Photo


def contents(photos: Sequence[Photo], listener: Listener) -> dict[str, str]:
    """Return the SHA-256 of each photo by its path; one that cannot be read is left out."""
    if not photos:
        return {}
    from concurrent.futures import ThreadPoolExecutor  # most runs read nothing here

    with Cache(listener=listener) as cache, cache.recorder() as recorder:

        def content(photo: Photo) -> bytes | None:
            return _content(photo, cache.looks, recorder)

        with ThreadPoolExecutor() as pool:
            found = zip(photos, pool.map(content, photos), strict=True)
            return {photo.path: digest.hex() for photo, digest in found if digest}


def _content(photo: Photo, looks: Looks, recorder: Recorder) -> bytes | None:
    known = looks.digest(photo.identity)
    if known is None and (known := _read(photo)) is not None:
        recorder.hashed(known, [(photo.identity, None)])
    return known


def _read(photo: Photo) -> bytes | None:
    """Return the digest of what the scan saw; None when it has changed, or cannot be read."""
    try:
        with open(photo.path, "rb") as file:
            if not is_fresh(os.fstat(file.fileno()), photo.identity):
                return None
            digest = hashlib.file_digest(file, "sha256").digest()
            return digest if is_fresh(os.fstat(file.fileno()), photo.identity) else None
    except OSError:
        return None
