"""A group on the page: what differs as a table, and the same files of a large one as one card."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import pictures
from serving import Site, looking

# One worker serves them all.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("groups")]

COPIES = 12
SOON = 20_000  # milliseconds that a worker may take on a busy computer
SCROLLED = """element => new Promise(done => {
  const seen = () => element.scrollLeft > 0 ? done() : requestAnimationFrame(seen);
  seen();
})"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A group of twelve copies and two others, and one of a picture and its small dated copy."""
    root = tmp_path_factory.mktemp("group") / "photos"
    for number in range(COPIES):
        pictures.photo(root / f"a/{number:02}.jpg", 1, size=(320, 240))
    pictures.photo(root / "b/near.jpg", 1, size=(320, 240), quality=80)
    pictures.photo(root / "c/near.jpg", 1, size=(320, 240), quality=70)
    pictures.photo(root / "d/large.jpg", 2, size=(640, 480))
    pictures.photo(root / "e/small.jpg", 2, size=(320, 240), taken="2019:06:12 14:03:22")
    with looking(root, "phash") as served:
        yield served


def row(page: Page, fact: str) -> Locator:
    header = page.get_by_role("rowheader", name=fact, exact=True)
    return page.locator(".sideways tbody tr").filter(has=header)


def opened(page: Page, site: Site, number: int) -> None:
    page.goto(site.server.url)
    expect(page.locator("#group-title")).to_have_text("Group 1")
    if number == 2:
        page.keyboard.press("j")
    expect(page.locator("#group-title")).to_have_text(f"Group {number}")
    expect(page.locator(".sideways")).to_be_attached(timeout=SOON)


def test_only_what_differs_is_in_the_table_and_the_rest_is_one_line(site: Site, page: Page) -> None:
    opened(page, site, 2)
    expect(page.locator(".sideways thead th")).to_have_text(["1large.jpg", "2small.jpg"])
    expect(row(page, "Pixels").locator("td")).to_have_text(["640 × 480, best", "320 × 240, worst"])
    expect(row(page, "Taken").locator("td")).to_have_text(
        ["missing, worst", "12 Jun 2019, 14:03, best"]
    )
    expect(row(page, "Taken").locator("td.is-best strong")).to_have_count(1)
    for same in ("Format", "Quality", "Camera", "GPS", "Orientation"):
        expect(row(page, same)).to_have_count(0)
    alike = page.locator(".alike")
    expect(alike.nth(0)).to_contain_text("Same in all: format (JPEG), quality (90), depth (8 bits")
    expect(alike.nth(1)).to_have_text("Missing in all: camera and GPS.")
    page.keyboard.press("t")
    expect(page.get_by_role("region", name="What differs")).to_be_focused()
    expect(page.locator(".sideways")).to_be_in_viewport()


def test_the_same_files_of_a_large_group_are_one_card_that_keeps_one_of_them(
    site: Site, page: Page
) -> None:
    opened(page, site, 1)
    cards, words = page.locator(".card"), page.locator("#bar-words")
    copies, toast = page.locator(".cluster").first, page.locator("#toast")
    expect(cards).to_have_count(3)
    expect(copies).to_contain_text("=A × 12 identical. A tick keeps only this one of the 12 (1);")
    expect(cards.first.locator(".same")).to_have_text("=A × 12 identical")
    page.keyboard.press("1")
    expect(words).to_contain_text("1 kept, 13 set aside")
    expect(copies).to_contain_text("Keeps 1 of the 12 (1); the rest is set aside.")
    page.keyboard.press("2")
    expect(toast).to_contain_text("2 is one of the same files as 1: show all of them first (E)")
    expect(words).to_contain_text("1 kept, 13 set aside")
    the_whole_cluster_is_shown_and_folded_by_keys(page, cards, copies)
    page.keyboard.press("x")
    expect(words).to_have_text("Nothing chosen yet")
    expect(copies).to_contain_text("A tick keeps only this one of the 12 (1)")
    the_button_does_the_same_and_keeps_the_focus(page, cards)
    assert [file["keep"] for file in site.call("GET", "/groups/1").json["files"]] == [False] * 14


def the_whole_cluster_is_shown_and_folded_by_keys(
    page: Page, cards: Locator, copies: Locator
) -> None:
    page.keyboard.press("e")
    expect(cards).to_have_count(14)
    expect(copies).to_contain_text("=A identical to 2, 3, 4, 5, 6, 7 and 5 more")
    assert cards.evaluate_all("all => all.every((card, n) => Number(card.dataset.place) === n)")
    page.keyboard.press("ArrowRight")
    expect(cards.nth(1).get_by_role("checkbox")).to_be_focused()
    page.keyboard.press(" ")
    expect(cards.nth(1)).to_have_attribute("data-state", "keep")
    page.keyboard.press("e")
    expect(cards).to_have_count(3)
    expect(copies).to_contain_text("Keeps 2 of the 12 (1 and 2); the rest is set aside.")
    expect(cards.first.get_by_role("checkbox")).to_be_focused()
    expect(cards.first.get_by_role("checkbox")).to_be_checked()


def the_button_does_the_same_and_keeps_the_focus(page: Page, cards: Locator) -> None:
    fold = page.locator(".fold")
    expect(fold).to_have_text("Show all 12")
    fold.focus()
    page.keyboard.press("Enter")
    expect(cards).to_have_count(14)
    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(fold).to_be_focused()
    page.keyboard.press("Enter")
    expect(cards).to_have_count(3)
    expect(fold).to_be_focused()


@pytest.mark.parametrize("colours", ["none", "active"])
def test_a_wide_table_scrolls_in_itself_by_keyboard_on_a_narrow_screen(
    site: Site, browser: Browser, colours: Any
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, forced_colors=colours)
    page = context.new_page()
    opened(page, site, 1)
    page.locator("#to-differences").click()
    page.keyboard.press("t")
    expect(page.locator(".sideways")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.locator(".sideways").evaluate(SCROLLED)
    expect(page.locator("#group-title")).to_have_text("Group 1")
    wide = "['#group', 'body'].some(name => document.querySelector(name).scrollWidth > innerWidth)"
    assert not page.evaluate(wide)
    expect(row(page, "Quality").locator(".is-best .icon").first).to_be_attached()
    expect(page.locator(".numbered .key").first).to_have_text(re.compile("^1$"))
    context.close()
