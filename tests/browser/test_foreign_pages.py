"""A page of another port, one of another site, and one that rebinds its name, in real Chromium."""

import contextlib
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import chromium
import reviewing
from program import until
from same_image_locator.events import Requested
from serving import Site, own_cache, serving

# One worker serves them all.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("foreigners")]

EVIL = "evil.example"
SCRIPT = Path(__file__).with_name("foreign_page.js").read_text(encoding="utf-8")
ABROAD, REBOUND = (
    re.findall(r'^  "(.+?)": ', part, re.MULTILINE) for part in SCRIPT.split("window.REBOUND = ")
)
_PAGE = b"<!doctype html><title>elsewhere</title><p>elsewhere"


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(_PAGE)))
        self.end_headers()
        self.wfile.write(_PAGE)

    def log_message(self, *_what: object) -> None:
        pass


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[int]:
    """The port of another web server on this computer."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join(20)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    room = tmp_path_factory.mktemp("foreign")
    photos = reviewing.library(room / "photos", reviewing.THREE_GROUPS)
    with own_cache(), serving(photos) as site:
        yield site


@pytest.fixture
def site(served: Site) -> Iterator[Site]:
    """The review that is attacked, and must stay as it was."""
    served.events.clear()
    yield served
    assert served.review.phase == "review"
    assert served.review.totals().waiting == len(served.run.groups)
    assert served.review.totals().chosen == 0


@pytest.fixture(scope="module")
def foreign(browser: Browser) -> Iterator[Browser]:
    """A Chromium to which the evil name means this computer, as after a rebinding."""
    rule = f"--host-resolver-rules=MAP {EVIL} 127.0.0.1"
    # Newer browsers also keep other sites from this computer; here only our own guard may.
    unguarded = "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests"
    arguments = [*chromium.QUIET, rule, unguarded]
    with contextlib.closing(
        browser.browser_type.launch(executable_path=chromium.found(), args=arguments)
    ) as started:
        yield started


@pytest.fixture(scope="module", params=["127.0.0.1", EVIL])
def abroad(foreign: Browser, elsewhere: int, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of another port of this computer, and one of another site."""
    page = foreign.new_page()
    page.goto(f"http://{request.param}:{elsewhere}/")
    page.add_script_tag(content=SCRIPT)
    yield page
    page.close()


def _answered(site: Site) -> list[str]:
    """Return what the server has given to anybody."""
    lines = [event.line for event in site.events if isinstance(event, Requested)]
    return [line for line in lines if line.split()[-3][0] in "23"]


@pytest.mark.parametrize("attack", ABROAD)
def test_a_foreign_page_gets_nothing_and_changes_nothing(
    site: Site, abroad: Page, attack: str
) -> None:
    given = [attack, f"http://{site.host}", site.server.keys.token, _photo(site)]
    got = abroad.evaluate(
        "([attack, ...given]) => Promise.resolve().then(() => ABROAD[attack](...given))"
        ".then((got) => got || 'nothing', () => 'nothing')",
        given,
    )
    assert got == "nothing"
    assert _answered(site) == []


@pytest.mark.parametrize("way", ["link", "window", "beacon"])
def test_a_foreign_page_that_leads_here_shows_a_refusal(
    site: Site, foreign: Browser, elsewhere: int, way: str
) -> None:
    page = foreign.new_page()
    page.goto(f"http://{EVIL}:{elsewhere}/")
    target = f"http://{site.host}/"
    if way == "beacon":
        page.evaluate("target => navigator.sendBeacon(target + 'api/stop', '{}')", target)
        until(lambda: any(isinstance(event, Requested) for event in site.events))
    elif way == "window":
        with page.expect_popup() as opened:
            page.evaluate("target => { open(target); }", target)
        opened.value.wait_for_load_state()
        assert "Only this page may ask" in opened.value.content()
    else:
        with page.expect_navigation() as gone:
            page.evaluate("target => { location = target; }", target)
        assert gone.value.status == 403
    assert _answered(site) == []
    page.close()


@pytest.fixture(scope="module")
def rebound(foreign: Browser, served: Site) -> Iterator[Page]:
    """A page of a name that meant another computer when it was loaded, and now means this one."""
    page = foreign.new_page()
    address = f"http://{EVIL}:{served.server.port}/lure"
    # What the name's first computer has answered; all that the page asks for then comes to us.
    page.route(address, lambda route: route.fulfill(body=_PAGE, content_type="text/html"))
    page.goto(address)
    page.add_script_tag(content=SCRIPT)
    yield page
    page.close()


@pytest.mark.parametrize("attack", REBOUND)
def test_a_page_that_has_rebound_its_name_to_this_computer_is_misdirected(
    site: Site, rebound: Page, attack: str
) -> None:
    given = [attack, site.server.keys.token, _photo(site)]
    assert rebound.evaluate("([attack, ...given]) => REBOUND[attack](...given)", given) == 421
    assert _answered(site) == []


def _photo(site: Site) -> str:
    """Return a photo's signed address, and forget that it was asked for."""
    address: str = site.call("GET", "/groups/1").json["files"][0]["thumb"]
    site.events.clear()
    return address
