"""What the API does when files are told apart, lists, and takes back."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pictures
from serving import Site, serving


@pytest.fixture
def alike(tmp_path: Path) -> Iterator[Site]:
    """A group of three that look alike, served."""
    for name, quality in (("a.jpg", 95), ("b.jpg", 90), ("in/c.jpg", 85)):
        pictures.photo(tmp_path / "photos" / name, 1, quality=quality, size=(640, 480))
    with serving(tmp_path / "photos", "phash") as site:
        yield site


def say(site: Site, rev: int, files: list[int], **more: Any) -> Any:
    return site.call("POST", "/groups/1/not-duplicates", {"files": files, "rev": rev, **more})


def marks(group: Any) -> list[tuple[bool, bool, list[int]]]:
    return [(file["keep"], file["apart"], file["with"]) for file in group["files"]]


def test_a_file_is_told_apart_listed_and_taken_back(alike: Site) -> None:
    group = alike.call("GET", "/groups/1").json
    assert marks(group) == [(False, False, [])] * 3
    answer = say(alike, group["rev"], [2])
    assert answer.status == 200
    assert marks(answer.json) == [(False, False, [1]), (False, False, [0]), (True, True, [])]
    assert answer.json["redundant_bytes"] < group["redundant_bytes"]

    late = say(alike, group["rev"], [0])
    assert (late.status, late.json["type"]) == (409, "urn:same-image-locator:changed")

    told = alike.call("GET", "/not-duplicates").json
    [one] = told["statements"]
    apart, rest = one["parts"]
    assert [file["name"] for file in rest] == ["a.jpg", "b.jpg"]
    assert apart == [{"name": "c.jpg", "folder": "in"}]

    alone = alike.call("POST", "/groups/1/finish", {"rev": answer.json["rev"]})
    assert (alone.status, alone.json["type"]) == (422, "urn:same-image-locator:keep-none")

    back = alike.call("POST", f"/not-duplicates/{one['number']}/take-back", {})
    assert (back.status, back.json["statements"]) == (200, [])
    assert marks(alike.call("GET", "/groups/1").json) == [(False, False, [])] * 3


def test_a_pair_and_a_whole_group(alike: Site) -> None:
    group = alike.call("GET", "/groups/1").json
    pair = say(alike, group["rev"], [1, 2], among=[1, 2])
    assert [file["apart"] for file in pair.json["files"]] == [False] * 3
    suggestion = alike.call("GET", "/groups/1/facts").json["suggestion"]
    assert suggestion["reasons"] == ["you said that some of these are not duplicates"]
    whole = say(alike, pair.json["rev"], [0, 1, 2])
    assert marks(whole.json) == [(True, True, [])] * 3
    first = alike.call("POST", "/groups/1/finish", {"rev": whole.json["rev"]}).json
    assert (len(first["homes"]), first["aside"]) == (3, [])
    done = alike.call("POST", "/groups/1/finish/confirm", {"nonce": first["nonce"]})
    assert (done.json["kept"], done.json["set_aside"]) == (3, 0)
    assert len(alike.call("GET", "/not-duplicates").json["statements"]) == 2
    assert alike.call("POST", "/groups/1/undo", {}).json["state"] == "undone"
    assert alike.call("GET", "/not-duplicates").json["statements"] == []


def test_what_the_page_would_never_ask_is_refused(alike: Site) -> None:
    for body, status in (
        ({"files": [9], "rev": 1}, 404),
        ({"files": [], "rev": 1}, 404),
        ({"files": [0]}, 400),
        ({"files": [0, 1], "rev": 1, "among": [0]}, 404),
        ({"files": [0], "rev": 1, "among": 7}, 400),
    ):
        answer = alike.call("POST", "/groups/1/not-duplicates", body)
        assert answer.status == status, body
    assert alike.call("GET", "/not-duplicates").json["total"] == 0


def test_identical_files_are_refused_with_the_sentence(site: Site) -> None:
    answer = site.call("POST", "/groups/1/not-duplicates", {"files": [0], "rev": 1})
    assert answer.status == 422
    assert "cannot be told apart: keep all" in answer.json["detail"]


def test_the_content_is_what_is_remembered(alike: Site) -> None:
    from same_image_locator import apart

    say(alike, alike.call("GET", "/groups/1").json["rev"], [0, 1, 2])
    [one] = apart.statements()
    files = alike.run.groups[0].entries
    held = [Path(alike.run.groups[0].folder, entry.name).read_bytes() for entry in files]
    assert [file.sha256 for file in one.files] == [hashlib.sha256(b).hexdigest() for b in held]
