"""Pages of other sites, and those that rebind their name to this computer, reach nothing."""

import pytest

from serving import Site

EVIL = "evil.example:{port}"
NEAR = [
    "http://127.0.0.1",
    "http://127.0.0.1:80",
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#",
    "http://127.0.0.1:{port}?",
    "http://127.0.0.1:{port}0",
    "http://127.0.0.1:{port}, http://127.0.0.1:{port}",
    "http://[::1]:{port}",
    "//127.0.0.1:{port}",
    "127.0.0.1:{port}",
    "http://user@127.0.0.1:{port}",
    "http://evil.example#127.0.0.1:{port}",
    "ws://127.0.0.1:{port}",
    "chrome-extension://127.0.0.1:{port}",
]


@pytest.mark.parametrize("origin", NEAR)
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_an_origin_that_is_nearly_ours_is_another(site: Site, origin: str, method: str) -> None:
    headers = [line for line in site.headers(method) if not line.startswith("Origin")]
    headers.append(f"Origin: {origin.format(port=site.server.port)}")
    path = "/api/session" if method == "GET" else "/api/groups/1/selection"
    assert site.ask(method, path, headers, b'{"keep": [0], "rev": 1}').status == 403


@pytest.mark.parametrize("path", ["/", "/api/session", "/api/stop", "/static/js/main.js"])
@pytest.mark.parametrize("fetch_site", ["same-origin", "none"])
def test_a_name_that_was_rebound_is_still_another(site: Site, path: str, fetch_site: str) -> None:
    # To the browser this page and ours are one origin, and here it even knows the token.
    host = EVIL.format(port=site.server.port)
    method = "POST" if path == "/api/stop" else "GET"
    headers = [
        f"Host: {host}",
        f"Origin: http://{host}",
        f"Sec-Fetch-Site: {fetch_site}",
        f"X-SIL-Token: {site.server.keys.token}",
        "Content-Type: application/json",
    ]
    answer = site.ask(method, path, headers, b"{}")
    assert answer.status == 421
    assert b"Same Image" not in answer.body


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-Host: 127.0.0.1:{port}",
        "X-Forwarded-Proto: https",
        "X-Original-URL: /api/session",
        "X-Rewrite-URL: /api/session",
        "X-Host: 127.0.0.1:{port}",
        "Forwarded: host=127.0.0.1:{port}",
        "Via: 1.1 127.0.0.1:{port}",
    ],
)
def test_what_a_proxy_would_say_changes_no_host_and_opens_no_path(site: Site, header: str) -> None:
    said = header.format(port=site.server.port)
    host = f"Host: {EVIL.format(port=site.server.port)}"
    assert site.ask("GET", "/api/session", [host, site.headers()[1], said]).status == 421
    assert site.ask("GET", "/api/session", [site.headers()[0], said]).status == 401


@pytest.mark.parametrize("name", ["Origin", "Sec-Fetch-Site", "Content-Type", "X-SIL-Token"])
def test_a_header_that_is_said_twice_is_not_the_good_one(site: Site, name: str) -> None:
    usual = [*site.headers("POST"), "Sec-Fetch-Site: same-origin"]
    for bad_first in (True, False):
        headers = list(usual)
        at = next(at for at, line in enumerate(headers) if line.startswith(f"{name}:"))
        headers.insert(at if bad_first else at + 1, f"{name}: odd")
        assert site.ask("POST", "/api/stop", headers, b"{}").status in {401, 403, 415}


@pytest.mark.parametrize("mode", ["navigate", "no-cors", "cors", "websocket", "nested-navigate"])
@pytest.mark.parametrize("fetch_site", ["cross-site", "same-site"])
def test_no_way_to_fetch_from_elsewhere_gets_a_picture_or_a_script(
    site: Site, mode: str, fetch_site: str
) -> None:
    sent = [site.headers()[0], f"Sec-Fetch-Site: {fetch_site}", f"Sec-Fetch-Mode: {mode}"]
    picture = site.call("GET", "/groups/1").json["files"][0]["thumb"]
    for path in ("/", "/static/js/main.js", picture):
        assert site.ask("GET", path, sent).status == 403


def test_no_answer_is_ever_shared_with_another_origin(site: Site) -> None:
    asked = ["Access-Control-Request-Method: GET", "Access-Control-Request-Private-Network: true"]
    for origin in ("null", "http://evil.example", f"http://{site.host}"):
        for method in ("OPTIONS", "GET"):
            headers = [*site.headers(), f"Origin: {origin}", *asked]
            answer = site.ask(method, "/api/session", headers)
            assert not [name for name in answer.headers if name.startswith("access-control")]
