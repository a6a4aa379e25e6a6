"""Two browsers on one review: no choice is lost, and half a word from each settles nothing."""

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from same_image_locator.decision_folder import REVIEW_STATE

pytestmark = pytest.mark.browser

Start = Callable[..., Any]


class Gate:
    """Lets a window's questions for the session through, or holds them while it is shut."""

    def __init__(self) -> None:
        self.shut = False
        self._held: list[Route] = []

    def take(self, route: Route) -> None:
        if self.shut:
            self._held.append(route)
        else:
            route.continue_()

    @property
    def holds(self) -> bool:
        """Whether it holds a question, so that whatever was asked before is answered."""
        return bool(self._held)

    def open(self) -> None:
        self.shut = False
        for route in self._held:
            route.continue_()
        self._held.clear()


GATES: dict[Page, Gate] = {}


@pytest.fixture
def windows(browser: Browser) -> Iterator[tuple[Page, Page]]:
    """Two browsers that share nothing, as on two desks."""
    errors: list[str] = []
    contexts = [browser.new_context(viewport={"width": 1280, "height": 900}) for _ in range(2)]
    for context in contexts:
        context.on("weberror", lambda error: errors.append(str(error.error)))
    first, second = contexts[0].new_page(), contexts[1].new_page()
    for page in (first, second):
        GATES[page] = Gate()
        # From the beginning: a request on its way while routing begins may never be answered.
        page.route("**/api/session*", GATES[page].take)
    yield first, second
    for context in contexts:
        context.close()
    GATES.clear()
    assert errors == []


@pytest.fixture(params=["the first window first", "the second window first"])
def pair(request: Any, windows: tuple[Page, Page]) -> tuple[Page, Page]:
    """The window that is quicker and the one that comes late, in both orders of their opening."""
    return windows if request.param.startswith("the first") else (windows[1], windows[0])


def opened(program: Any, *pages: Page) -> None:
    for page in pages:
        page.goto(program.url)
        expect(title(page)).to_have_text("Group 1")


@contextlib.contextmanager
def unaware(page: Page) -> Iterator[None]:
    """Keep a window from hearing what happens elsewhere until the end of the block."""
    gate = GATES[page]
    gate.shut = True
    while not gate.holds:  # one question follows the answer of another
        page.wait_for_timeout(20)
    yield
    gate.open()


def card(page: Page, number: int) -> Locator:
    return page.locator(".card").nth(number - 1)


def click(page: Page, number: int) -> None:
    card(page, number).locator(".picture").click()


def title(page: Page) -> Locator:
    return page.locator("#group-title")


def words(page: Page) -> Locator:
    return page.locator("#bar-words")


def strip(page: Page) -> Locator:
    return page.locator("#merge")


def sheet(page: Page) -> Locator:
    return page.locator("#sheet")


def finish(page: Page) -> None:
    page.get_by_role("button", name="Finish").click()
    expect(sheet(page)).to_be_visible()


def confirm(page: Page) -> None:
    sheet(page).locator("#confirm").click()


def states(page: Page) -> list[str | None]:
    return [one.get_attribute("data-state") for one in page.locator(".card").all()]


def ticks_on_disk(program: Any, number: int) -> list[str]:
    [folder] = program.folder.glob(f"group_{number:04}*")
    keep: list[str] = json.loads((folder / REVIEW_STATE).read_text())["keep"]
    return [name[:3] for name in keep]


def test_a_tick_that_comes_too_late_is_shown_and_offered_again(
    start_program: Start, pair: tuple[Page, Page]
) -> None:
    program = start_program()
    quick, late = pair
    opened(program, quick, late)
    with unaware(late):
        click(quick, 2)
        expect(words(quick)).to_contain_text("1 kept")
        click(late, 1)
        expect(strip(late)).to_contain_text(
            "Group 1 was changed in another window: 1 file ticked there."
        )
        expect(strip(late)).to_contain_text("Not taken: your tick on one.jpg (1).")
        assert states(late) == ["aside", "keep", "aside"], "as it stands, not as it was wished"
        assert ticks_on_disk(program, 1) == ["002"]
        strip(late).get_by_role("button", name="Apply my choice").click()
        expect(strip(late)).to_be_hidden()
        expect(words(late)).to_contain_text("2 kept")
    assert ticks_on_disk(program, 1) == ["001", "002"]
    expect(words(quick)).to_contain_text("2 kept")
    assert program.at_home() == set()


def test_a_window_that_is_seen_waits_for_news_instead_of_asking_now_and_then(
    start_program: Start, windows: tuple[Page, Page]
) -> None:
    program = start_program()
    quick, late = windows
    opened(program, quick, late)
    with late.expect_response(lambda answer: "/api/session?after=" in answer.url) as heard:
        click(quick, 2)
        expect(words(late)).to_contain_text("1 kept")
    assert heard.value.json()["waited"] is True


def test_all_choices_that_came_too_late_are_offered_together(
    start_program: Start, windows: tuple[Page, Page]
) -> None:
    program = start_program()
    quick, late = windows
    opened(program, quick, late)
    with unaware(late):
        click(quick, 2)
        expect(words(quick)).to_contain_text("1 kept")
        # Both in one moment: before the page can hear that the first came too late.
        late.evaluate(
            "for (const key of ['1', '3'])"
            " document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}))"
        )
        expect(strip(late)).to_contain_text("your tick on one.jpg (1), then")
        expect(strip(late)).to_contain_text("one copy.jpg (3)")
        strip(late).get_by_role("button", name="Apply my choice").click()
        expect(words(late)).to_contain_text("3 kept")
    assert ticks_on_disk(program, 1) == ["001", "002", "003"]


def test_the_other_windows_choice_can_be_left_to_stand(
    start_program: Start, windows: tuple[Page, Page]
) -> None:
    program = start_program()
    quick, late = windows
    opened(program, quick, late)
    with unaware(late):
        click(quick, 2)
        expect(words(quick)).to_contain_text("1 kept")
        late.keyboard.press("d")
        expect(strip(late)).to_contain_text("Not taken: keeping only 1.")
        late.keyboard.press("Enter")
        expect(late.locator("#toast")).to_contain_text("First say which choice holds")
        expect(sheet(late)).to_be_hidden()
        strip(late).get_by_role("button", name="Keep theirs").click()
        expect(strip(late)).to_be_hidden()
        assert states(late) == ["aside", "keep", "aside"]
    assert ticks_on_disk(program, 1) == ["002"]


def test_two_windows_that_want_the_same_are_not_bothered(
    start_program: Start, windows: tuple[Page, Page]
) -> None:
    program = start_program()
    quick, late = windows
    opened(program, quick, late)
    with unaware(late):
        click(quick, 2)
        expect(words(quick)).to_contain_text("1 kept")
        click(late, 2)
        expect(late.locator("#live")).to_contain_text("as you chose here")
        expect(strip(late)).to_be_hidden()
        assert states(late) == ["aside", "keep", "aside"]


def test_a_choice_made_elsewhere_is_told(start_program: Start, windows: tuple[Page, Page]) -> None:
    program = start_program()
    one, two = windows
    opened(program, one, two)
    click(one, 2)
    expect(card(two, 2)).to_have_attribute("data-state", "keep")
    expect(two.locator("#toast")).to_contain_text("Changed in another window: 1 file ticked")
    expect(strip(two)).to_be_hidden()


def test_a_finish_of_an_older_state_opens_no_sheet_and_offers_its_choice(
    start_program: Start, pair: tuple[Page, Page]
) -> None:
    program = start_program()
    quick, late = pair
    opened(program, quick, late)
    click(quick, 1)
    expect(card(late, 1)).to_have_attribute("data-state", "keep")
    with unaware(late):
        click(quick, 2)
        expect(words(quick)).to_contain_text("2 kept")
        late.keyboard.press("Enter")
        expect(strip(late)).to_contain_text("1 file ticked there. Not taken: your finish.")
        expect(sheet(late)).to_be_hidden()
        strip(late).get_by_role("button", name="Apply my choice").click()
        expect(words(late)).to_contain_text("1 kept, 2 set aside")
        expect(sheet(late)).to_be_hidden()
    assert ticks_on_disk(program, 1) == ["001"]
    assert program.at_home() == set()


@pytest.mark.parametrize("hears", [True, False], ids=["told by the poll", "told by the refusal"])
def test_an_open_sheet_that_holds_no_longer_settles_nothing(
    start_program: Start, pair: tuple[Page, Page], hears: bool
) -> None:
    program = start_program()
    quick, late = pair
    opened(program, quick, late)
    click(late, 1)
    expect(card(quick, 1)).to_have_attribute("data-state", "keep")
    with contextlib.nullcontext() if hears else unaware(late):
        finish(late)
        click(quick, 2)
        expect(words(quick)).to_contain_text("2 kept")
        if not hears:
            confirm(late)
        expect(strip(late)).to_contain_text("1 file ticked there. Not taken: your finish.")
        expect(sheet(late)).to_be_hidden()
        assert program.at_home() == set()


def test_a_group_that_was_settled_elsewhere_says_so_and_can_be_undone(
    start_program: Start, pair: tuple[Page, Page]
) -> None:
    program = start_program()
    quick, late = pair
    opened(program, quick, late)
    with unaware(late):
        click(quick, 2)
        finish(quick)
        confirm(quick)
        expect(title(quick)).to_have_text("Group 2")
        click(late, 1)
        expect(strip(late)).to_contain_text(
            "Group 1 was settled in another window: 1 kept, 2 set aside"
        )
        expect(strip(late)).to_contain_text("Not taken: your tick on one.jpg (1).")
        expect(title(late)).to_have_text("Group 2")
        assert program.at_home() == {"phone/one.jpg"}
    strip(late).get_by_role("button", name="Undo that").click()
    expect(late.locator("#toast")).to_contain_text("Group 1 undone")
    expect(strip(late)).to_be_hidden()
    assert program.at_home() == {"backup/one.jpg", "phone/one.jpg", "sent/one copy.jpg"}


def test_a_group_settled_elsewhere_is_left_with_a_word(
    start_program: Start, windows: tuple[Page, Page]
) -> None:
    program = start_program()
    one, two = windows
    opened(program, one, two)
    click(one, 2)
    finish(one)
    confirm(one)
    expect(two.locator("#toast")).to_contain_text("Group 1 was settled in another window: 1 kept")
    expect(title(two)).to_have_text("Group 2")


def test_one_click_in_each_of_two_windows_settles_nothing(
    start_program: Start, pair: tuple[Page, Page]
) -> None:
    program = start_program()
    one, two = pair
    opened(program, one, two)
    click(one, 2)
    expect(card(two, 2)).to_have_attribute("data-state", "keep")
    finish(one)
    finish(two)
    confirm(one)
    expect(one.locator("#toast")).to_contain_text("Nothing was settled by that")
    assert program.at_home() == set(), "each window has given one confirmation only"
    confirm(two)
    expect(title(two)).to_have_text("Group 2")
    assert program.at_home() == {"phone/one.jpg"}


def test_a_first_confirmation_opens_no_sheet_in_another_window(
    start_program: Start, windows: tuple[Page, Page]
) -> None:
    program = start_program()
    one, two = windows
    opened(program, one)
    click(one, 2)
    finish(one)
    opened(program, two)
    expect(card(two, 2)).to_have_attribute("data-state", "keep")
    expect(two.locator(".facts").first).to_contain_text(re.compile("160 . 120"))
    expect(sheet(two)).to_be_hidden()
    one.reload()
    expect(sheet(one)).to_be_visible()
    assert program.at_home() == set()


def test_taking_back_in_one_window_leaves_the_others_confirmation(
    start_program: Start, windows: tuple[Page, Page]
) -> None:
    program = start_program()
    one, two = windows
    opened(program, one, two)
    click(one, 2)
    expect(card(two, 2)).to_have_attribute("data-state", "keep")
    finish(one)
    finish(two)
    with one.expect_response("**/finish/take-back"):
        one.keyboard.press("Escape")
    confirm(two)
    expect(title(two)).to_have_text("Group 2")
    assert program.at_home() == {"phone/one.jpg"}


def test_preferring_in_two_windows_is_not_switched_off_by_the_second(
    start_program: Start, windows: tuple[Page, Page]
) -> None:
    program = start_program()
    one, two = windows
    opened(program, one, two)
    two.keyboard.press("j")
    expect(title(two)).to_have_text("Group 2")
    click(two, 1)
    expect(words(two)).to_contain_text("1 kept")
    with unaware(two):
        one.get_by_role("button", name="Prefer folder backup").click()
        expect(words(one)).to_contain_text("1 kept")
        two.get_by_role("button", name="Prefer folder backup").click()
        expect(two.locator(".folder-button[aria-pressed=true]")).to_contain_text("backup")
        expect(words(two)).to_contain_text("1 kept")
    two.reload()
    expect(two.locator(".folder-button[aria-pressed=true]")).to_contain_text("backup")
