"""What the API tells of a group's files among each other: what differs, and what is the same."""

from pathlib import Path
from typing import Any

import pictures
from serving import Site, looking


def compared(site: Site, number: int) -> Any:
    return site.call("GET", f"/groups/{number}/facts").json["compared"]


def test_identical_files_differ_in_nothing_that_a_picture_tells(site: Site) -> None:
    told = compared(site, 1)
    assert {row["fact"] for row in told["differ"]} <= {"folder", "modified"}
    assert told["missing"] == ["taken", "camera", "gps"]
    assert {"fact": "pixels", "value": [160, 120]} in told["same"]
    folder = next(row for row in told["differ"] if row["fact"] == "folder")
    assert (folder["values"], folder["best"]) == ([0, 1, 2], [])
    body = {"group": 1, "file": 1, "rev": 1, "on": True}
    assert site.call("POST", "/folders/prefer", body).status == 200
    folder = next(row for row in compared(site, 1)["differ"] if row["fact"] == "folder")
    assert (folder["best"], folder["worst"]) == ([1], [0, 2])
    assert {file["cluster"] for file in site.call("GET", "/groups/1").json["files"]} == {0}


def test_files_that_are_the_same_in_a_near_group_are_one_cluster(tmp_path: Path) -> None:
    for name, quality in (
        ("a.jpg", 90),
        ("b.jpg", 80),
        ("c.jpg", 90),
        ("d.jpg", 80),
        ("e.jpg", 70),
    ):
        pictures.photo(tmp_path / "photos" / name, 1, size=(320, 240), quality=quality)
    with looking(tmp_path / "photos", "phash") as site:
        files = site.call("GET", "/groups/1").json["files"]
        found = {file["name"]: file["cluster"] for file in files}
        assert found["a.jpg"] == found["c.jpg"] != found["b.jpg"] == found["d.jpg"]
        assert found["e.jpg"] == 0
        [quality] = [row for row in compared(site, 1)["differ"] if row["fact"] == "quality"]
        best = [files[place]["name"] for place in quality["best"]]
        assert (best, quality["values"][quality["best"][0]]) == (["a.jpg", "c.jpg"], [90, True])
