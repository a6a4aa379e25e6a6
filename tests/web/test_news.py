"""A window that waits hears of a change at once, and however many wait, none is starved."""

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest

from same_image_locator.review import Review
from same_image_locator.web_review import news
from serving import Answer, Site


@pytest.fixture(autouse=True)
def begun(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Count the windows that have begun to wait; none is answered for want of news."""
    begun, wait = threading.Semaphore(0), Review.wait_until_other_than

    def waiting(review: Review, version: int, seconds: float) -> None:
        begun.release()
        wait(review, version, seconds)

    monkeypatch.setattr(Review, "wait_until_other_than", waiting)
    monkeypatch.setattr(news, "WAIT_SECONDS", 60.0)
    return begun


def tick(site: Site, rev: int = 1) -> Answer:
    return site.call("PUT", "/groups/1/selection", {"keep": [0], "rev": rev})


def test_whoever_waits_is_told_as_soon_as_something_has_changed(
    site: Site, begun: threading.Semaphore
) -> None:
    known = site.review.version
    with ThreadPoolExecutor() as windows:
        asked = windows.submit(site.call, "GET", f"/session?after={known}")
        assert begun.acquire(timeout=30)
        assert not asked.done()
        assert tick(site).status == 200
        answer = asked.result(20).json
    assert answer["version"] > known
    assert answer["waited"] is True


def test_what_has_changed_before_is_news_at_once(site: Site) -> None:
    known = site.review.version
    tick(site)
    assert site.call("GET", f"/session?after={known}").json["version"] > known
    for other in ("-1", "99999999999999999999", "x", ""):
        assert site.call("GET", f"/session?after={other}").status == 200


def test_however_many_windows_wait_a_choice_is_answered(
    site: Site, begun: threading.Semaphore
) -> None:
    known = site.review.version
    with ThreadPoolExecutor(40) as windows:
        asked = [windows.submit(site.call, "GET", f"/session?after={known}") for _ in range(40)]
        at_once = islice(as_completed(asked, timeout=30), 40 - news.MOST_WAITING)
        assert not any(one.result().json["waited"] for one in at_once), "those without a place"
        assert tick(site).status == 200
        told = [one.result(20).json for one in asked]
    assert sum(one["waited"] for one in told) == news.MOST_WAITING
    again = site.call("GET", f"/session?after={known}").json
    assert again["waited"] is True, "a place is free again"


def test_a_run_that_ends_leaves_nobody_waiting(site: Site, begun: threading.Semaphore) -> None:
    with ThreadPoolExecutor() as windows:
        asked = windows.submit(site.call, "GET", f"/session?after={site.review.version}")
        assert begun.acquire(timeout=30)
        threading.Thread(target=site.review.close).start()
        assert asked.result(20).json["phase"] == "closed"
