"""A report in HTML, opened from the disk as a person opens it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

import pictures
from same_image_locator.cli import main

EVIL = "<img src=x onerror=alert(1)>'\"><script>alert(2)<x.jpg"


@pytest.mark.browser
def test_a_report_opens_from_the_disk_shows_its_pictures_and_runs_nothing(
    browser: Browser, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "photos"
    pictures.photo(root / "a.jpg", 1)
    pictures.photo(root / EVIL, 1)
    pictures.photo(root / "x" / ("a very long name without a break " * 6).replace(" ", "_"), 1)
    report = tmp_path / "report.html"
    words = ("scan", str(root), "--include-all", "--report", "html", "--output", str(report))
    assert main(words) == 1
    context = browser.new_context(viewport={"width": 360, "height": 700})
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition(":")[0]))
    page.goto(report.as_uri())
    expect(page.get_by_role("heading", name="1 group of 3 files")).to_be_visible()
    expect(page.get_by_text(EVIL, exact=True)).to_be_visible()
    picture = page.get_by_role("img")
    expect(picture).to_have_count(1)
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 100
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(colour) != light
    assert trouble == []
    assert {*asked} <= {"file", "data"}
    context.close()
