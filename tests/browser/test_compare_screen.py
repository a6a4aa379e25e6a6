"""The comparison in a real browser: five ways to look, one zoom, keys, fingers, the way back."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

import edited_pictures
from serving import Site, looking

pytestmark = pytest.mark.browser

WAYS = {
    "w": "Slider",
    "e": "Flicker",
    "r": "Overlay",
    "t": "Difference",
    "q": "Side by side",
}
EDITS = ("copy", "turned", "cropped", "written")
SOON = 20_000  # milliseconds that a worker may take on a busy computer
BOX = (
    "element => { const b = element.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]}"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One group of a picture, its copy and three edits of it, served for all of these tests."""
    root = tmp_path_factory.mktemp("compare") / "photos"
    with looking(edited_pictures.library(root, *EDITS)) as served:
        yield served


@pytest.fixture
def group(site: Site, page: Page) -> Page:
    """The page with its group open."""
    page.goto(site.server.url)
    expect(page.locator(".facts")).to_have_count(1 + len(EDITS), timeout=SOON)
    return page


def number(site: Site, name: str) -> int:
    """Return the number on a file's card."""
    files = site.call("GET", "/groups/1").json["files"]
    return 1 + [file["name"] for file in files].index(f"{name}.jpg")


def compare(page: Page, site: Site, one: str, other: str) -> None:
    """Open the comparison and choose both pictures by their numbers."""
    if not page.locator("#compare").is_visible():
        page.keyboard.press("c")
        expect(title(page)).to_be_focused(timeout=SOON)
    first, second = number(site, one), number(site, other)
    page.keyboard.press(str(next(n for n in range(1, 6) if n not in {first, second})))
    page.keyboard.press(f"Shift+Digit{first}")
    page.keyboard.press(str(second))
    expect(title(page)).to_contain_text(f"{first} and {second}")
    expect(badge(page)).to_have_text("aligned", timeout=SOON)


def title(page: Page) -> Locator:
    return page.locator("#compare-title")


def badge(page: Page) -> Locator:
    return page.locator("#compare-lead .badge")


def zoom(page: Page) -> Locator:
    return page.locator("#compare-zoom")


def button(page: Page, what: str) -> Locator:
    return page.locator(f"#compare [data-act={what}]")


def shown(page: Page) -> Locator:
    """Return the pictures that are drawn, the first one's first."""
    return page.locator("#compare .layer:not(.off) img")


def drawn(page: Page) -> None:
    """Wait for the next frame: what a key, a wheel or a finger has changed is drawn in it."""
    page.evaluate("() => new Promise(requestAnimationFrame)")


def boxes(page: Page) -> list[list[float]]:
    """Return where the pictures lie in their panes."""
    drawn(page)
    found: list[list[float]] = page.evaluate(
        """() => [...document.querySelectorAll('#compare .layer:not(.off) img')].map(image => {
            const [a, b] = [image, image.closest('.pane')].map(e => e.getBoundingClientRect());
            return [a.x - b.x, a.y - b.y, a.width, a.height]; })"""
    )
    return found


def sticking_out(page: Page) -> list[str]:
    drawn(page)
    names: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('body, body *')]
            .filter(e => e.checkVisibility() && !e.closest('.unseen, .skip, .layer'))
            .filter(e => e.getBoundingClientRect().right > innerWidth
                || e.closest('#compare') && e.getBoundingClientRect().bottom > innerHeight)
            .map(e => e.className || e.tagName)"""
    )
    return names


def test_all_ways_are_shown_by_their_keys_and_by_their_buttons(site: Site, group: Page) -> None:
    compare(group, site, "whole", "turned")
    for key, word in WAYS.items():
        group.keyboard.press(key)
        chosen = group.get_by_role("button", name=word, exact=True)
        expect(chosen).to_have_attribute("aria-pressed", "true")
        expect(group.locator("#live")).to_contain_text(re.compile(f"{word}|differ"))
        expect(shown(group).first).to_have_attribute("src", re.compile("^/view/"))
    expect(group.locator("#compare .pane")).to_have_count(2)
    group.keyboard.press("q")
    expect(group.locator("#compare .pane")).to_have_count(4)
    group.keyboard.press("q")
    for word in ("Slider", "Difference", "Side by side"):
        group.get_by_role("button", name=word, exact=True).click()
        expect(title(group)).to_be_focused()
    expect(group.locator("#compare .pane")).to_have_count(2)


def test_the_slider_and_the_overlay_go_by_the_keyboard(site: Site, group: Page) -> None:
    compare(group, site, "whole", "written")
    group.keyboard.press("w")
    group.locator("#compare-divider").focus()
    group.keyboard.press("Home")
    for _ in range(25):
        group.keyboard.press("ArrowRight")
    expect(group.locator(".layer.solid")).to_have_css("clip-path", "inset(0px 0px 0px 25%)")
    assert title(group).inner_text().startswith("Group 1: ")
    group.keyboard.press("r")
    group.locator("#compare-opacity").press("End")
    expect(group.locator(".layer").last).to_have_css("opacity", "1")


def test_the_second_picture_is_moved_by_hand_and_put_back(site: Site, group: Page) -> None:
    compare(group, site, "whole", "written")
    group.keyboard.press("r")
    before = boxes(group)
    expect(button(group, "back")).to_be_hidden()
    group.keyboard.press("m")
    expect(button(group, "hand")).to_have_attribute("aria-pressed", "true")
    for _ in range(3):
        group.keyboard.press("Shift+ArrowRight")
    button(group, "down").click()
    assert moved(before, boxes(group)) == [(0, 0), (3, 1)]
    x, y, width, height = group.locator("#compare .pane").evaluate(BOX)
    group.mouse.move(x + width / 2, y + height / 2)
    group.mouse.down()
    group.mouse.move(x + width / 2 - 40, y + height / 2 + 20)
    group.mouse.up()
    assert moved(before, boxes(group)) == [(0, 0), (-37, 21)]
    group.keyboard.press("q")
    group.keyboard.press("r")
    assert moved(before, boxes(group)) == [(0, 0), (-37, 21)], "it stays where it was put"
    group.keyboard.press("m")
    group.keyboard.press("Shift+ArrowRight")
    (left, _), (other, _) = moved(before, boxes(group))
    assert left == other + 37 < 0, "both again"
    button(group, "back").click()
    first, second = moved(before, boxes(group))
    assert first == second
    expect(button(group, "back")).to_be_hidden()


def moved(before: list[list[float]], after: list[list[float]]) -> list[tuple[int, int]]:
    """Return how far each picture was moved, in pixels."""
    return [
        (round(now[0] - then[0]), round(now[1] - then[1]))
        for then, now in zip(before, after, strict=True)
    ]


def test_flicker_plays_until_it_is_held(site: Site, group: Page) -> None:
    compare(group, site, "whole", "written")
    first, second = str(number(site, "whole")), str(number(site, "written"))
    group.keyboard.press("e")
    tag = group.locator(".pane .tag").first
    expect(button(group, "play")).to_have_attribute("aria-pressed", "true")
    for seen in (second, first):
        expect(tag).to_have_text(seen)
    group.keyboard.down("Space")
    expect(tag).to_have_text(second)
    group.keyboard.up("Space")
    expect(tag).to_have_text(first)
    expect(button(group, "play")).to_have_attribute("aria-pressed", "false")
    group.keyboard.press("q")
    group.keyboard.down("Space")
    expect(group.locator(".instead")).to_be_visible()
    group.keyboard.up("Space")
    expect(group.locator(".instead")).to_be_hidden()


def test_without_wish_for_motion_it_flickers_only_by_hand(site: Site, browser: Browser) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(site.server.url)
    expect(page.locator(".facts")).to_have_count(1 + len(EDITS), timeout=SOON)
    compare(page, site, "whole", "written")
    page.keyboard.press("e")
    expect(button(page, "play")).to_have_count(0)
    button(page, "hold").focus()
    page.keyboard.down("Enter")
    expect(page.locator(".pane .tag").first).to_have_text(str(number(site, "written")))
    page.keyboard.up("Enter")
    expect(page.locator(".pane .tag").first).to_have_text(str(number(site, "whole")))
    context.close()


def test_a_second_picture_is_laid_on_the_first(site: Site, group: Page) -> None:
    for name in EDITS:
        compare(group, site, "whole", name)
        group.keyboard.press("r")
        expect(shown(group)).to_have_count(2)
        (left, top, width, height), laid = boxes(group)
        part = (0.1, 0.1, 0.8, 0.8) if name == "cropped" else (0, 0, 1, 1)
        wanted = [left + part[0] * width, top + part[1] * height, part[2] * width, part[3] * height]
        assert laid == pytest.approx(wanted, abs=1.5), name
    compare(group, site, "whole", "turned")
    button(group, "align").click()
    expect(badge(group)).to_have_text("not aligned")
    alone = boxes(group)[1]
    assert alone[2] < alone[3], "as it is, whole in the frame of the other"
    group.keyboard.press("a")
    expect(badge(group)).to_have_text("aligned")


def test_the_difference_is_told_in_words(site: Site, group: Page) -> None:
    compare(group, site, "whole", "copy")
    group.keyboard.press("t")
    words = group.locator("#compare-difference")
    expect(words).to_have_text("Nothing differs", timeout=SOON)
    expect(group.locator("#live")).to_have_text("Nothing differs")
    group.keyboard.press(str(number(site, "written")))
    expect(words).to_have_text(re.compile(r"^[12]\.\d % differs visibly, mean \d\.\d of 255$"))
    expect(group.get_by_role("img", name="Where they differ")).to_be_visible()
    group.keyboard.press(str(number(site, "turned")))
    expect(words).to_have_text(
        re.compile(r"^(Nothing|Less than 0.1 %|[01]\.\d %) differs visibly, mean")
    )
    group.keyboard.press("a")
    expect(words).to_have_text(re.compile(r"^\d\d % differs visibly"))
    group.keyboard.press("a")
    group.keyboard.press(str(number(site, "cropped")))
    expect(words).to_contain_text(re.compile("where both show something, 6[345] % of the first"))


def test_one_zoom_holds_for_all_pictures(site: Site, group: Page) -> None:
    compare(group, site, "whole", "turned")
    before = boxes(group)
    assert before[0] == pytest.approx(before[1], abs=1.5)
    group.keyboard.press("+")
    group.keyboard.press("+")
    group.keyboard.press("Shift+ArrowRight")
    expect(group.locator("#live")).to_contain_text("Zoom")
    nearer = boxes(group)
    assert nearer[0] == pytest.approx(nearer[1], abs=1.5)
    assert nearer[0][2] == pytest.approx(before[0][2] * 1.25**2, rel=0.01)
    group.locator(".pane").last.hover()
    told = zoom(group).inner_text()
    group.mouse.wheel(0, -600)
    expect(zoom(group)).not_to_have_text(told)
    group.mouse.down()
    group.mouse.move(900, 300, steps=3)
    group.mouse.up()
    moved = boxes(group)
    assert moved[0] == pytest.approx(moved[1], abs=1.5)
    assert moved[0][2] > nearer[0][2]
    group.keyboard.press("z")
    expect(zoom(group)).to_have_text("100 %")
    expect(group.locator(".pane").first).not_to_have_class(re.compile("pixelated"))
    for _ in range(8):
        button(group, "closer").click()
    expect(group.locator(".pane").first).to_have_class(re.compile("pixelated"))
    group.keyboard.press("0")
    expect(group.locator(".pane").first).not_to_have_class(re.compile("pixelated"))
    assert boxes(group)[1] == pytest.approx(before[1], abs=1.5)


def test_a_comparison_decides_as_its_group_does(site: Site, group: Page) -> None:
    compare(group, site, "whole", "written")
    ticks = group.locator("#compare .keep-toggle")
    group.keyboard.press("p")
    expect(ticks.last).to_have_attribute("aria-pressed", "true")
    expect(ticks.first).to_have_text("Set aside")
    expect(group.locator("#live")).to_contain_text("1 kept")
    ticks.first.click()
    expect(ticks.first).to_have_text("Keep")
    group.keyboard.press("x")
    expect(ticks.last).to_have_text("Set aside")
    group.keyboard.press("Escape")
    expect(group.locator("#bar-words")).to_contain_text("1 kept")
    group.keyboard.press("u")
    expect(group.locator("#bar-words")).to_have_text("Nothing chosen yet")


def test_the_way_back_is_the_browsers_and_a_reload_stays(site: Site, group: Page) -> None:
    group.keyboard.press("ArrowRight")
    group.keyboard.press("ArrowRight")
    group.keyboard.press("c")
    expect(title(group)).to_have_text("Group 1: 1 and 3 of 5")
    expect(group).to_have_url(re.compile(r"#/g/1/c/1/3$"))
    expect(group.locator(".top")).to_be_hidden()
    group.keyboard.press("ArrowRight")
    expect(group).to_have_url(re.compile(r"#/g/1/c/1/4$"))
    group.keyboard.press("Escape")
    expect(group.locator("#compare")).to_be_hidden()
    expect(group.locator(".keep-box").nth(2)).to_be_focused()
    expect(group).to_have_url(re.compile(r"#/g/1$"))
    group.get_by_role("button", name="Compare 2 with 1").click()
    expect(title(group)).to_contain_text("1 and 2")
    group.reload()
    expect(title(group)).to_contain_text("1 and 2")
    group.go_back()
    expect(group.locator("#compare")).to_be_hidden()
    expect(group.locator("#bar")).to_be_visible()
    expect(group).to_have_url(re.compile(r"#/g/1$"))
    group.go_forward()
    expect(title(group)).to_contain_text("1 and 2")
    group.keyboard.press("?")
    expect(group.locator("#help")).to_contain_text("lay the second on the first")


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (360, "light"), (1440, "dark")])
def test_nothing_sticks_out_and_a_finger_finds_all(
    site: Site, browser: Browser, width: int, scheme: Any
) -> None:
    narrow = width < 700
    context = browser.new_context(
        viewport={"width": width, "height": 740}, has_touch=narrow, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(site.server.url)
    opening = page.get_by_role("button", name="Compare 3 with 1")
    opening.tap() if narrow else opening.click()
    expect(badge(page)).to_have_text("aligned", timeout=SOON)
    for key, word in WAYS.items():
        page.keyboard.press(key)
        chosen = page.get_by_role("button", name=word, exact=True)
        expect(chosen).to_have_attribute("aria-pressed", "true")
        assert sticking_out(page) == []
    panes = [page.locator(".pane").nth(n).evaluate(BOX) for n in range(2)]
    beside = panes[0][0] + panes[0][2] <= panes[1][0]
    assert beside is not narrow
    assert min(panes[0][2:]) > 100
    least = 44 if narrow else 32
    small = page.evaluate(
        """least => [...document.querySelectorAll('#compare button, #compare input')]
            .filter(e => e.checkVisibility()).map(e => [e.textContent, e.getBoundingClientRect()])
            .filter(([, box]) => Math.min(box.width, box.height) < least).map(([name]) => name)""",
        least,
    )
    assert small == []
    button(page, "leave").tap() if narrow else button(page, "leave").click()
    expect(page.locator("#compare")).to_be_hidden()
    context.close()


def test_two_fingers_zoom_and_one_moves(site: Site, browser: Browser) -> None:
    context: BrowserContext = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True
    )
    page = context.new_page()
    page.goto(f"{site.server.url}")
    page.get_by_role("button", name="Compare 2 with 1").tap()
    expect(badge(page)).to_have_text("aligned", timeout=SOON)
    x, y, width, height = page.locator(".pane").first.evaluate(BOX)
    across, down = x + width / 2, y + height / 2
    speak = context.new_cdp_session(page).send

    def touch(kind: str, *points: tuple[float, float]) -> None:
        given = [{"x": px, "y": py, "id": n} for n, (px, py) in enumerate(points)]
        speak("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})

    before, told = boxes(page), zoom(page).inner_text()
    touch("touchStart", (across - 20, down), (across + 20, down))
    touch("touchMove", (across - 60, down), (across + 60, down))
    touch("touchEnd")
    expect(zoom(page)).not_to_have_text(told)
    wider = boxes(page)
    assert wider[0][2] == pytest.approx(3 * before[0][2], rel=0.05)
    touch("touchStart", (across, down))
    touch("touchMove", (across + 30, down + 10))
    touch("touchEnd")
    moved = boxes(page)
    assert moved[1][0] - wider[1][0] == pytest.approx(30, abs=2)
    context.close()


def test_a_hundred_percent_of_a_very_large_picture_are_its_true_pixels(
    tmp_path: Path, page: Page
) -> None:
    lines = Image.new("L", (9000, 300), 128)
    for column in range(8900, 9000, 2):
        lines.paste(255, (column, 0, column + 1, 300))
        lines.paste(0, (column + 1, 0, column + 2, 300))
    for folder in ("a", "b"):
        (tmp_path / "photos" / folder).mkdir(parents=True)
        lines.save(tmp_path / "photos" / folder / "wide.jpg", quality=95)
    with looking(tmp_path / "photos") as site:
        page.goto(site.server.url)
        expect(page.locator(".facts")).to_have_count(2, timeout=SOON)
        page.keyboard.press("c")
        expect(title(page)).to_be_focused(timeout=SOON)
        tiles = page.locator(".pane").first.locator(".tiles img:not([hidden])")
        expect(tiles).to_have_count(0)
        page.keyboard.press("z")
        expect(zoom(page)).to_have_text("100 %")
        expect(tiles.first).to_be_visible(timeout=SOON)
        for _ in range(60):  # to the end
            page.keyboard.press("Shift+ArrowRight")
        expect(tiles).to_have_count(2, timeout=SOON)  # what is far out of view is not held
        box = tiles.last.bounding_box()
        assert box
        assert box["width"] == pytest.approx(9000 - 8 * 1024, abs=0.1)
        shot = Image.open(io.BytesIO(page.screenshot())).convert("L")
        x, y = int(box["x"] + box["width"]) - 60, int(box["y"] + box["height"] / 2)
        levels = shot.crop((x, y, x + 20, y + 1)).tobytes()
        assert min(levels) < 40
        assert max(levels) > 215, "a line is a pixel wide, and none is lost"
        page.keyboard.press("0")
        expect(tiles).to_have_count(0)
