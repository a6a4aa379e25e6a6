"""What earlier searches for identical files found out, and what this one does, in the cache."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from same_image_locator.cache import Looks, Recorder, by_file, file_key
from same_image_locator.fingerprint.edge_digest import edges_digest
from same_image_locator.model import Photo

# Below this size, hashing a file again on a drive that was mounted anew costs about as much as
# looking at its edges on every drive: the edges of small files are not kept.
_EDGES_FROM_BYTES = 1 << 20
_NAME_BYTES = 16


class Memory:
    """The digests of files, by path in ``digests``, and which files are known to differ.

    Most files of one size are told apart without a digest. So that they need not be compared in
    every run, all of one size are remembered together once each was compared with all others.
    """

    def __init__(self, looks: Looks, recorder: Recorder) -> None:
        self.digests: dict[str, bytes] = {}
        self._looks = looks
        self._recorder = recorder
        self._settled: set[bytes] = set()

    def recall(self, photos: Sequence[Photo]) -> None:
        """Learn what the cache vouches for of these photos, that share their sizes."""
        drives = defaultdict(list)
        for photo in photos:
            drives[photo.identity.device].append(photo)
        for device, those in drives.items():
            self._settled |= self._looks.settled(device)
            self._recall(device, those, drives)

    def _recall(self, device: int, photos: Sequence[Photo], here: Collection[int]) -> None:
        known = self._looks.digests(device)
        if known:
            for photo in photos:
                digest = known.get(file_key(photo.identity))
                if digest is not None:
                    self.digests[photo.path] = digest
            self._looks.mark_used(device, (file_key(photo.identity) for photo in photos))
        if drives := self._looks.other_drives(here):
            unknown = [
                photo
                for photo in photos
                if photo.identity.size >= _EDGES_FROM_BYTES and photo.path not in self.digests
            ]
            self.digests.update(_from_elsewhere(unknown, self._looks, drives))

    def keep(self, same: Sequence[Photo], digest: bytes) -> None:
        """Remember the digest of these photos, which was computed now."""
        for photo in same:
            self.digests[photo.path] = digest
        large = same[0].identity.size >= _EDGES_FROM_BYTES if same else False
        self._recorder.hashed(
            digest, [(photo.identity, _edges(photo) if large else None) for photo in same]
        )

    def is_settled(self, same: Iterable[Photo]) -> bool:
        """Return whether, of these photos of one size, those without a digest equal none."""
        return bool(self._settled) and self._name(same) in self._settled

    def settle(self, buckets: Iterable[Collection[Photo]]) -> None:
        """Remember of all photos of one size, for several sizes, that they were compared."""
        names = defaultdict(list)
        for same in buckets:
            names[next(iter(same)).identity.device].append(self._name(same))
        for device, those in names.items():
            self._looks.keep_settled(device, those)

    def _name(self, same: Iterable[Photo]) -> bytes:
        """Return what stands for these files as they are, and for what is known of each."""
        same = list(same)
        # Files of one drive keep their name when that is mounted anew.
        several = len({one.identity.device for one in same}) > 1
        key = by_file if several else file_key
        files = [key(one.identity) + self.digests.get(one.path, b"") for one in same]
        return hashlib.blake2b(b"".join(sorted(files)), digest_size=_NAME_BYTES).digest()


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
        return edges_digest(photo.path, photo.identity.size, alone=True)
    except OSError:
        return None
