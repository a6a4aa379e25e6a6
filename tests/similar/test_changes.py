"""What was done to a picture: there and back, in the cache and in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from same_image_locator.similar.changes import Changes, as_text, from_text

_QUALITIES = st.none() | st.integers(1, 100)
_CHANGES = st.builds(
    Changes,
    mirrored=st.booleans(),
    quarters=st.integers(0, 3),
    tilt=st.floats(0, 45),
    share=st.floats(0.01, 100),
    size=st.floats(0.01, 100),
    brighter=st.floats(-255, 255),
    added=st.floats(0, 1),
    gone=st.floats(0, 1),
    later=st.floats(-86_400, 86_400),
    formats=st.tuples(st.sampled_from(("JPEG", "PNG")), st.sampled_from(("JPEG", "PNG"))),
    qualities=st.tuples(_QUALITIES, _QUALITIES),
)


@given(_CHANGES)
def test_there_and_back_is_where_it_began(changes: Changes) -> None:
    back = changes.reversed().reversed()
    assert back._replace(share=0, size=0) == changes._replace(share=0, size=0)
    assert (back.share, back.size) == pytest.approx((changes.share, changes.size))


@given(_CHANGES)
def test_the_cache_gives_back_what_it_was_given(changes: Changes) -> None:
    assert from_text(as_text(changes)) == changes


@pytest.mark.parametrize("text", ["", "{", "[]", "1", '{"size": 1, "colour": 2}'])
def test_a_text_of_another_version_is_no_answer(text: str) -> None:
    assert from_text(text) is None


@pytest.mark.parametrize(
    ("changes", "there", "back"),
    [
        (Changes(), "", ""),
        (Changes(mirrored=True, quarters=1), "mirrored, turned 90°", "mirrored, turned 90°"),
        (Changes(quarters=1), "turned 90°", "turned 270°"),
        (Changes(tilt=2.2), "tilted by 2°", "tilted by 2°"),
        (
            Changes(share=0.81, size=0.5),
            "cropped to 81 %, scaled to 50 %",
            "shows more: the first is cropped to 81 %, scaled to 200 %",
        ),
        (Changes(later=0.31), "taken 0.31 s later", "taken 0.31 s earlier"),
        (Changes(later=-75), "taken 1 min 15 s earlier", "taken 1 min 15 s later"),
        (Changes(brighter=30), "brighter", "darker"),
        (Changes(added=0.05, gone=0.01), "something added", "something taken away"),
        (Changes(added=0.05, gone=0.04), "changed in places", "changed in places"),
        (Changes(added=0.05, size=0.1), "scaled to 10 %", "scaled to 1000 %"),
        (Changes(formats=("JPEG", "PNG")), "saved as PNG", "saved as JPEG"),
        (
            Changes(formats=("JPEG", "JPEG"), qualities=(92, 60)),
            "recompressed from quality 92 to 60",
            "recompressed from quality 60 to 92",
        ),
        (Changes(share=0.99, size=1.01, tilt=0.2, brighter=2, qualities=(90, None)), "", ""),
    ],
)
def test_changes_are_worded_from_both_sides(changes: Changes, there: str, back: str) -> None:
    assert changes.words() == there
    assert changes.reversed().words() == back
