"""The texts in a decision folder: any name survives, the first version's texts are understood."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from same_image_locator import decision_folder as store
from same_image_locator import own_names
from same_image_locator.model import Examined, Group, Identity, Member, Method, Photo
from same_image_locator.plans import Entry

names = st.binary(min_size=1, max_size=80).map(
    lambda raw: os.fsdecode(raw.replace(b"/", b"-").replace(b"\0", b"-"))
)
IDENTITY = Identity(1, 2, 3, 4)


def group(method: Method, fingerprint: bytes) -> Group:
    examined = Examined(Photo("/p/a.jpg", IDENTITY), fingerprint)
    return Group(1, method, (Member(examined), Member(examined, 2)))


def test_the_paths_of_what_is_near_come_back_to_the_byte() -> None:
    paths = ("/p/b.jpg", os.fsdecode(b"/p/\xff.jpg"))
    plain = group(Method("similar"), bytes(8))
    first, second = plain.members
    near = plain._replace(members=(first._replace(near=paths), second))
    assert store.parse_meta(store.meta_text(near, [])).near == paths
    assert store.parse_meta(store.meta_text(plain, [])).near == ()
    assert store.parse_meta('{"mode": "similar", "near": [1, "/p/c.jpg"]}').near == ("/p/c.jpg",)
    assert store.parse_meta('{"mode": "similar", "near": "/p"}').near == ()


@given(st.lists(names, min_size=1, max_size=5, unique=True))
def test_a_manifest_gives_back_every_path_to_the_byte(origins: list[str]) -> None:
    entries = [
        Entry(f"{n:03}_x.jpg", os.path.join("/p", name), IDENTITY, "")
        for n, name in enumerate(origins)
    ]
    text = store.manifest_text(entries)
    text.encode("utf-8")  # a manifest is always proper UTF-8
    assert text.count("\n") == len(entries)
    assert store.read_manifest(text, escaped=True) == [(e.name, e.origin) for e in entries]


def test_a_manifest_of_the_first_version_is_read_raw() -> None:
    text = "/old/place/group_0001_sha_0123456789/a.jpg\t/photos/back\\nslash.jpg\ntorn line"
    assert store.read_manifest(text, escaped=False) == [("a.jpg", "/photos/back\\nslash.jpg")]


def test_group_folders_are_named_as_the_first_version_named_them() -> None:
    exact = store.folder_name(group(Method("exact"), bytes(range(32))))
    near = store.folder_name(group(Method("phash", 5), bytes(range(8))))
    assert exact == "group_0001_sha_0001020304"
    assert near == "group_0001_phash_t05_000102030405"
    assert own_names.is_group_folder(exact)
    assert own_names.is_group_folder(near)
    assert not own_names.is_group_folder("group_photo.jpg")
    assert own_names.group_number("group_0012_sha_ab") == 12
    assert own_names.group_number("holiday") == 0


def test_the_facts_of_a_group_come_back() -> None:
    method = Method("ahash", 3)
    entries = [Entry("001_a.jpg", "/p/a.jpg", IDENTITY, "ab", 0)]
    text = store.meta_text(group(method, bytes(8)), entries)
    meta = store.parse_meta(text)
    assert (meta.method, meta.escaped, meta.distances) == (method, True, {"001_a.jpg": 0})
    assert {"mode", "digest", "count", "threshold", "hash_size"} <= set(json.loads(text))


def test_a_group_of_mode_similar_says_what_was_done_to_each_photo() -> None:
    signature = bytes(range(256)) * 20
    similar = group(Method("similar", strictness="strict"), signature)
    entries = [
        Entry("001_a.jpg", "/p/a.jpg", IDENTITY, "ab", 0),
        Entry("002_b.jpg", "/p/b.jpg", IDENTITY, "cd", 12, "mirrored", "same picture", 3),
    ]
    text = store.meta_text(similar, entries)
    meta = store.parse_meta(text)
    assert meta.method == Method("similar", strictness="strict")
    assert [meta.apart(entry.name) for entry in entries] == [
        (0, "", "similar", 0),
        (12, "mirrored", "same picture", 3),
    ]
    name = store.folder_name(similar)
    assert own_names.is_group_folder(name)
    assert name == f"group_0001_similar_{json.loads(text)['digest'][:12]}"
    assert len(text) < 1000


@pytest.mark.parametrize("text", [None, "", "{", "[1]", '{"mode": "magic"}'])
def test_missing_or_unreadable_facts_mean_mode_exact(text: str | None) -> None:
    assert store.parse_meta(text).method == Method("exact")


def test_of_an_older_group_nothing_is_known_to_be_verified() -> None:
    text = '{"mode": "phash", "version": 1, "files": [{"name": "001_a.jpg", "tier": "certain"}]}'
    assert store.parse_meta(text).apart("001_a.jpg") == (None, "", "similar", 0)
    assert store.parse_meta('{"mode": "exact"}').apart("001_a.jpg") == (None, "", "identical", 0)


def test_facts_of_the_first_version_are_read() -> None:
    text = '{"mode":"phash","digest":"00","count":2,"threshold":7,"hash_size":8,"files":3}'
    meta = store.parse_meta(text)
    assert meta.method == Method("phash", 7)
    assert not meta.escaped


def test_a_threshold_that_is_no_number_counts_as_zero() -> None:
    assert store.parse_meta('{"mode":"phash","threshold":"x"}').method == Method("phash", 0)


@pytest.mark.parametrize("said", ["", ',"strictness":"no such"', ',"strictness":3'])
def test_a_group_that_names_no_strictness_was_made_with_the_usual_one(said: str) -> None:
    assert store.parse_meta(f'{{"mode":"similar"{said}}}').method == Method("similar")


def test_review_state_and_preferences_come_back(tmp_path: Path) -> None:
    assert store.read_review_state(str(tmp_path)) == {}
    store.write_review_state(str(tmp_path), {"keep": ["a\udcff.jpg"]})
    store.write_preferences(str(tmp_path), {"preferred_folders": ["/p"]})
    assert store.read_review_state(str(tmp_path)) == {"keep": ["a\udcff.jpg"]}
    assert store.read_preferences(str(tmp_path)) == {"preferred_folders": ["/p"]}


def test_a_damaged_review_state_means_lost_ticks_only(tmp_path: Path) -> None:
    (tmp_path / store.REVIEW_STATE).write_text("{broken")
    assert store.read_review_state(str(tmp_path)) == {}


def test_paths_are_written_with_forward_slashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sep", "\\")
    text = store.manifest_text([Entry("001_a.jpg", "C:\\photos\\a.jpg", IDENTITY, "")])
    assert text == "001_a.jpg\tC:/photos/a.jpg\n"
