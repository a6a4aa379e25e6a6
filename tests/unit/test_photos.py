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


def test_photos_of_two_drives_have_no_common_columns() -> None:
    photos = [Photo("/a", Identity(device, 1, 1, 1)) for device in (1, 2)]
    with pytest.raises(ValueError, match="several drives"):
        Photos.of(photos)
