"""Whatever the groups are and whoever touches them: settled is what was shown, and nothing else."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from invented import group, in_folders, review
from reviewing import nothing_said
from same_image_locator.model import AUTO, TIERS, Auto, Facts, Tier
from same_image_locator.review import EVERYTHING, Outcome, Review, Settle, Stop, View
from same_image_locator.review.bulk import Bulk
from same_image_locator.review.parting import Parting
from same_image_locator.review.sure import Reading

LARGE, SMALL = Facts(4000, 3000, "JPEG"), Facts(1600, 1200, "JPEG")
Touch = Literal["none", "ticked", "unticked", "confirmed", "attention", "folder", "apart"]
Meanwhile = Literal["none", "ticked", "settled"]


class Made(NamedTuple):
    """A group: how sure it is, which of its pictures are large, and what happened to it when."""

    tier: Tier
    large: tuple[bool, bool, bool]
    touch: Touch
    meanwhile: Meanwhile


made = st.builds(
    Made,
    st.sampled_from(TIERS),
    st.tuples(*(st.booleans() for _ in range(3))),
    st.sampled_from(("none", "none", "ticked", "unticked", "confirmed", "attention", "folder"))
    | st.just("apart"),
    st.sampled_from(("none", "none", "none", "ticked", "settled")),
)


def sure(one: Made, auto: Auto) -> bool:
    """Say in the plainest way whether a group may be accepted unasked."""
    if one.touch != "none":
        return False
    if one.tier in {"identical", "same pixels"}:
        return True
    # One is plainly better than both others when it alone has more pixels.
    return auto == "clear" and one.tier == "same picture" and sum(one.large) == 1


def touch(looked_at: Review, number: int, how: Touch) -> None:
    record = looked_at._book.records[number]
    match how:
        case "ticked" | "unticked":
            looked_at.choose(number, frozenset({"001"} if how == "ticked" else ()), record.rev)
        case "confirmed":
            record.clicks = 1
        case "attention":
            record.state = "attention"
        case "folder":
            record.keep = frozenset({"000", "002"})
        case "apart":
            record.parting = Parting((frozenset({"000", "001"}), frozenset({"002"})))
            record.keep = frozenset({"002"})
        case "none":
            pass


@contextmanager
def carried_out(looked_at: Review) -> Iterator[dict[str, frozenset[str]]]:
    """Settle what is asked for beside the test; yields the ticks of each settled group."""
    settled: dict[str, frozenset[str]] = {}

    def work() -> None:
        while isinstance(command := looked_at.inbox.get(timeout=30), Settle):
            decision = command.decision
            settled[decision.subject] = decision.keep
            looked_at.settled(decision.subject, Outcome(1, 2, 2000))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield settled
    finally:
        looked_at.inbox.put(Stop())
        worker.join(30)


@settings(max_examples=40)
@given(st.lists(made, max_size=6), st.sampled_from(AUTO))
def test_settled_is_exactly_what_was_shown_untouched_and_sure(
    groups: list[Made], auto: Auto
) -> None:
    by_number = dict(enumerate(groups, start=1))

    def facts(view: View) -> list[Facts]:
        return [LARGE if large else SMALL for large in by_number[view.number].large]

    with tempfile.TemporaryDirectory() as folder:
        staged = [group(n, ("a", "b", "c"), tier=one.tier) for n, one in by_number.items()]
        looked_at = review(Path(folder), in_folders(Path(folder), staged))
        for number, one in by_number.items():
            touch(looked_at, number, one.touch)
        with (
            carried_out(looked_at) as settled,
            Bulk(looked_at, Reading(facts, nothing_said)) as bulk,
        ):
            looking = bulk.preview(EVERYTHING, auto)
            looking.wait(30)
            found = looking.preview
            assert found is not None
            shown = {one.view.number: one.keep for one in found.proposals}
            assert set(shown) == {n for n, one in by_number.items() if sure(one, auto)}
            assert sum(found.left.values()) == len(groups) - len(shown)

            before = {n: looked_at.view(n) for n in by_number}
            theirs = meanwhile(looked_at, by_number)
            action = bulk.apply(found.token)
            action.wait(30)
            expected = {n: keep for n, keep in shown.items() if by_number[n].meanwhile == "none"}
            assert sorted(action.numbers()) == sorted(expected)
            assert sorted(action.numbers("skipped")) == sorted(set(shown) - set(expected))
            done = {int(name.removeprefix("run/")): keep for name, keep in settled.items()}
            assert done == {**theirs, **expected}
            for number in set(by_number) - set(shown):
                if by_number[number].meanwhile == "none":
                    assert looked_at.view(number) == before[number], "not even a tick"


def meanwhile(looked_at: Review, groups: dict[int, Made]) -> dict[int, frozenset[str]]:
    """Let another window act after the preview; returns what it has settled, and how."""
    settled = {}
    for number, one in groups.items():
        if one.meanwhile == "none":
            continue
        chosen = looked_at.choose(number, frozenset({"001"}), looked_at.view(number).rev)
        if one.meanwhile == "settled":
            looked_at.confirm(number, looked_at.finish(number, chosen.rev).nonce)
            settled[number] = chosen.keep
    return settled
