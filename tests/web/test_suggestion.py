"""What the API suggests of a group, and what it says before something is missed."""

from pathlib import Path
from typing import Any

import pictures
from serving import Site, serving


def facts(site: Site, number: int) -> Any:
    return site.call("GET", f"/groups/{number}/facts").json


def test_the_suggestion_comes_with_the_facts_late_and_with_the_group_when_they_are_known(
    site: Site,
) -> None:
    assert site.call("GET", "/groups/1").json["facts"] is None
    found = facts(site, 1)["suggestion"]
    assert (found["confidence"], found["lacks"]) == ("identical", [])
    names = [file["name"] for file in site.call("GET", "/groups/1").json["files"]]
    assert names[found["keep"]] == "one.jpg"
    assert found["reasons"][0] == "name without “copy”"
    assert site.call("GET", "/groups/1").json["facts"]["suggestion"] == found
    assert site.call("GET", "/groups/1").json["keep"] == 0, "a suggestion ticks nothing"


def test_a_preferred_folder_comes_before_all_other_reasons(site: Site) -> None:
    files = site.call("GET", "/groups/1").json["files"]
    place = next(at for at, file in enumerate(files) if file["name"] == "one copy.jpg")
    body = {"group": 1, "file": place, "rev": 1, "on": True}
    assert site.call("POST", "/folders/prefer", body).status == 200
    found = facts(site, 1)["suggestion"]
    assert (found["keep"], found["reasons"][0]) == (place, "in your preferred folder")


def test_the_first_confirmation_tells_what_no_kept_file_has(tmp_path: Path) -> None:
    pictures.photo(tmp_path / "photos/a.jpg", 3, size=(640, 480))
    pictures.photo(tmp_path / "photos/b.jpg", 3, size=(640, 480), taken="2019:06:12 14:03:22")
    pictures.photo(tmp_path / "photos/c.jpg", 3, size=(320, 240), taken="2019:06:12 14:03:22")
    with serving(tmp_path / "photos", "phash") as site:
        found = facts(site, 1)["suggestion"]
        assert (found["keep"], found["confidence"]) == (None, "your call")
        for keep, missed in [([0], ["capture date"] * 2), ([2], ["more pixels (640 × 480)"] * 2)]:
            rev = site.call("GET", "/groups/1").json["rev"]
            chosen = site.call("PUT", "/groups/1/selection", {"keep": keep, "rev": rev}).json
            armed = site.call("POST", "/groups/1/finish", {"rev": chosen["rev"]}).json
            assert [lack["words"] for lack in armed["lacks"]] == missed
        chosen = site.call("PUT", "/groups/1/selection", {"keep": [1], "rev": chosen["rev"]}).json
        assert site.call("POST", "/groups/1/finish", {"rev": chosen["rev"]}).json["lacks"] == []
