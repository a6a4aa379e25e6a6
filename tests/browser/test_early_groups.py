"""The page while its first group is decided and the rest is still being read."""

import signal
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.test_journeys import finish_by_mouse, title

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="no signal to wake the drive by"),
]

Start = Callable[..., Any]


def test_the_first_group_is_decided_while_the_others_are_still_looked_for(
    start_program: Start, page: Page
) -> None:
    program = start_program(module="slow_drive")
    page.goto(program.url)
    search = page.locator("#search")
    expect(title(page)).to_have_text("Group 1")
    expect(search).to_contain_text("Still searching")
    expect(search).to_contain_text("of 7 read")
    expect(search).to_contain_text("1 group so far")
    expect(page.locator("#progress-words")).to_contain_text("0 of 1 groups decided so far")
    expect(search).to_contain_text("Nothing new for")
    page.locator(".picture").first.click()
    finish_by_mouse(page)
    screen = page.locator("#screen")
    expect(screen).to_contain_text("All groups so far are decided")
    expect(screen).to_contain_text("The search for more goes on")
    expect(page.get_by_role("heading", name="All groups are decided")).to_have_count(0)
    assert page.title().startswith("Searching")
    program.process.send_signal(signal.SIGUSR1)
    expect(title(page)).to_have_text("Group 2")
    expect(search).to_be_hidden()
    expect(page.locator(".row")).to_have_count(2)
    for number in (2, 3):
        expect(title(page)).to_have_text(f"Group {number}")  # not the card of the one just settled
        page.locator(".picture").first.click()
        finish_by_mouse(page)
    expect(page.get_by_role("heading", name="All groups are decided")).to_be_visible()


def test_a_run_stopped_in_its_search_says_that_the_next_one_goes_on(
    start_program: Start, page: Page
) -> None:
    program = start_program(module="slow_drive")
    page.goto(program.url)
    expect(title(page)).to_have_text("Group 1")
    page.locator(".picture").first.click()
    finish_by_mouse(page)
    expect(page.locator("#screen")).to_contain_text("All groups so far are decided")
    page.get_by_role("button", name="Stop for now").click()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("heading", name="Stopped for now")).to_be_visible()
    expect(page.locator("#screen")).to_contain_text("The search was not over.")
    assert program.wait() == 1
