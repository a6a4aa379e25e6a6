"""The requests about many groups at once: a token for the second yes, progress, one way back."""

from pathlib import Path
from typing import Any

from program import until
from serving import Site, looking


def ended(site: Site, number: int) -> Any:
    """Wait for a job's end and return what it tells then."""

    def asked() -> Any:
        told = site.call("GET", f"/jobs/{number}").json
        return told if told["standing"] != "running" else None

    return until(asked)


def previewed(site: Site, asked: str = "", auto: str = "identical") -> Any:
    begun = site.call("POST", f"/bulk/preview?{asked}", {"auto": auto})
    assert begun.status == 200, begun
    return ended(site, begun.json["job"])["preview"]


def test_a_preview_tells_what_would_be_done_in_this_window_and_applying_it_does_just_that(
    site: Site, photos: Path
) -> None:
    assert previewed(site, "q=two")["accepted"] == 1
    found = previewed(site)
    assert (found["groups"], found["accepted"], found["files"], found["left"]) == (3, 3, 4, {})
    first = found["sample"][0]
    assert (first["number"], first["confidence"]) == (1, "identical")
    assert first["paths"] == ["phone/one.jpg", "backup/one.jpg", "sent/one copy.jpg"]
    assert (len(first["thumbs"]), bool(first["reason"])) == (3, True)
    assert site.ask("GET", first["thumbs"][0], [f"Host: {site.host}"]).status == 200

    begun = site.call("POST", "/bulk/apply", {"preview_token": found["token"]}).json
    done = ended(site, begun["job"])
    assert (done["kind"], done["standing"], done["results"]["done"]["count"]) == (
        "apply",
        "done",
        3,
    )
    assert (done["files"], done["bytes"]) == (4, found["bytes"])
    assert len(list(photos.rglob("*.jpg"))) == 3
    assert site.call("GET", "/session").json["bulk"] is None

    [entry] = site.call("GET", "/history").json["bulks"]
    assert (entry["groups"], entry["undoable"], entry["files"]) == ([1, 2, 3], 3, 4)
    back = ended(site, site.call("POST", f"/bulk/{entry['job']}/undo", {}).json["job"])
    assert (back["kind"], back["results"]["done"]["count"]) == ("undo", 3)
    assert len(list(photos.rglob("*.jpg"))) == 7
    [entry] = site.call("GET", "/history").json["bulks"]
    assert entry["undoable"] == 0


def test_a_group_that_fails_is_told_with_its_cause(site: Site) -> None:
    found = previewed(site)
    for name in (entry.name for entry in site.run.groups[1].entries):
        Path(site.run.groups[1].folder, name).write_bytes(b"changed behind our back")
    begun = site.call("POST", "/bulk/apply", {"preview_token": found["token"]}).json
    results = ended(site, begun["job"])["results"]
    [failed] = results["failed"]["groups"]
    assert (results["done"]["count"], failed["number"]) == (2, 2)
    assert failed["cause"] == site.call("GET", "/groups/2").json["reason"]


def test_what_is_no_choice_no_preview_and_no_job_is_a_problem(site: Site) -> None:
    for path, body, status in (
        ("/bulk/preview", {"auto": "lean"}, 400),
        ("/bulk/preview?sort=size", {"auto": "clear"}, 400),
        ("/bulk/apply", {"preview_token": "none"}, 409),
        ("/bulk/apply", {}, 400),
        ("/bulk/1/undo", {}, 404),
        ("/jobs/7/stop", {}, 404),
    ):
        answer = site.call("POST", path, body)
        assert (answer.status, bool(answer.json["detail"])) == (status, True), path


def test_while_one_runs_another_is_refused_and_any_window_can_stop_it(photos: Path) -> None:
    with looking(photos, "exact") as site:  # nobody carries the first group out
        found = previewed(site, auto="clear")
        begun = site.call("POST", "/bulk/apply", {"preview_token": found["token"]}).json
        running = site.call("GET", "/session").json["bulk"]
        assert (running["job"], running["kind"], running["total"]) == (begun["job"], "apply", 3)
        refused = site.call("POST", "/bulk/preview", {"auto": "clear"})
        assert (refused.status, "at this moment" in refused.json["detail"]) == (409, True)
        assert refused.json["type"].endswith("bulk-running")
        site.review.seen("closed")  # no page waits for a summary
        site.review.close()
        stopped = site.call("POST", f"/jobs/{begun['job']}/stop", {}).json
        assert (stopped["standing"], stopped["done"]) == ("stopped", 0)


def test_a_folder_is_cleared_of_what_another_has_and_that_is_one_entry_of_the_history(
    site: Site, photos: Path
) -> None:
    told = site.call("GET", "/folders/overlaps").json
    [phone] = [
        one for one in told["overlaps"] if (one["folder"], one["other"]) == ("phone", "backup")
    ]
    copies = {"clear": "phone", "keep": "backup"}
    begun = site.call("POST", "/bulk/folders", {"auto": "identical", **copies})
    found = ended(site, begun.json["job"])["preview"]
    assert found["groups"] == phone["groups"] == 2
    assert (found["accepted"], found["left"]) == (1, {"elsewhere": 1})
    [one] = found["sample"]
    assert (one["kept"], one["paths"]) == (1, ["backup/two.jpg", "phone/two.jpg"])

    begun = site.call("POST", "/bulk/apply", {"preview_token": found["token"]}).json
    assert ended(site, begun["job"])["copies"] == copies
    at_home = [path.relative_to(photos).as_posix() for path in photos.rglob("*.jpg")]
    assert at_home == ["backup/two.jpg"]
    [entry] = site.call("GET", "/history").json["bulks"]
    assert (entry["copies"], entry["groups"], entry["undoable"]) == (
        copies,
        [one["number"]],
        1,
    )
