"""A roll of fingerprints says of any photo what its row says, or nothing."""

from hypothesis import given
from hypothesis import strategies as st

from same_image_locator.cache import Answer, Cache, file_key
from same_image_locator.cache.roll import PRINT_BYTES, joined, packed
from same_image_locator.fingerprint.recall import Recalled, keep_rolled, recall
from same_image_locator.model import Identity, Photo
from same_image_locator.photos import Photos

RECIPE = "phash/1/1"
_numbers = st.integers(0, 3) | st.sampled_from([1 << 62, (1 << 63) - 1])
_identities = st.builds(
    Identity, st.just(1), _numbers | st.just((1 << 64) - 1), _numbers, _numbers.map(lambda n: n - 2)
)
_known = st.dictionaries(
    _identities, st.binary(min_size=PRINT_BYTES, max_size=PRINT_BYTES) | st.just("a cause")
)


@given(_known, st.lists(_identities))
def test_what_a_roll_knows_is_what_the_rows_say(
    known: dict[Identity, Answer], asked: list[Identity]
) -> None:
    photos = Photos.of([Photo("/p", identity) for identity in asked])
    places, prints = joined(packed((file_key(one), each) for one, each in known.items()), photos)
    for place, fingerprint in zip(places, prints, strict=True):
        assert fingerprint == known[asked[place]]
    in_time = sorted(known, key=lambda one: (one.mtime_ns, one.size))
    latest = {one.inode: one for one in in_time if isinstance(known[one], bytes)}
    assert {asked[place] for place in places} == set(asked) & set(latest.values())


def some(count: int) -> Photos:
    identities = (Identity(1, number, 10, 10) for number in range(count))
    return Photos.of([Photo(f"/p/{one.inode}", one) for one in identities])


def answer(photos: Photos) -> list[Answer | None]:
    return [photo.identity.inode.to_bytes(8, "big") for photo in photos]


def seen(cache: Cache, photos: Photos) -> None:
    with cache.recorder() as recorder:
        for identity in photos.identities():
            recorder.seen(RECIPE, identity, identity.inode.to_bytes(8, "big"), b"edges")


def test_a_large_scan_leaves_a_roll_which_the_next_one_is_answered_from() -> None:
    photos = some(1500)
    with Cache() as cache:
        seen(cache, photos)
        assert recall(RECIPE, photos, cache.looks) == (answer(photos), {1: 0})
        keep_rolled(RECIPE, photos, Recalled(answer(photos), {1: 0}), cache.looks)
        assert recall(RECIPE, photos, cache.looks) == (answer(photos), {1: 1500})


def test_what_a_roll_does_not_hold_yet_is_known_from_its_row() -> None:
    photos = some(1500)
    with Cache() as cache:
        seen(cache, some(1200))
        cache.looks.renew_roll(RECIPE, 1)
        seen(cache, photos)
        assert recall(RECIPE, photos, cache.looks) == (answer(photos), {1: 1200})
        few = Recalled(answer(photos), {1: 1200})
        keep_rolled(RECIPE, photos, few, cache.looks)  # too few to be worth it
        assert recall(RECIPE, photos, cache.looks).rolled == {1: 1200}


def test_each_drive_has_its_own_roll_and_no_file_takes_the_answer_of_another_drive() -> None:
    photos = some(1500)
    photos.add(Photos.of([on_drive_2(one) for one in some(1300)]))
    with Cache() as cache:
        seen(cache, some(1500))
        nothing = [None] * 1300
        assert recall(RECIPE, photos, cache.looks).answers == answer(some(1500)) + nothing
        seen(cache, photos)
        keep_rolled(RECIPE, photos, Recalled(answer(photos), {}), cache.looks)
        assert recall(RECIPE, photos, cache.looks) == (answer(photos), {1: 1500, 2: 1300})


def on_drive_2(photo: Photo) -> Photo:
    return photo._replace(identity=photo.identity._replace(device=2))


def test_inodes_of_128_bits_are_known_without_a_roll() -> None:
    wide = Photos.of([wider(photo) for photo in some(1500)])
    with Cache() as cache:
        seen(cache, some(1200))
        cache.looks.renew_roll(RECIPE, 1)
        assert recall(RECIPE, wide, cache.looks).rolled == {1: 0}


def wider(photo: Photo) -> Photo:
    identity = photo.identity
    return photo._replace(identity=identity._replace(inode=(1 << 100) + identity.inode))


def test_a_cache_that_is_made_smaller_loses_its_rolls_first() -> None:
    photos = some(6000)
    with Cache() as cache:
        seen(cache, photos)
        cache.looks.renew_roll(RECIPE, 1)
        cache.looks.store.shrink()
        cache.trim(cache.stats().size - 20_000)
        assert cache.looks.roll(RECIPE, 1) == b""
        assert cache.stats().fingerprints == 6000
