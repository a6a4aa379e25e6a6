"""The requests about the past: where files lie, and the way back from earlier runs."""

from pathlib import Path

from serving import Site


def test_the_files_of_a_finished_group_are_told_with_their_places(site: Site, photos: Path) -> None:
    view = site.review.view(1)
    kept = next(one.name for one in view.entries if one.origin.endswith("phone/one.jpg"))
    chosen = site.review.choose(1, frozenset({kept}), view.rev)
    site.review.confirm(1, site.review.finish(1, chosen.rev).nonce)
    told = site.call("GET", "/history/1/files").json["files"]
    by_place = {one["from"]: (one["place"], one["now"]) for one in told}
    assert by_place["phone/one.jpg"] == ("home", "phone/one.jpg")
    assert by_place["backup/one.jpg"][0] == "aside"
    assert Path(by_place["backup/one.jpg"][1]).is_file()
    assert site.call("GET", "/history").json["earlier"] == []


def test_of_a_run_that_never_was_nothing_can_be_asked(site: Site) -> None:
    assert site.call("GET", "/history/earlier/never").json == {"total": 0, "groups": []}
    for method, path in [
        ("GET", "/history/99/files"),
        ("GET", "/history/earlier/never/1/files"),
        ("POST", "/history/earlier/never/undo"),
        ("POST", "/history/earlier/never/1/undo"),
    ]:
        answer = site.call(method, path, {} if method == "POST" else None)
        assert answer.status == 404, path
