"""Groups: the first member decides, the largest group comes first, and the order never varies."""

import pytest

from same_image_locator.events import Advanced, Event, StepFinished, StepStarted
from same_image_locator.group import identical_groups, make_groups
from same_image_locator.model import Examined, Group, Identity, Method, Photo

PHASH = Method("phash", 5)


def examined(path: str, fingerprint: int | bytes) -> Examined:
    code = fingerprint if isinstance(fingerprint, bytes) else fingerprint.to_bytes(8, "big")
    return Examined(Photo(path, Identity(1, 1, 1, 1)), code)


def drawn(groups: list[Group]) -> list[list[tuple[str, int]]]:
    return [
        [(member.examined.photo.path, member.distance) for member in group.members]
        for group in groups
    ]


def test_identical_files_make_groups_the_largest_first_and_then_the_paths_decide() -> None:
    one, other, most = b"x" * 32, b"", b"y" * 32
    contents = [
        [examined("d", one), examined("f", one)],
        [examined("c", other), examined("z", other)],
        [examined(path, most) for path in ("m", "n", "o")],
    ]
    groups = identical_groups(contents)
    assert drawn(groups) == [
        [("m", 0), ("n", 0), ("o", 0)],
        [("c", 0), ("z", 0)],
        [("d", 0), ("f", 0)],
    ]
    assert [(group.number, group.method) for group in groups] == [
        (number, Method("exact")) for number in (1, 2, 3)
    ]
    assert drawn(identical_groups(contents[::-1])) == drawn(groups)


def test_distances_are_measured_to_the_first_member_and_chains_do_not_form() -> None:
    photos = [examined("a", 0), examined("b", 0b11111), examined("c", 0b1111111111)]
    assert drawn(make_groups(photos, PHASH)) == [[("a", 0), ("b", 5)]]


def test_a_picture_that_one_group_took_opens_no_other() -> None:
    photos = [examined("a", 0), examined("b", 0b11111), examined("c", 0b111111), examined("d", 0b1)]
    assert drawn(make_groups(photos, PHASH)) == [[("a", 0), ("b", 5), ("d", 1)]]


def test_pictures_near_a_taken_one_but_not_near_each_other_stay_alone() -> None:
    middle, one, other = 0b11111, 0b11111 << 5, 0b11111 << 10
    photos = [
        examined("a", 0),
        examined("b", middle),
        examined("c", middle | one),
        examined("d", middle | other),
    ]
    assert drawn(make_groups(photos, PHASH)) == [[("a", 0), ("b", 5)]]


def test_threshold_zero_still_groups_equal_fingerprints() -> None:
    photos = [examined("a", 3), examined("b", 2), examined("c", 3)]
    assert drawn(make_groups(photos, Method("ahash", 0))) == [[("a", 0), ("c", 0)]]


def test_the_widest_threshold_makes_one_group() -> None:
    photos = [examined("a", 0), examined("b", 2**64 - 1), examined("c", 2**63)]
    assert drawn(make_groups(photos, Method("ahash", 64))) == [[("a", 0), ("b", 64), ("c", 1)]]


def test_the_largest_group_comes_first_and_then_the_fingerprint_decides() -> None:
    far = [0, 0xFFFF << 16, 0xFFFF << 40]
    photos = [
        *(examined(f"z{number}", far[1]) for number in range(2)),
        *(examined(f"y{number}", far[0]) for number in range(2)),
        *(examined(f"x{number}", far[2]) for number in range(3)),
    ]
    groups = make_groups(photos, PHASH)
    assert [group.number for group in groups] == [1, 2, 3]
    assert [group.members[0].examined.photo.path for group in groups] == ["x0", "y0", "z0"]
    assert [group.fingerprint.hex() for group in groups[1:]] == sorted(
        group.fingerprint.hex() for group in groups[1:]
    )


def test_nothing_and_a_single_photo_make_no_group() -> None:
    assert make_groups([], PHASH) == []
    assert make_groups([examined("a", 1)], PHASH) == []
    assert identical_groups([]) == []


@pytest.mark.parametrize("exact", [True, False])
def test_both_steps_are_told_from_start_to_end(exact: bool) -> None:
    photos = [examined("a", 1), examined("b", 1), examined("c", 2**40 - 1), examined("d", 1)]
    events: list[Event] = []
    if exact:
        identical_groups([photos[:2], photos[2:]], events.append)
    else:
        make_groups(photos, PHASH, events.append)
    started = [event for event in events if isinstance(event, StepStarted)]
    finished = [event.step for event in events if isinstance(event, StepFinished)]
    assert [event.step for event in started] == finished == ["match", "group"]
    for start in started:
        steps = [each for each in events if isinstance(each, Advanced) and each.step == start.step]
        assert sum(each.files for each in steps) == start.total


def test_paths_go_by_their_bytes_even_where_one_is_no_text() -> None:
    undecodable, later = "a\udcff", "a\uffee"  # in bytes 61 FF and 61 EF BF AE
    assert drawn(make_groups([examined(undecodable, 1), examined(later, 1)], PHASH)) == [
        [(later, 0), (undecodable, 0)]
    ]
    assert drawn(make_groups([examined("\U0001f600", 1), examined(later, 1)], PHASH)) == [
        [(later, 0), ("\U0001f600", 0)]
    ]
