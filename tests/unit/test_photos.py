"""Photos in columns are the same photos as a list of them."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from same_image_locator.model import Companion, Identity, Photo
from same_image_locator.photos import Photos

_NOTE = Companion("/p/a.xmp", Identity(1, 9, 10, 10), ("/p/a.jpg",))
_numbers = st.integers(0, 1 << 130)
_photos = st.lists(
    st.builds(
        Photo,
        st.text(st.characters(codec="utf-8") | st.sampled_from("\udc80\udcff"), min_size=1),
        st.builds(
            Identity,
            st.just(1),
            _numbers,
            st.integers(0, 1 << 70),
            st.integers(-(1 << 70), 1 << 70),
        ),
        st.integers(1, 3),
        st.sampled_from([(), (_NOTE,)]),
    )
)


@given(_photos)
def test_columns_hold_what_a_list_holds(photos: list[Photo]) -> None:
    columns = Photos.of(photos)
    assert list(columns) == [columns[place] for place in range(len(columns))] == photos
    assert columns[1:-1] == photos[1:-1]
    assert columns[::-2] == photos[::-2]
    assert list(columns.identities()) == [photo.identity for photo in photos]


@given(_photos)
def test_columns_sort_by_the_bytes_of_paths(photos: list[Photo]) -> None:
    ordered = sorted(photos, key=lambda photo: os.fsencode(photo.path))
    assert list(Photos.of(photos).by_path()) == ordered


@given(_photos.filter(bool), st.data())
def test_chosen_photos_keep_what_is_known_of_them(photos: list[Photo], data: st.DataObject) -> None:
    places = data.draw(st.lists(st.sampled_from(range(len(photos)))))
    assert list(Photos.of(photos).chosen(places)) == [photos[place] for place in places]


def test_a_place_that_is_none_is_an_error() -> None:
    with pytest.raises(IndexError):
        Photos(1)[0]


@given(_photos, st.data())
def test_photos_of_several_drives_are_told_apart_by_drive(
    photos: list[Photo], data: st.DataObject
) -> None:
    drives = st.integers(1, 3)
    photos = [
        one._replace(identity=one.identity._replace(device=data.draw(drives))) for one in photos
    ]
    half = len(photos) // 2
    columns = Photos.of(photos[:half])
    columns.add(Photos.of(photos[half:]))
    assert list(columns) == photos == [columns[place] for place in range(len(photos))]
    back: dict[int, Photo] = {}
    for part, places in columns.by_drive():
        assert {one.identity.device for one in part} <= {part.device}
        back.update(zip(places, part, strict=True))
    assert [back[place] for place in range(len(photos))] == photos
