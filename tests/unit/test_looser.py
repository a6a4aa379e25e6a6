"""What a looser threshold would add to a group is what a search by that threshold finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from same_image_locator.group import make_groups
from same_image_locator.looser import with_near
from same_image_locator.model import Examined, Identity, Method, Photo

TIGHT = Method("phash", 2)
LOOSE = Method("phash", TIGHT.looser)
# Bits that lie together in one byte, so that many codes are near each other.
codes = st.lists(st.integers(0, 255), min_size=2, max_size=12)


def examined(path: str, code: int) -> Examined:
    return Examined(Photo(path, Identity(1, 1, 1, 1)), code.to_bytes(8, "big"))


@given(codes)
def test_what_is_near_is_what_a_looser_search_puts_beside_the_first_member(
    values: list[int],
) -> None:
    photos = [examined(f"{place:02}", code) for place, code in enumerate(values)]
    loose = [set(group.paths) for group in make_groups(photos, LOOSE)]
    for group in with_near(make_groups(photos, TIGHT), photos, TIGHT):
        # An earlier picture may take from a first member all that was its own.
        wide = next((paths for paths in loose if group.paths[0] in paths), set())
        assert set(group.near) == wide - set(group.paths)


@pytest.mark.parametrize(("threshold", "near"), [(10, ("c",)), (11, ())])
def test_where_a_search_would_take_long_nothing_is_told(
    threshold: int, near: tuple[str, ...]
) -> None:
    photos = [examined("a", 0), examined("b", 0), examined("c", 0xFFF)]  # 12 bits away
    method = Method("phash", threshold)
    [group] = with_near(make_groups(photos, method), photos, method)
    assert group.near == near
