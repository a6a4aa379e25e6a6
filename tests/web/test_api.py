"""The requests of the page: what they answer, and that every error has one shape."""

import json
from pathlib import Path
from typing import Any

import pytest

import pictures
import reviewing
from same_image_locator.errors import RefusedError
from same_image_locator.plans import Decision
from same_image_locator.progress import Standing
from same_image_locator.review import Effects, Outcome
from serving import Answer, Site, serving

ROUTES: list[tuple[str, str, Any, int]] = [
    ("GET", "/groups/99", None, 404),
    ("GET", "/groups/99/facts", None, 404),
    ("GET", "/groups/one", None, 404),
    ("GET", "/nowhere", None, 404),
    ("POST", "/session", {}, 405),
    ("PUT", "/groups/1/files/0/keep", {"keep": True, "rev": 7}, 409),
    ("PUT", "/groups/1/files/0/keep", {"keep": "yes", "rev": 1}, 400),
    ("PUT", "/groups/1/files/0/keep", {"rev": 1}, 400),
    ("PUT", "/groups/1/files/0/keep", {"keep": True, "rev": True}, 400),
    ("PUT", "/groups/1/files/9/keep", {"keep": True, "rev": 1}, 404),
    ("PUT", "/groups/1/files/-1/keep", {"keep": True, "rev": 1}, 404),
    ("PUT", "/groups/1/selection", {"keep": [9], "rev": 1}, 404),
    ("PUT", "/groups/1/selection", {"keep": [True], "rev": 1}, 404),
    ("PUT", "/groups/1/selection", {"keep": ["../../x"], "rev": 1}, 404),
    ("PUT", "/groups/1/selection", {"keep": 0, "rev": 1}, 400),
    ("PUT", "/groups/1/selection", [], 400),
    ("POST", "/folders/prefer", {"group": 1, "file": 0, "on": True, "rev": 9}, 409),
    ("POST", "/folders/prefer", {"group": 1, "file": -1, "on": True, "rev": 1}, 404),
    ("POST", "/folders/prefer", {"group": 1, "rev": 1}, 400),
    ("POST", "/folders/prefer", {"group": 1, "file": 0, "rev": 1}, 400),
    ("PUT", "/groups/1/auto-finish", {"on": 1}, 400),
    ("POST", "/groups/1/finish", {"rev": 1}, 422),
    ("POST", "/groups/1/finish", {"rev": 1, "allow_none": True}, 422),
    ("POST", "/groups/1/finish", {"rev": 9}, 409),
    ("POST", "/groups/1/finish", {}, 400),
    ("POST", "/groups/1/finish/confirm", {"nonce": "guessed"}, 409),
    ("POST", "/groups/1/finish/confirm", {"nonce": "\ud800"}, 409),
    ("POST", "/groups/1/finish/confirm", {}, 400),
    ("POST", "/groups/99/finish/confirm", {"nonce": "x"}, 404),
    ("POST", "/groups/99/finish/take-back", {}, 404),
    ("POST", "/groups/1/undo", {}, 422),
    ("POST", "/free-space", {"yes": True}, 422),
    ("POST", "/free-space", {"yes": False}, 422),
    ("POST", "/free-space", {}, 400),
    ("POST", "/free-space/confirm", {"nonce": "x"}, 422),
    ("POST", "/stop", 1, 400),
]


def assert_is_problem(answer: Answer, status: int) -> None:
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json
    assert set(problem) == {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert all(
        problem[key] and isinstance(problem[key], str) for key in ("type", "title", "detail")
    )


@pytest.mark.parametrize(("method", "path", "body", "status"), ROUTES)
def test_every_error_is_a_problem_object(
    site: Site, method: str, path: str, body: Any, status: int
) -> None:
    assert_is_problem(site.call(method, path, body), status)
    assert site.review.totals().waiting == 3


def test_what_the_guard_refuses_is_a_problem_object_too(site: Site) -> None:
    assert_is_problem(site.ask("GET", "/", ["Host: evil.example"]), 421)
    assert_is_problem(site.ask("GET", "/api/session", site.headers()[:1]), 401)
    assert_is_problem(site.ask("GET", "/thumb/1/0/0000000000000000/160?k=x"), 403)


def choose(site: Site, number: int, keep: list[int]) -> Any:
    rev = site.call("GET", f"/groups/{number}").json["rev"]
    return site.call("PUT", f"/groups/{number}/selection", {"keep": keep, "rev": rev}).json


def finish(site: Site, number: int, keep: list[int]) -> Any:
    rev = choose(site, number, keep)["rev"]
    armed = site.call("POST", f"/groups/{number}/finish", {"rev": rev}).json
    return site.call("POST", f"/groups/{number}/finish/confirm", {"nonce": armed["nonce"]})


def test_the_session_tells_how_the_run_stands(site: Site) -> None:
    session = site.call("GET", "/session").json
    assert session["phase"] == "review"
    assert (session["totals"]["groups"], session["totals"]["waiting"]) == (3, 3)


def test_the_session_tells_how_far_the_search_is_and_what_it_waits_for(site: Site) -> None:
    assert site.call("GET", "/session").json["search"] is None
    standing: Standing | None = None
    site.review.search(lambda: standing)
    assert site.call("GET", "/session").json["search"] == {"step": ""}, "between two steps"
    slow = (f"{site.run.root}/sent/slow\n.tif", "/elsewhere/b.tif")
    standing = Standing("fingerprint", 12, 40, 2, 3.5, 4e6, 90.0, slow, 7.0)
    assert site.call("GET", "/session").json["search"] == {
        "step": "fingerprint",
        "done": 12,
        "total": 40,
        "files_a_second": 3.5,
        "bytes_a_second": 4e6,
        "left": 90.0,
        "still": 7.0,
        "waiting": [r"sent/slow\n.tif", "/elsewhere/b.tif"],
    }
    site.review.search_ended()
    assert site.call("GET", "/session").json["search"] is None


def test_the_opening_is_all_that_the_page_shows_first(site: Site) -> None:
    first = site.call("GET", "/opening?group=0").json
    assert first["session"] == site.call("GET", "/session").json
    assert first["group"] == site.call("GET", "/groups/1").json
    assert first["queue"] == site.call("GET", "/groups?offset=0&limit=50&held=1").json
    third = site.call("GET", "/opening?group=3&limit=2").json
    assert third["group"]["number"] == 3
    assert third["queue"]["offset"] == 2, "the rows around the group"
    assert [row["number"] for row in third["queue"]["rows"]] == [3]
    for unknown in ("group=99", "group=x", ""):
        assert site.call("GET", f"/opening?{unknown}").json["group"]["number"] == 1


def test_the_opening_of_a_review_that_is_over_has_no_group(site: Site) -> None:
    for number in (1, 2, 3):
        assert finish(site, number, [0]).status == 200
    over = site.call("GET", "/opening?group=1").json
    assert (over["session"]["phase"], over["group"]) == ("offer", None)


def test_facts_come_with_the_group_once_they_are_known(site: Site) -> None:
    assert site.call("GET", "/groups/1").json["facts"] is None
    read = site.call("GET", "/groups/1/facts").json
    assert site.call("GET", "/groups/1").json["facts"] == read


def test_groups_come_in_pages(site: Site) -> None:
    page = site.call("GET", "/groups?offset=1&limit=1").json
    assert page["total"] == 3
    [row] = page["rows"]
    assert (row["number"], row["files"], row["state"], row["mode"]) == (2, 2, "open", "exact")
    for odd in ("offset=-5&limit=-5", "offset=x&limit=y", "limit=99999999"):
        assert site.call("GET", f"/groups?{odd}").status == 200


def test_a_group_tells_its_files_folders_and_neighbours(site: Site) -> None:
    group = site.call("GET", "/groups/1").json
    assert [file["name"] for file in group["files"]] == ["one.jpg", "one.jpg", "one copy.jpg"]
    labels = [folder["label"] for folder in group["folders"]]
    assert labels == [{"shared": "", "own": name} for name in ("backup", "phone", "sent")]
    assert (group["previous"], group["next"], group["position"]) == (3, 2, 1)
    assert str(site.run.root) not in json.dumps(group)


def test_facts_come_from_the_picture_and_from_the_cache_the_next_time(site: Site) -> None:
    facts = site.call("GET", "/groups/1/facts").json
    assert facts["files"][0] == {
        "width": 160,
        "height": 120,
        "format": "JPEG",
        "taken_at": None,
        "more_frames": False,
        "best": [],
    }
    for group in site.run.groups[:1]:
        for entry in group.entries:
            Path(group.folder, entry.name).unlink()
    assert site.call("GET", "/groups/1/facts").json == facts


def test_ticks_by_place_are_remembered(site: Site) -> None:
    group = choose(site, 1, [0, 2])
    assert [file["keep"] for file in group["files"]] == [True, False, True]
    body = {"keep": False, "rev": group["rev"]}
    group = site.call("PUT", "/groups/1/files/2/keep", body).json
    assert [file["keep"] for file in group["files"]] == [True, False, False]


def test_a_stale_page_is_told_and_changes_nothing(site: Site) -> None:
    choose(site, 1, [0])
    late = site.call("PUT", "/groups/1/selection", {"keep": [1], "rev": 1})
    assert_is_problem(late, 409)
    assert site.call("GET", "/groups/1").json["files"][0]["keep"]


def test_prefer_folder_by_a_file_of_it(site: Site) -> None:
    group = site.call("POST", "/folders/prefer", {"group": 1, "file": 1, "on": True, "rev": 1}).json
    assert [folder["preferred"] for folder in group["folders"]] == [False, True, False]
    assert [file["keep"] for file in group["files"]] == [False, True, False]
    assert site.call("GET", "/session").json["preferred"] == ["phone"]


def test_finishing_tells_exactly_what_will_happen_and_then_it_happens(site: Site) -> None:
    rev = choose(site, 1, [1])["rev"]
    armed = site.call("POST", "/groups/1/finish", {"rev": rev}).json
    home = {"file": 1, "companion": None, "folder": "phone", "name": "one.jpg", "renamed": False}
    assert armed["homes"] == [home]
    assert armed["aside"] == [0, 2]
    assert not (site.run.root / "phone/one.jpg").exists()
    done = site.call("POST", "/groups/1/finish/confirm", {"nonce": armed["nonce"]}).json
    assert (done["state"], done["kept"], done["set_aside"], done["next"]) == ("settled", 1, 2, 2)
    assert (site.run.root / "phone/one.jpg").exists()
    assert not (site.run.root / "backup/one.jpg").exists()


def test_a_taken_name_is_told_before_the_second_confirmation(site: Site) -> None:
    newcomer = site.run.root / "phone/one.jpg"
    newcomer.write_bytes(b"a new file at the old place")
    rev = choose(site, 1, [1])["rev"]
    [home] = site.call("POST", "/groups/1/finish", {"rev": rev}).json["homes"]
    assert home["renamed"]
    assert home["name"] != "one.jpg"


def test_taking_back_makes_the_nonce_worthless(site: Site) -> None:
    rev = choose(site, 1, [1])["rev"]
    armed = site.call("POST", "/groups/1/finish", {"rev": rev}).json
    assert site.call("POST", "/groups/1/finish/take-back", {}).status == 200
    late = site.call("POST", "/groups/1/finish/confirm", {"nonce": armed["nonce"]})
    assert_is_problem(late, 409)


def test_a_group_that_cannot_be_settled_says_why_and_stays(site: Site) -> None:
    group = site.run.groups[0]
    Path(group.folder, group.entries[0].name).write_bytes(b"changed behind our back")
    assert_is_problem(finish(site, 1, [0]), 409)
    state = site.call("GET", "/groups/1").json
    assert (state["state"], bool(state["reason"])) == ("attention", True)


def test_keep_none_is_refused_for_identical_files(site: Site) -> None:
    answer = site.call("POST", "/groups/1/finish", {"rev": 1, "allow_none": True})
    assert_is_problem(answer, 422)
    assert answer.json["type"].endswith("keep-none-exact")


def test_perceptual_groups_allow_none_expressly_and_have_no_auto_finish(photos: Path) -> None:
    with serving(photos, "phash") as site:
        group = site.call("GET", "/groups/1").json
        assert group["auto_finish"] == {"available": False, "on": False}
        assert group["files"][1]["distance"] == 0
        assert group["files"][1]["twin"] == 1
        assert_is_problem(site.call("PUT", "/groups/1/auto-finish", {"on": True}), 422)
        assert_is_problem(site.call("POST", "/groups/1/finish", {"rev": 1}), 422)
        auto = site.call("POST", "/groups/1/finish", {"rev": 1, "allow_none": True, "auto": True})
        assert_is_problem(auto, 422)
        body = {"rev": 1, "allow_none": True}
        nonce = site.call("POST", "/groups/1/finish", body).json["nonce"]
        done = site.call("POST", "/groups/1/finish/confirm", {"nonce": nonce}).json
        assert (done["kept"], done["set_aside"]) == (0, 3)


def test_auto_finish_in_one_go_when_one_file_is_ticked(site: Site) -> None:
    rev = choose(site, 1, [0])["rev"]
    assert site.call("PUT", "/groups/1/auto-finish", {"on": True}).json["auto_finish"]["on"]
    armed = site.call("POST", "/groups/1/finish", {"rev": rev, "auto": True}).json
    done = site.call("POST", "/groups/1/finish/confirm", {"nonce": armed["nonce"]})
    assert done.json["state"] == "settled"


def test_undo_from_history_brings_the_files_home(site: Site) -> None:
    before = reviewing.tree(site.run.root)
    assert finish(site, 1, [0]).status == 200
    [past] = site.call("GET", "/history").json["groups"]
    assert (past["number"], past["state"]) == (1, "settled")
    assert site.call("POST", "/groups/1/undo", {}).json["state"] == "undone"
    assert {*before, "phone/one.jpg", "backup/one.jpg"} <= {*reviewing.tree(site.run.root)}
    assert_is_problem(site.call("POST", "/groups/1/undo", {}), 422)


def test_freeing_needs_two_answers_and_ends_the_run(site: Site) -> None:
    for number in (1, 2, 3):
        finish(site, number, [0])
    assert site.call("GET", "/session").json["phase"] == "offer"
    nonce = site.call("POST", "/free-space", {"yes": True}).json["nonce"]
    assert_is_problem(site.call("POST", "/free-space/confirm", {"nonce": "other"}), 409)
    end = site.call("POST", "/free-space/confirm", {"nonce": nonce}).json
    assert end["phase"] == "closed"
    assert end["totals"]["freed_bytes"] > 0


def test_saying_no_keeps_what_was_set_aside(site: Site) -> None:
    for number in (1, 2, 3):
        finish(site, number, [0])
    end = site.call("POST", "/free-space", {"yes": False}).json
    assert (end["phase"], end["totals"]["freed_bytes"]) == ("closed", 0)
    assert len([p for p in site.run.folder.rglob("*.jpg") if p.is_file()]) == 4


def test_stop_ends_the_run_and_moves_nothing(site: Site) -> None:
    assert site.call("POST", "/stop", {}).status == 200


def test_thumbnails_are_small_pictures_kept_for_ever(site: Site) -> None:
    address = site.call("GET", "/groups/1").json["files"][0]["thumb"]
    answer = site.ask("GET", address, site.headers()[:1])
    assert answer.status == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.body.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.split("?")[0],
        lambda a: a[:-1],
        lambda a: a.replace("/thumb/1/0", "/thumb/1/1"),
        lambda a: a.replace("/thumb/1/", "/thumb/2/"),
        lambda a: a.replace("/480", "/160"),
        lambda a: a.replace("/480", "/99999"),
    ],
)
def test_an_image_address_that_we_did_not_sign_is_forbidden(site: Site, change: Any) -> None:
    address = site.call("GET", "/groups/1").json["files"][0]["thumb"]
    assert_is_problem(site.ask("GET", change(address)), 403)


def test_a_signed_address_of_what_is_not_there_is_not_found(site: Site) -> None:
    for path in ("/thumb/9/0/0000000000000000/160", "/thumb/1/99/0000000000000000/160"):
        assert_is_problem(site.ask("GET", f"{path}?k={site.server.keys.sign(path)}"), 404)


def test_a_file_that_is_no_picture_has_no_preview_and_no_facts(tmp_path: Path) -> None:
    root = tmp_path / "photos"
    for name in ("a/x.jpg", "b/x.jpg"):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_bytes(b"not a picture at all")
    with serving(root) as site:
        address = site.call("GET", "/groups/1").json["files"][0]["thumb"]
        assert_is_problem(site.ask("GET", address), 404)
        assert site.call("GET", "/groups/1/facts").json["files"][0]["width"] is None


def test_a_link_put_in_a_files_place_is_not_followed(site: Site, tmp_path: Path) -> None:
    group = site.run.groups[0]
    secret = Path(pictures.photo(tmp_path / "elsewhere.jpg", 9))
    staged_file = Path(group.folder, group.entries[0].name)
    staged_file.unlink()
    staged_file.symlink_to(secret)
    address = site.call("GET", "/groups/1").json["files"][0]["thumb"]
    assert_is_problem(site.ask("GET", address), 404)


def test_a_picture_that_vanished_has_no_preview_and_no_facts(site: Site) -> None:
    group = site.run.groups[0]
    address = site.call("GET", "/groups/1").json["files"][0]["thumb"]
    Path(group.folder, group.entries[0].name).unlink()
    assert_is_problem(site.ask("GET", address), 404)


def test_a_choice_that_cannot_be_saved_is_an_error_in_words(site: Site) -> None:
    for group in site.run.groups[:1]:
        for path in Path(group.folder).iterdir():
            path.unlink()
        Path(group.folder).rmdir()
    answer = site.call("PUT", "/groups/1/selection", {"keep": [0], "rev": 1})
    assert_is_problem(answer, 507)
    assert "could not be saved" in answer.json["detail"]


def test_effects_that_cannot_be_foreseen_are_told_and_nothing_is_confirmed(site: Site) -> None:
    def impossible(decision: Decision) -> Effects:
        raise RefusedError("the drive of the photos is gone")

    site.review.preview = impossible
    rev = choose(site, 1, [0])["rev"]
    answer = site.call("POST", "/groups/1/finish", {"rev": rev})
    assert_is_problem(answer, 409)
    assert "the drive of the photos is gone" in answer.json["detail"]


def test_an_undo_that_is_refused_says_why(site: Site) -> None:
    finish(site, 1, [0])

    def impossible(subject: str) -> Outcome:
        raise RefusedError("the drive of the photos is gone")

    site.run.session.undo_subject = impossible  # type: ignore[method-assign]  # a drive can vanish
    answer = site.call("POST", "/groups/1/undo", {})
    assert_is_problem(answer, 409)
    assert site.call("GET", "/history").json["groups"][0]["state"] == "settled"


def test_hostile_names_come_as_harmless_text(tmp_path: Path) -> None:
    name = "<img src=x onerror=alert(1)>\u202egpj.\n\x1b[2J.jpg"
    root = reviewing.library(tmp_path / "photos", {f"a/{name}": 1, "b/x.jpg": 1})
    with serving(root) as site:
        shown = site.call("GET", "/groups/1").json["files"][0]["name"]
        assert shown.startswith("<img src=x")
        assert "\\u202egpj.\\n\\x1b[2J" in shown


def test_a_name_that_is_not_utf8_can_be_shown_and_preferred(tmp_path: Path) -> None:
    odd = "caf\udce9"
    root = reviewing.library(tmp_path / "photos", {f"{odd}/x.jpg": 1, "b/x.jpg": 1})
    with serving(root) as site:
        group = site.call("GET", "/groups/1").json
        place = next(i for i, f in enumerate(group["folders"]) if "\\xe9" in f["label"]["own"])
        file = group["folders"][place]["files"][0]
        body = {"group": 1, "file": file, "on": True, "rev": 1}
        assert site.call("POST", "/folders/prefer", body).json["folders"][place]["preferred"]


def test_folders_outside_the_root_are_named_in_full(site: Site) -> None:
    site.review.root = str(site.run.root / "phone")
    labels = [f["label"] for f in site.call("GET", "/groups/1").json["folders"]]
    assert {label["own"] for label in labels} >= {"phone"}
    assert any(str(site.run.root) in label["shared"] + label["own"] for label in labels)


def test_a_fault_of_ours_is_told_without_a_traceback_on_the_page(site: Site) -> None:
    site.review.settled(site.run.groups[0].subject, Outcome(1, 2, 3, problems=("one\x1b thing",)))
    assert site.call("GET", "/history").json["groups"][0]["problems"] == ["one\\x1b thing"]
    site.review.root = None  # type: ignore[assignment]  # a fault that only a bug could make
    answer = site.call("GET", "/session")
    assert_is_problem(answer, 500)
    assert b"Traceback" not in answer.body
    assert any("TypeError" in repr(event) or "NoneType" in repr(event) for event in site.events)
