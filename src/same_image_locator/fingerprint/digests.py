"""Whole-file digests that earlier runs computed, and those of this one, through the cache."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from same_image_locator.cache import Cache, Looks, Recorder, file_key
from same_image_locator.fingerprint.edge_digest import edges_digest
from same_image_locator.model import Photo

# Below this size, hashing a file again on a drive that was mounted anew costs about as much as
# looking at its edges on every drive: the edges of small files are not kept.
_EDGES_FROM_BYTES = 1 << 20


class Digests(NamedTuple):
    """The digests, by path, that the cache vouches for; ``keep`` takes new ones."""

    known: Mapping[str, bytes]
    recorder: Recorder

    def keep(self, photo: Photo, digest: bytes) -> None:
        """Remember a digest that was computed now."""
        large = photo.identity.size >= _EDGES_FROM_BYTES
        self.recorder.hashed(photo.identity, digest, _edges(photo) if large else None)


@contextmanager
def remembered(photos: Sequence[Photo], cache: Cache) -> Iterator[Digests]:
    """Give what is known of these photos; what is kept meanwhile is written about each second."""
    with cache.recorder() as recorder:
        yield Digests(_recalled(photos, cache.looks), recorder)


def _recalled(photos: Sequence[Photo], looks: Looks) -> dict[str, bytes]:
    devices = {photo.identity.device for photo in photos}
    known = {device: looks.digests(device) for device in devices}
    found = {}
    if any(known.values()):
        for photo in photos:
            digest = known[photo.identity.device].get(file_key(photo.identity))
            if digest is not None:
                found[photo.path] = digest
        for device in devices:
            looks.mark_used(device, (file_key(photo.identity) for photo in photos))
    if drives := looks.other_drives(devices):
        sizes = Counter(photo.identity.size for photo in photos)
        unknown = [
            photo
            for photo in photos
            if photo.identity.size >= _EDGES_FROM_BYTES
            and sizes[photo.identity.size] > 1
            and photo.path not in found
        ]
        found.update(_from_elsewhere(unknown, looks, drives))
    return found


def _from_elsewhere(
    photos: Sequence[Photo], looks: Looks, drives: Collection[int]
) -> Iterator[tuple[str, bytes]]:
    """Yield digests of files whose drive was mounted anew, where their edges are still the same."""
    for photo in photos:
        kept = looks.digest_elsewhere(photo.identity, drives)
        if kept and kept[0] == _edges(photo):
            yield photo.path, kept[1]


def _edges(photo: Photo) -> bytes | None:
    try:
        return edges_digest(photo.path, photo.identity.size)
    except OSError:
        return None
