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
_ALONE = "0"  # instead of a content's number

_Keyed = tuple[bytes, Photo]


class Memory:
    """The digests of files, by path in ``digests``, and which files are known to differ.

    Most files of one size are told apart without a digest. So that they need not be compared in
    every run, all of one size are remembered together once each was compared with all others, and
    with them which are equal though nobody needed their digest.
    """

    def __init__(self, looks: Looks, recorder: Recorder) -> None:
        self.digests: dict[str, bytes] = {}
        self._looks = looks
        self._recorder = recorder
        self._settled: dict[bytes, str] = {}
        self._several = False  # drives

    def recall(self, photos: Sequence[Photo]) -> None:
        """Learn what the cache vouches for of these photos, that share their sizes."""
        drives = defaultdict(list)
        for photo in photos:
            drives[photo.identity.device].append(photo)
        self._several = len(drives) > 1
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

    def settled(self, same: Sequence[Photo]) -> list[list[Photo]] | None:
        """Return, of these photos of one size, which of those without a digest are equal.

        None when they were not yet compared as they are.
        """
        if not self._settled:
            return None
        ordered = self._in_order(same)
        contents = self._settled.get(self._name(ordered))
        if contents is None:
            return None
        if not contents:
            return []
        parted: dict[str, list[Photo]] = defaultdict(list)
        for (_, photo), content in zip(ordered, contents.split(), strict=True):
            parted[content].append(photo)
        parted.pop(_ALONE, None)
        return list(parted.values())

    def settle(self, buckets: Iterable[tuple[Sequence[Photo], Sequence[Sequence[Photo]]]]) -> None:
        """Remember of all photos of one size, for several sizes, that they were compared.

        With each come those that were found equal, and have no digest.
        """
        settled = defaultdict(list)
        for same, equal in buckets:
            ordered = self._in_order(same)
            one = self._name(ordered), _contents(ordered, equal)
            settled[same[0].identity.device].append(one)
        for device, those in settled.items():
            self._looks.keep_settled(device, those)

    def _name(self, ordered: Iterable[_Keyed]) -> bytes:
        """Return what stands for these files as they are, and for what is known of each."""
        known = self.digests
        if known:
            files = b"".join([key + known.get(photo.path, b"") for key, photo in ordered])
        else:
            files = b"".join([key for key, _ in ordered])
        return hashlib.blake2b(files, digest_size=_NAME_BYTES).digest()

    def _in_order(self, same: Iterable[Photo]) -> list[_Keyed]:
        """Return photos by their keys, an order that no new name changes."""
        # Where all lie on one drive, neither does its being mounted anew.
        key = by_file if self._several else file_key
        return sorted([(key(one.identity), one) for one in same])


def _contents(ordered: Iterable[_Keyed], equal: Sequence[Sequence[Photo]]) -> str:
    """Return a number for the content of each photo; nothing when none equals another."""
    if not equal:
        return ""
    numbers = {one.path: str(n) for n, photos in enumerate(equal, start=1) for one in photos}
    return " ".join(numbers.get(one.path, _ALONE) for _, one in ordered)


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
