"""The queue in the browser: searched, narrowed and sorted, and never moved under the hand."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser

Start = Callable[..., Any]

# Group 1 is the lake, 2 the copies of one, 3 the city, 4 the night.
LIBRARY = {
    "phone/one.jpg": 1,
    "backup/one.jpg": 1,
    "sent/one copy.jpg": 1,
    "phone/lake.jpg": 2,
    "backup/lake.jpg": 2,
    "sent/lake.jpg": 2,
    "phone/city.jpg": 3,
    "backup/city.jpg": 3,
    "backup/night.jpg": 4,
    "sent/night.jpg": 4,
}


def rows(page: Page) -> Locator:
    return page.locator(".row")


def words(page: Page) -> Locator:
    return page.locator("#queue-words")


def title(page: Page) -> Locator:
    return page.locator("#group-title")


def row_of(page: Page, number: str) -> Locator:
    return page.locator(f".row[data-number='{number}']")


def search(page: Page, text: str, *keys: str) -> None:
    """Search by the keyboard, in place of what was searched before."""
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type(text)
    for key in keys:
        page.keyboard.press(key)


def finish(page: Page) -> None:
    """Keep only the first file, and give both confirmations."""
    page.keyboard.press("d")
    expect(page.locator("#bar-words")).to_contain_text("1 kept")
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_be_visible()
    page.keyboard.press("Enter")


def test_a_search_by_keys_goes_to_what_is_found_and_back_to_all(
    start_program: Start, page: Page
) -> None:
    page.goto(start_program(LIBRARY).url)
    expect(words(page)).to_have_text("4 groups to decide")
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()
    search(page, "CITY")
    expect(words(page)).to_have_text("1 of 4 groups shown")
    expect(title(page)).to_have_text("Group 1")  # until somebody goes on
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Group 3")
    expect(page.locator("#group")).to_be_focused()
    expect(rows(page)).to_have_count(1)
    page.reload()
    expect(words(page)).to_have_text("1 of 4 groups shown")
    expect(title(page)).to_have_text("Group 3")
    expect(page.get_by_role("searchbox", name="Search in names")).to_have_value("CITY")
    search(page, "nowhere")
    expect(words(page)).to_have_text("0 of 4 groups shown")
    expect(page.locator("#queue-none")).to_be_visible()
    expect(title(page)).to_have_text("Group 3")
    page.keyboard.press("Escape")
    expect(words(page)).to_have_text("4 groups to decide")
    expect(rows(page)).to_have_count(4)
    search(page, "night", "Enter")
    expect(title(page)).to_have_text("Group 4")
    finish(page)
    expect(page.get_by_role("heading", name="No group fits what you look for")).to_be_visible()
    page.get_by_role("button", name="Show all groups").click()
    expect(title(page)).to_have_text("Group 1")
    expect(words(page)).to_have_text("3 groups to decide")


def test_what_is_decided_keeps_its_row_while_it_is_open_and_j_walks_the_order_that_is_shown(
    start_program: Start, page: Page
) -> None:
    page.goto(start_program(LIBRARY).url)
    page.get_by_role("button", name="Filter and sort").click()
    page.get_by_label("State").select_option("undecided")
    expect(words(page)).to_have_text("4 of 4 groups shown")
    expect(page.get_by_role("button", name="Filter and sort, 1 on")).to_be_visible()
    row_of(page, "2").click()
    expect(title(page)).to_have_text("Group 2")
    page.keyboard.press("1")
    expect(words(page)).to_have_text("3 of 4 groups shown")
    expect(row_of(page, "2")).to_contain_text("Open, but does not fit")
    numbers = "rows => rows.map(row => row.dataset.number)"
    assert rows(page).evaluate_all(numbers) == ["1", "2", "3", "4"]
    expect(page.locator("#progress-words")).to_contain_text("kB chosen")
    finish(page)
    expect(title(page)).to_have_text("Group 3")
    expect(words(page)).to_have_text("3 of 3 groups shown")
    folders = page.get_by_label("Folders", exact=True)
    expect(folders).to_contain_text("backup ↔ phone (2)")
    folders.select_option(label="backup (3)")
    page.get_by_label("Sort by").select_option("path")
    expect(rows(page).nth(1)).to_contain_text("Group 1")
    expect(rows(page).first).to_contain_text("Group 3")
    for number in ("1", "4", "3"):  # city, lake, night, and round
        page.keyboard.press("j")
        expect(title(page)).to_have_text(f"Group {number}")
        expect(row_of(page, number)).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="Show all").click()
    expect(words(page)).to_have_text("3 groups to decide")


def test_on_a_narrow_screen_the_filters_are_in_the_opened_queue(
    start_program: Start, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, has_touch=True)
    page = context.new_page()
    page.goto(start_program(LIBRARY).url)
    expect(title(page)).to_be_visible()
    expect(page.locator("#find")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    expect(page.locator("#filter-panel")).to_be_hidden()
    page.get_by_role("button", name="Filter and sort").tap()
    expect(page.get_by_label("Folders", exact=True).locator("optgroup")).to_have_count(2)
    outside, small = page.evaluate(
        """() => {
            const seen = [...document.querySelectorAll('#queue *:not(option, optgroup)')]
                .filter(e => e.checkVisibility() && !e.closest('.thumbs, .more'));
            const [wide, high] = [e => e.getBoundingClientRect().right, e => e.offsetHeight];
            return [
                seen.filter(e => wide(e) > innerWidth).map(e => e.outerHTML),
                seen.filter(e => e.matches('button, input, select') && high(e) < 32).length,
            ];
        }"""
    )
    assert (outside, small) == ([], 0)
    page.locator("#find").fill("night")
    expect(words(page)).to_have_text("1 of 4 groups shown")
    page.locator("#find").press("Enter")
    expect(page.locator("#queue")).to_be_hidden()
    expect(page.locator("#grid")).to_contain_text("night.jpg")
    context.close()
