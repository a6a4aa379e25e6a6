"""Names and picture data that are scripts are shown as what they are, and nothing of them runs."""

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

import pictures
from serving import Site, own_cache, serving

# One worker serves them all.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("scripts")]

# "{n}" tells which one ran; a name cannot hold a slash, what a camera writes can.
PAYLOADS = [
    "<img src=x onerror=ran={n}>",
    '"><img src=x onerror=ran={n}>',
    "'><img src=x onerror=ran={n}>",
    "<svg onload=ran={n}>",
    "<svg><animate onbegin=ran={n} attributeName=x dur=1s>",
    "<body onload=ran={n}>",
    "<details open ontoggle=ran={n}>",
    "<input autofocus onfocus=ran={n}>",
    "<video><source onerror=ran={n}>",
    "<marquee onstart=ran={n}>",
    "<iframe srcdoc='<script>parent.ran={n}<'>",
    "<object data='javascript:ran={n}'>",
    "<a href='javascript:ran={n}' autofocus>",
    "<math href='javascript:ran={n}'>click",
    "<style>@import 'x';*{{}}",
    "<base href='http:evil.example'>",
    "<meta http-equiv=refresh content='0;url=javascript:ran={n}'>",
    "<template><script>ran={n}<",
    "<!--><img src=x onerror=ran={n}>-->",
    "<noscript><p title='<img src=x onerror=ran={n}>'>",
    "&lt;img src=x onerror=ran={n}&gt;",
    "&#60;img src=x onerror=ran={n}&#62;",
    "\\u003cimg src=x onerror=ran={n}\\u003e",
    "%3Cimg src=x onerror=ran={n}%3E",
    "{{{{constructor.constructor('ran={n}')()}}}}",
    "${{ran={n}}}",
    "';ran={n};'",
    '";ran={n};"',
    "`;ran={n};`",
    "javascript:ran={n}",
]
IN_A_GROUP = 6
SOON = 20_000  # milliseconds that a worker may take on a busy computer
_EXIF_MAKE, _EXIF_MODEL, _EXIF_DESCRIPTION = 0x010F, 0x0110, 0x010E


@dataclass
class Shown:
    """What a person saw of all groups, and what a script would have left."""

    texts: str = ""
    ran: Any = None
    reports: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    foreign: int = -1


def _payload(number: int) -> str:
    return PAYLOADS[number].format(n=number + 1)


def _written(path: Path, number: int, quality: int) -> None:
    """Write a picture whose camera is called like a script, too."""
    exif = Image.Exif()
    script = f"{_payload(number)}<script>ran={number + 1}</script>"
    exif[_EXIF_MAKE], exif[_EXIF_MODEL] = "Maker", script
    exif[_EXIF_DESCRIPTION] = script
    path.parent.mkdir(parents=True, exist_ok=True)
    image = pictures.picture(number // IN_A_GROUP, (320, 240))
    image.save(path, "JPEG", quality=quality, exif=exif.tobytes())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Groups of which each file and each folder has a script for its name."""
    root = tmp_path_factory.mktemp("scripts") / "<img src=x onerror=ran=99>"
    for number in range(len(PAYLOADS)):
        name = _payload(number)
        _written(root / name / f"{name}.jpg", number, 90 - number % IN_A_GROUP)
    with own_cache(), serving(root, "phash") as served:
        yield served


@pytest.fixture(scope="module")
def shown(browser: Browser, site: Site) -> Iterator[Shown]:
    """Walk through all groups once, as a person does, and note what was seen and what happened."""
    found = Shown()
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    context.add_init_script(
        "window.reports = []; addEventListener('securitypolicyviolation',"
        " event => reports.push(event.violatedDirective + ' ' + event.blockedURI));"
    )
    page = context.new_page()
    page.on("dialog", lambda dialog: found.dialogs.append(dialog.message))
    page.on("pageerror", lambda error: found.errors.append(str(error)))
    page.on("request", lambda request: found.hosts.add(request.url.split("/")[2]))
    page.goto(site.server.url)
    for number in range(1, len(site.run.groups) + 1):
        _look_at(page, number, found)
        page.keyboard.press("j")
    page.keyboard.press("h")
    found.ran = page.evaluate("window.ran")
    found.reports = page.evaluate("reports")
    found.foreign = page.locator(
        "[onerror], [onload], [srcdoc], [src='x'], base, object, script:not([src]), a[href^=java]"
    ).count()
    yield found
    context.close()


def _look_at(page: Page, number: int, found: Shown) -> None:
    """Open what shows names: the cards, the table, the comparison and the first confirmation."""
    expect(page.locator("#group-title")).to_have_text(f"Group {number}")
    expect(page.locator(".sideways")).to_be_attached(timeout=SOON)
    found.texts += page.locator("body").inner_text()
    page.keyboard.press("1")
    expect(page.locator("footer")).to_contain_text("1 kept")
    if number == 1:  # how two pictures lie is looked at in a worker, which takes its time
        page.keyboard.press("c")
        expect(page.locator("#compare")).to_be_visible(timeout=SOON)
        found.texts += page.locator("#compare").inner_text()
        page.keyboard.press("Escape")
        expect(page.locator("#compare")).to_be_hidden()
        page.wait_for_function("!history.state?.comparing")
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_be_visible()
    found.texts += page.locator("#sheet").inner_text()
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()


@pytest.mark.parametrize("number", range(len(PAYLOADS)))
def test_a_script_for_a_name_is_shown_letter_by_letter_and_does_not_run(
    shown: Shown, number: int
) -> None:
    assert f"{_payload(number)}.jpg" in shown.texts
    assert shown.ran is None, f"payload {shown.ran} ran"


def test_what_a_camera_calls_itself_is_shown_and_does_not_run(shown: Shown) -> None:
    assert "</script>" in shown.texts
    assert html.unescape("&lt;script&gt;ran=1") in shown.texts


def test_the_policy_had_nothing_to_report_and_nothing_foreign_was_asked_for(
    shown: Shown, site: Site
) -> None:
    assert shown.reports == []
    assert shown.dialogs == []
    assert shown.errors == []
    assert shown.foreign == 0
    assert shown.hosts <= {site.host}
