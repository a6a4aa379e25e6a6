"""What was not confirmed twice, in this very state, is never carried out; and nothing is twice."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from same_image_locator.review import confirming
from serving import Answer, Site

Attack = Callable[[Site], Answer]


def _choose(site: Site, number: int, keep: list[int]) -> int:
    rev = site.call("GET", f"/groups/{number}").json["rev"]
    answer = site.call("PUT", f"/groups/{number}/selection", {"keep": keep, "rev": rev})
    assert answer.status == 200, answer.body
    return int(answer.json["rev"])


def _armed(site: Site, number: int = 1, keep: tuple[int, ...] = (0,)) -> tuple[int, str]:
    rev = _choose(site, number, list(keep))
    answer = site.call("POST", f"/groups/{number}/finish", {"rev": rev})
    assert answer.status == 200, answer.body
    return rev, answer.json["nonce"]


def _confirm(site: Site, nonce: Any, number: int = 1) -> Answer:
    return site.call("POST", f"/groups/{number}/finish/confirm", {"nonce": nonce})


def _without_the_first(site: Site) -> Answer:
    _choose(site, 1, [0])
    return _confirm(site, "")


def _with_an_old_revision(site: Site) -> Answer:
    rev = _choose(site, 1, [0])
    _choose(site, 1, [1])
    return site.call("POST", "/groups/1/finish", {"rev": rev})


def _for_another_group(site: Site) -> Answer:
    _, nonce = _armed(site, 1)
    _choose(site, 2, [0])
    return _confirm(site, nonce, 2)


def _with_the_nonce_of_another_armed_group(site: Site) -> Answer:
    _, nonce = _armed(site, 1)
    _armed(site, 2)
    return _confirm(site, nonce, 2)


def _after_another_choice(site: Site) -> Answer:
    _, nonce = _armed(site)
    _choose(site, 1, [1])
    return _confirm(site, nonce)


def _after_the_same_choice_again(site: Site) -> Answer:
    _, nonce = _armed(site)
    _choose(site, 1, [1])
    _choose(site, 1, [0])
    return _confirm(site, nonce)


def _after_it_was_taken_back(site: Site) -> Answer:
    _, nonce = _armed(site)
    assert site.call("POST", "/groups/1/finish/take-back", {"nonce": nonce}).status == 200
    return _confirm(site, nonce)


def _with_the_first_of_two_nonces(site: Site) -> Answer:
    rev, first = _armed(site)
    assert site.call("POST", "/groups/1/finish", {"rev": rev}).json["nonce"] != first
    return _confirm(site, first)


def _with_a_part_of_the_nonce(site: Site) -> Answer:
    _, nonce = _armed(site)
    return _confirm(site, nonce[:-1])


def _with_the_token(site: Site) -> Answer:
    _armed(site)
    return _confirm(site, site.server.keys.token)


def _keeping_none_by_a_wish(site: Site) -> Answer:
    rev = _choose(site, 1, [])
    return site.call("POST", "/groups/1/finish", {"rev": rev, "allow_none": True})


def _of_a_group_that_does_not_exist(site: Site) -> Answer:
    _, nonce = _armed(site)
    return _confirm(site, nonce, 99)


def _at_once_with_a_guessed_preview(site: Site) -> Answer:
    return site.call("POST", "/bulk/apply", {"preview_token": "guessed"})


def _at_once_with_a_nonce(site: Site) -> Answer:
    _, nonce = _armed(site)
    return site.call("POST", "/bulk/apply", {"preview_token": nonce})


def _freed_before_the_end(site: Site) -> Answer:
    return site.call("POST", "/free-space/confirm", {"nonce": _armed(site)[1]})


ATTACKS: list[Attack] = [
    _without_the_first,
    _with_an_old_revision,
    _for_another_group,
    _with_the_nonce_of_another_armed_group,
    _after_another_choice,
    _after_the_same_choice_again,
    _after_it_was_taken_back,
    _with_the_first_of_two_nonces,
    _with_a_part_of_the_nonce,
    _with_the_token,
    _keeping_none_by_a_wish,
    _of_a_group_that_does_not_exist,
    _at_once_with_a_guessed_preview,
    _at_once_with_a_nonce,
    _freed_before_the_end,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__.strip("_"))
def test_what_is_not_confirmed_in_this_state_is_not_done(site: Site, attack: Attack) -> None:
    answer = attack(site)
    assert answer.status in {404, 409, 422}, answer.body


def test_a_confirmation_of_more_than_a_minute_ago_is_none(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirming, "CONFIRM_SECONDS", -1.0)
    _, nonce = _armed(site)
    answer = _confirm(site, nonce)
    assert (answer.status, answer.json["type"]) == (409, "urn:same-image-locator:confirmation")


def test_a_confirmation_that_comes_ten_times_at_once_is_carried_out_once(
    fresh_site: Site,
) -> None:
    _, nonce = _armed(fresh_site)
    answers: list[int] = []
    together = threading.Barrier(10)

    def confirm() -> None:
        together.wait(20)
        answers.append(_confirm(fresh_site, nonce).status)

    threads = [threading.Thread(target=confirm) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 10
    totals = fresh_site.review.totals()
    assert (totals.settled, totals.waiting) == (1, 2)
    assert _confirm(fresh_site, nonce).status in {404, 409, 422}
    assert fresh_site.call("POST", "/groups/1/undo", {}).status == 200
    assert _confirm(fresh_site, nonce).status in {404, 409, 422}
