"""What holds of every group that is divided: no file is lost, none is doubled, no order counts."""

import hashlib
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from same_image_locator import apart
from same_image_locator.apart import Known, Said
from same_image_locator.events import ignore
from same_image_locator.group import make_groups
from same_image_locator.model import Examined, Group, Identity, Method, Photo
from same_image_locator.splitting import split

contents = st.lists(st.sampled_from(["", "a", "b", "c", "d", "e"]), max_size=8)
statements = st.lists(
    st.dictionaries(st.sampled_from("abcde"), st.integers(0, 2), min_size=2), max_size=4
)


def known(told: list[dict[str, int]]) -> Known:
    return Known(
        (number, part, content, 1)
        for number, parts in enumerate(told)
        for content, part in parts.items()
    )


@given(statements, st.sampled_from("abcde"), st.sampled_from("abcde"))
def test_apart_is_the_same_from_both_sides_and_never_of_one_content(
    told: list[dict[str, int]], one: str, other: str
) -> None:
    found = known(told)
    assert found.apart(one, other) == found.apart(other, one)
    assert not found.apart(one, one)
    assert not found.apart(one, "")


@given(statements, contents)
def test_each_file_is_in_one_part_with_a_first_that_it_is_not_apart_from(
    told: list[dict[str, int]], files: list[str]
) -> None:
    found = known(told)
    parts = found.divided(files)
    assert sorted(place for part in parts for place in part) == list(range(len(files)))
    for part in parts:
        assert not any(found.apart(files[part[0]], files[place]) for place in part)
    assert found.disputed(files) == any(found.apart(one, other) for one in files for other in files)


class File(NamedTuple):
    """A file of a library: how it looks, and which letter it holds."""

    look: int
    letter: str


files = st.lists(
    st.builds(File, st.sampled_from([0, 1, 3, 0xF0, 0xF1]), st.sampled_from("abcde")),
    min_size=2,
    max_size=9,
)


def photos(folder: Path, library: list[File]) -> list[Examined]:
    found = []
    for number, file in enumerate(library):
        path = folder / f"{number}.jpg"
        path.write_bytes(file.letter.encode())
        status = path.stat()
        identity = Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        found.append(Examined(Photo(str(path), identity), file.look.to_bytes(8, "big")))
    return found


def paths(groups: list[Group]) -> list[list[str]]:
    return [[member.examined.photo.path for member in group.members] for group in groups]


@settings(max_examples=40, deadline=None)
@given(files, statements, st.data())
def test_what_a_scan_makes_of_statements_depends_on_nothing_else(
    tmp_path_factory: pytest.TempPathFactory,
    library: list[File],
    told: list[dict[str, int]],
    data: st.DataObject,
) -> None:
    folder = tmp_path_factory.mktemp("library")  # one for each example
    apart.forget([one.number for one in apart.statements()])
    found = photos(folder, library)
    method = Method("phash", 2)
    before = make_groups(found, method)
    assert split(before, ignore) is before, "without a statement nothing is done"
    digest = {letter: hashlib.sha256(letter.encode()).hexdigest() for letter in "abcde"}
    for one in told:
        apart.remember([Said("", digest[letter], 1, part) for letter, part in one.items()])
    apart.remember([Said("", "0" * 64, 1, 0), Said("", "1" * 64, 1, 1)])  # of nothing here
    after = split(before, ignore)
    turned = data.draw(st.permutations(found))
    assert paths(split(make_groups(turned, method), ignore)) == paths(after)
    members = [path for group in paths(after) for path in group]
    assert len(members) == len(set(members))
    assert set(members) <= {path for group in paths(before) for path in group}
    holds = {one.photo.path: digest[file.letter] for one, file in zip(found, library, strict=True)}
    knows = apart.known()
    for group in paths(after):
        assert len(group) > 1
        assert not any(knows.apart(holds[group[0]], holds[path]) for path in group)
    untouched = [
        group for group in paths(before)
        if not any(knows.apart(holds[group[0]], holds[path]) for path in group)
    ]  # fmt: skip
    assert all(group in paths(after) for group in untouched)
