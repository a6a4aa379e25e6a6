"""The page's form: narrow screens, both themes, long lists, reduced motion, the first paint."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from same_image_locator.cache import Cache
from same_image_locator.decode.previews import Previews
from same_image_locator.model import Identity, Method
from same_image_locator.plans import Decision, Entry, Staged
from same_image_locator.review import Effects, Review
from same_image_locator.web_review import Server, create_app
from same_image_locator.web_review.media import Gallery

pytestmark = pytest.mark.browser

MANY = 10_000


def overflow(page: Page) -> int:
    """Return by how many pixels something sticks out of the window to the side."""
    wide: int = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll('body, body *')]
            .filter(e => e.checkVisibility() && !e.closest('.unseen, .skip, .thumbs'))
            .map(e => e.getBoundingClientRect().right)) - innerWidth"""
    )
    return wide


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_at_any_width(
    start_program: Callable[..., Any], browser: Browser, width: int, scheme: Any
) -> None:
    long = "a very long folder name that goes on and on/" * 2 + "x" * 120
    program = start_program({f"{long}/{'y' * 180}.jpg": 1, "b/x.jpg": 1})
    context = browser.new_context(viewport={"width": width, "height": 640}, color_scheme=scheme)
    page = context.new_page()
    page.goto(program.url)
    expect(page.locator(".facts").first).to_contain_text(re.compile("160 . 120"))
    assert overflow(page) <= 0
    page.locator(".picture").first.click()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("#sheet")).to_be_visible()
    assert overflow(page) <= 0
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Help").click()
    assert overflow(page) <= 0
    context.close()


def test_every_control_is_large_enough_for_a_finger(
    start_program: Callable[..., Any], browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(start_program().url)
    expect(page.locator("#group-title")).to_have_text("Group 1")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .picture, .switch')]
            .filter(e => e.checkVisibility())
            .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
            .filter(([, box]) => box.width < 32 || box.height < 32).map(([name]) => name)"""
    )
    assert small == []
    page.locator(".picture").first.tap()
    expect(page.locator("#bar-words")).to_contain_text("1 kept")
    page.get_by_role("button", name="Groups", exact=True).tap()
    page.locator("[data-number='3']").tap()
    expect(page.locator("#group-title")).to_have_text("Group 3")
    expect(page.locator("#queue")).to_be_hidden()
    context.close()


def test_the_chosen_theme_is_remembered(start_program: Callable[..., Any], page: Page) -> None:
    page.goto(start_program().url)
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Light or dark").click()
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == dark


@pytest.fixture
def many(tmp_path: Path) -> Iterator[Server]:
    """Ten thousand groups whose pictures are nowhere: only the list is looked at."""

    def entry(number: int, name: str) -> Entry:
        origin = str(tmp_path / "photos" / name / f"{number}.jpg")
        return Entry(name, origin, Identity(1, number, 1_000_000, 0), f"{number:064x}")

    groups = [
        Staged(
            f"run/{n}", str(tmp_path / str(n)), n, Method("exact"), (entry(n, "a"), entry(n, "b"))
        )
        for n in range(1, MANY + 1)
    ]

    def preview(decision: Decision) -> Effects:
        return Effects((), (), 0)

    review = Review(str(tmp_path), str(tmp_path / "photos"), groups, preview)
    server = Server("127.0.0.1", 0)
    with Cache() as cache, Previews(1) as previews:
        server.start(create_app(review, Gallery(cache, previews), server.keys))
        yield server
        server.stop()


def test_ten_thousand_groups_need_no_more_rows_than_are_in_view(many: Server, page: Page) -> None:
    page.goto(many.url)
    expect(page.locator("#queue-words")).to_have_text("10,000 groups to decide")
    expect(page.locator("[data-number='1']")).to_be_visible()
    assert page.locator(".row").count() < 40
    page.locator("#queue-list").evaluate("list => list.scrollTo(0, list.scrollHeight)")
    last = page.locator(f"[data-number='{MANY}']")
    expect(last).to_be_visible()
    expect(last).to_have_attribute("aria-setsize", str(MANY))
    assert page.locator(".row").count() < 40
    last.click()
    expect(page.locator("#group-title")).to_have_text(f"Group {MANY}")
    expect(last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("j")
    expect(page.locator("#group-title")).to_have_text("Group 1")
    expect(page.locator("[data-number='1']")).to_be_visible()


@pytest.mark.parametrize("broken", [False, True])
def test_a_large_group_is_shown_whole_and_takes_the_focus(
    start_program: Callable[..., Any], page: Page, *, broken: bool
) -> None:
    program = start_program({f"a/{number:02}.jpg": 1 for number in range(50)})
    if broken:
        page.route("**/thumb/**", lambda route: route.fulfill(status=404))
    page.goto(program.url)
    expect(page.locator(".card")).to_have_count(50)
    expect(page.locator("#group")).to_be_focused()
    last = page.locator(".card").last
    last.scroll_into_view_if_needed()
    expect(last.locator(".facts")).to_contain_text(re.compile("160 . 120"))
    assert page.locator(".card").evaluate_all(
        "cards => cards.every((card, place) => Number(card.dataset.place) === place)"
    )
    page.keyboard.press("1")
    expect(page.locator(".card[data-state=aside]")).to_have_count(49)
    assert page.locator("#grid").evaluate("e => e.getAnimations({ subtree: true }).length") == 0


def test_without_wish_for_motion_nothing_moves(
    start_program: Callable[..., Any], browser: Browser
) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(start_program().url)
    expect(page.locator("#group-title")).to_have_text("Group 1")
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(e =>
            getComputedStyle(e).transitionDuration !== '0s').length"""
    )
    assert moving == 0
    context.close()
