"""The queue's requests: a way to look travels with them, and none that does not exist is taken."""

from pathlib import Path
from urllib.parse import quote

import pytest

import pictures
import reviewing
from same_image_locator.model import TIERS
from serving import Site, looking


def numbers(site: Site, asked: str) -> list[int]:
    return [row["number"] for row in site.call("GET", f"/groups?{asked}").json["rows"]]


def tick(site: Site, number: int, asked: str = "") -> dict[str, object]:
    body = {"keep": True, "rev": site.review.view(number).rev}
    answer: dict[str, object] = site.call(
        "PUT", f"/groups/{number}/files/0/keep?{asked}", body
    ).json
    return answer


def test_rows_are_those_that_were_asked_for_in_their_order(site: Site) -> None:
    assert numbers(site, "sort=files&q=phone") == [1, 3]
    assert numbers(site, "in=backup&in=sent") == [1, 2]
    assert numbers(site, f"q={quote('SENT/three')}") == [2]
    answer = site.call("GET", "/groups?state=chosen&held=2").json
    assert (answer["total"], answer["fitting"]) == (1, 0)
    assert [(row["number"], row["fits"]) for row in answer["rows"]] == [(2, False)]


def test_a_choice_answers_where_its_group_stands_in_the_window_that_made_it(site: Site) -> None:
    group = tick(site, 1, "state=undecided")
    assert (group["fits"], group["next"], group["previous"]) == (False, 2, 3)
    group = site.call("GET", "/groups/1?state=chosen").json
    assert (group["fits"], group["next"]) == (True, None)
    assert site.call("GET", "/groups/1").json["next"] == 2, "another window looks at all"
    assert site.call("GET", "/opening?state=undecided").json["group"]["number"] == 2
    assert site.call("GET", "/opening?state=attention").json["group"] is None
    assert site.call("GET", "/opening?state=attention&group=3").json["group"]["number"] == 3


def test_after_a_finish_comes_the_next_one_that_fits(site: Site) -> None:
    group = tick(site, 1)
    armed = site.call("POST", "/groups/1/finish", {"rev": group["rev"]}).json
    done = site.call("POST", "/groups/1/finish/confirm?q=two", {"nonce": armed["nonce"]}).json
    assert done["next"] == 3


@pytest.mark.parametrize("asked", ["sort=size", "state=done", "tier=exact", "sort="])
def test_a_way_to_look_that_does_not_exist_is_told_before_anything_is_done(
    site: Site, asked: str
) -> None:
    for method, path, body in (
        ("GET", "/groups", None),
        ("PUT", "/groups/1/files/0/keep", {"keep": True, "rev": 1}),
    ):
        assert site.call(method, f"{path}?{asked}", body).status == 400
    assert not site.review.view(1).keep


def test_the_folders_that_tell_groups_apart_are_offered_with_their_counts(site: Site) -> None:
    offered = site.call("GET", "/places").json
    assert offered["folders"][0] == {"in": ["backup"], "groups": 3}
    assert {"in": ["backup", "phone"], "groups": 2} in offered["pairs"]


def test_a_row_says_what_it_is_made_of_and_what_is_suggested_for_what_reason(site: Site) -> None:
    row = site.call("GET", "/groups?limit=1").json["rows"][0]
    assert (row["tier"], row["alike"]) == ("identical", {"identical": 2})
    assert row["suggestion"]["confidence"] == "identical"
    assert row["suggestion"]["name"] == "one.jpg"
    assert row["suggestion"]["reason"]
    tick(site, 1)
    assert site.call("GET", "/groups?limit=1").json["rows"][0]["suggestion"] is None


def test_a_row_of_different_files_tells_their_kinds(tmp_path: Path) -> None:
    photos = reviewing.library(tmp_path / "photos", {"a/x.jpg": 1, "b/x.jpg": 1, "c/y.jpg": 2})
    pictures.photo(photos / "d/x.png", 1)
    with looking(photos) as site:
        [row] = site.call("GET", "/groups").json["rows"]
        assert row["alike"]["identical"] == 1
        assert sum(row["alike"].values()) == row["files"] - 1
        assert set(row["alike"]) <= set(TIERS)
