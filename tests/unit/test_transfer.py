"""What is offered for a sidecar: verified, agreed on, and missing in all kept files."""

from dataclasses import replace

import pytest

from same_image_locator import xmp
from same_image_locator.model import Identity, Metadata, Method, Tier
from same_image_locator.plans import Entry, Staged
from same_image_locator.review.parting import UNDIVIDED, Parting
from same_image_locator.review.transfer import Offer, offered
from same_image_locator.review.views import View

_FULL = Metadata("2019-05-03T14:02:11", (48.2, 16.5), 4, ("lake", "boat"), "Summer")
_NONE = Metadata()


def view(
    *said: Metadata | None,
    keep: str = "0",
    tiers: tuple[Tier, ...] = (),
    parting: Parting = UNDIVIDED,
) -> tuple[View, dict[str, Metadata | None]]:
    """Return a group of files "0", "1", ... and what is said in each."""
    others: list[Tier] = ["same picture"] * (len(said) - 1)
    tiers = tiers or ("identical", *others)
    entries = tuple(
        Entry(str(i), f"/photos/{i}.jpg", Identity(1, i, 9, 9), f"{i:064}", i, tier=tier)
        for i, tier in enumerate(tiers)
    )
    staged = Staged("run/group", "/decide/group", 1, Method("similar"), entries)
    found = View(staged, 1, frozenset(keep), True, 1, 0, "", "open", "", None, parting=parting)
    return found, {str(i): one for i, one in enumerate(said)}


def offer(*said: Metadata | None, **more: object) -> Offer | None:
    """Return what is offered of a group in which these things are said."""
    found, known = view(*said, **more)  # type: ignore[arg-type]
    return offered(found, lambda _view, entry: known[entry.name])


def test_all_that_no_kept_file_says_is_offered_with_the_text_of_its_sidecar() -> None:
    found = offer(_NONE, _FULL)
    assert found is not None
    assert (found.source, found.said) == (1, _FULL)
    [sidecar] = found.sidecars
    assert sidecar.name == "0"
    read = xmp.read(sidecar.text.encode())
    assert read._replace(place=None) == _FULL._replace(place=None)


def test_what_a_kept_file_says_itself_is_left_out() -> None:
    found = offer(Metadata(rating=1, caption="Own"), _FULL)
    assert found is not None
    assert found.said == _FULL._replace(rating=None, caption=None)
    assert offer(_FULL, _FULL._replace(rating=1)) is None
    found = offer(_NONE, Metadata(rating=2), _FULL, keep="01")
    assert found is not None
    assert found.said == _FULL._replace(rating=None), "all kept files have to lack it"
    assert [one.name for one in found.sidecars] == ["0", "1"]
    assert len({one.text for one in found.sidecars}) == 2, "each is known by its own identifier"


def test_one_file_is_the_source_the_one_that_says_most_then_the_closest() -> None:
    found = offer(_NONE, Metadata(rating=4), _FULL, Metadata(keywords=("sea",)))
    assert found is not None
    assert (found.source, found.said) == (2, _FULL)
    found = offer(_NONE, _FULL, _FULL, tiers=("identical", "same picture", "same pixels"))
    assert found is not None
    assert found.source == 2


@pytest.mark.parametrize(
    ("other", "left_out"),
    [
        (Metadata(taken_at="2019-05-03T14:02:12"), "taken_at"),
        (Metadata(place=(48.21, 16.5)), "place"),
        (Metadata(rating=3), "rating"),
        (Metadata(caption="Winter"), "caption"),
    ],
)
def test_what_files_disagree_in_is_left_out(other: Metadata, left_out: str) -> None:
    found = offer(_NONE, _FULL, other)
    assert found is not None
    assert found.said == _FULL._replace(**{left_out: None})


def test_what_only_looks_different_is_agreement() -> None:
    other = Metadata("2019-05-03T14:02:11.35+02:00", (48.20001, 16.49999), keywords=("sea",))
    found = offer(_NONE, _FULL, other)
    assert found is not None
    assert found.said == _FULL


@pytest.mark.parametrize("tier", ["series", "similar"])
def test_nothing_is_taken_from_or_given_to_what_is_not_verified(tier: Tier) -> None:
    assert offer(_NONE, _FULL, tiers=("identical", tier)) is None
    assert offer(_FULL, _NONE, keep="1", tiers=("identical", tier)) is None
    found = offer(_NONE, _NONE, _FULL, keep="01", tiers=("identical", tier, "same pixels"))
    assert found is not None
    assert [one.name for one in found.sidecars] == ["0"]


def test_nothing_crosses_what_was_told_apart() -> None:
    apart = Parting((frozenset("01"), frozenset("2")))
    assert offer(_NONE, _NONE, _FULL, parting=apart) is None
    found = offer(_NONE, _FULL, _NONE, keep="02", parting=apart)
    assert found is not None
    assert [one.name for one in found.sidecars] == ["0"]
    assert offer(_NONE, _FULL, parting=Parting((), disputed=True)) is None


@pytest.mark.parametrize(
    "poor",
    [
        _NONE,
        None,
        Metadata(rating=-1),
        Metadata(taken_at="2019-05-03"),
        Metadata(caption="x" * 9_999),
        Metadata(keywords=("x" * 9_999,)),
    ],
)
def test_what_is_not_worth_it_is_not_offered(poor: Metadata | None) -> None:
    assert offer(_NONE, poor) is None


def test_a_kept_file_that_cannot_be_read_may_say_anything() -> None:
    assert offer(None, _FULL) is None
    assert offer(_FULL, _NONE, keep="") is None


def test_a_copy_of_a_kept_file_needs_no_reading() -> None:
    found, _ = view(_NONE, _FULL)
    first, second = found.entries
    same = replace(second, sha256=first.sha256)
    twins = replace(found, staged=replace(found.staged, entries=(first, same)))

    def unread(_view: View, _entry: Entry) -> Metadata:
        raise AssertionError

    assert offered(twins, unread) is None
