"""The guard before the application: who is not our page reaches nothing."""

import socket

import pytest

from same_image_locator.errors import RefusedError, UsageError
from same_image_locator.events import Requested
from same_image_locator.web_review import Server
from serving import Site

HOSTS = [
    "evil.example",
    "evil.example:{port}",
    "127.0.0.1:{port}.evil.example",
    "127.0.0.1:{port}@evil.example",
    "127.0.0.1",
    "127.0.0.1:80",
    "127.0.0.1.:{port}",
    "localhost.:{port}",
    "LOCALHOST:{port}",
    "0.0.0.0:{port}",
    "127.1:{port}",
    "2130706433:{port}",
    "[::ffff:127.0.0.1]:{port}",
    "127.0.0.1:{port}/x",
    "user:secret@127.0.0.1:{port}",
    "*",
]


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_is_misdirected(site: Site, host: str) -> None:
    headers = site.headers()
    headers[0] = f"Host: {host.format(port=site.server.port)}"
    for path in ("/", "/api/session", "/static/js/main.js"):
        assert site.ask("GET", path, headers).status == 421


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["Host:"],
        ["Host: 127.0.0.1:{port}", "Host: evil.example"],
        ["Host: evil.example", "Host: 127.0.0.1:{port}"],
        ["Host: 127.0.0.1:{port}", "Host: 127.0.0.1:{port}"],
        ["Host: 127.0.0.1:{port}, evil.example"],
        ["X-Forwarded-Host: 127.0.0.1:{port}"],
        ["Host_: 127.0.0.1:{port}"],
    ],
)
def test_there_must_be_exactly_one_host(site: Site, lines: list[str]) -> None:
    given = [line.format(port=site.server.port) for line in lines]
    assert site.ask("GET", "/api/session", [*given, site.headers()[1]]).status == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_our_own_names_are_answered(site: Site, host: str) -> None:
    headers = [f"Host: {host}:{site.server.port}", site.headers()[1]]
    assert site.ask("GET", "/api/session", headers).status == 200


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "http://evil.example",
        "http://127.0.0.1:1",
        "https://127.0.0.1:{port}",
        "http://localhost:{port}",
        "http://127.0.0.1:{port}.evil.example",
        "http://127.0.0.1:{port} http://evil.example",
        "HTTP://127.0.0.1:{port}",
        "file://",
    ],
)
def test_a_change_from_another_origin_is_forbidden(site: Site, origin: str | None) -> None:
    host, token, _, kind = site.headers("POST")
    given = [] if origin is None else [f"Origin: {origin.format(port=site.server.port)}"]
    answer = site.ask("POST", "/api/stop", [host, token, kind, *given], b"{}")
    assert answer.status == 403
    assert site.review.phase == "review"


def test_reading_from_another_origin_is_forbidden(site: Site) -> None:
    headers = [*site.headers(), "Origin: http://evil.example"]
    assert site.ask("GET", "/api/session", headers).status == 403


@pytest.mark.parametrize("fetch_site", ["cross-site", "same-site", "CROSS-SITE", "none", "odd", ""])
def test_a_request_that_another_site_started_is_forbidden(site: Site, fetch_site: str) -> None:
    headers = [*site.headers(), f"Sec-Fetch-Site: {fetch_site}"]
    assert site.ask("GET", "/api/session", headers).status == 403
    assert site.ask("GET", "/static/js/main.js", headers).status == 403


def test_the_page_can_be_typed_into_the_address_bar_but_not_linked_from_elsewhere(
    site: Site,
) -> None:
    host = site.headers()[:1]
    assert site.ask("GET", "/", [*host, "Sec-Fetch-Site: none"]).status == 200
    assert site.ask("GET", "/", [*host, "Sec-Fetch-Site: cross-site"]).status == 403


@pytest.mark.parametrize(
    "header",
    [
        "X-Nothing: 1",
        "X-SIL-Token:",
        "X-SIL-Token: guess",
        "X-SIL-Token: {token}x",
        "X-SIL-Token: {short}",
        "X-SIL-Token: \xff\xfe",
        "X_SIL_Token: {token}",
        "Cookie: X-SIL-Token={token}",
        "Authorization: Bearer {token}",
        "X-SIL-Token: x\r\nX-SIL-Token: {token}",
    ],
)
def test_the_api_needs_the_runs_token_in_its_header(site: Site, header: str) -> None:
    token = site.server.keys.token
    given = header.format(token=token, short=token[:-1])
    for path in ("/api/session", f"/api/session?t={token}", "/api", "/api/unknown"):
        assert site.ask("GET", path, [site.headers()[0], given]).status == 401


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "text/json",
        "",
    ],
)
def test_what_a_form_could_send_is_not_understood(site: Site, kind: str) -> None:
    headers = [*site.headers("POST")[:3], f"Content-Type: {kind}"]
    assert site.ask("POST", "/api/stop", headers, b"{}").status == 415
    assert site.review.phase == "review"


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_not_allowed(site: Site, method: str) -> None:
    assert site.ask(method, "/api/session").status == 405


def test_pages_cannot_be_written_to(site: Site) -> None:
    assert site.ask("POST", "/", site.headers("POST"), b"{}").status == 405


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/static/../page.css",
        "/static/..%2f__init__.py",
        "/static/%2e%2e/api.py",
        "/static/js/..%5cx",
        "/static//etc/passwd",
        "/static/",
        "/static/js",
        "//etc/passwd",
        "/index.html",
        "/page.css",
        "/static/%00",
        "/thumb/1/0",
        "/thumb/-1/0/x/160",
        "/thumb/1/0/..%2f..%2fx/160",
    ],
)
def test_there_is_nothing_but_the_pages_own_files(site: Site, path: str) -> None:
    answer = site.ask("GET", path)
    assert answer.status in {308, 404}
    assert b"import " not in answer.body


def test_a_large_request_is_refused(site: Site) -> None:
    body = b'{"keep": "' + b"x" * 70_000 + b'"}'
    assert site.ask("PUT", "/api/groups/1/selection", site.headers("PUT"), body).status == 413


def test_a_deep_request_is_refused_in_words(site: Site) -> None:
    answer = site.ask("POST", "/api/stop", site.headers("POST"), b"[" * 60_000)
    assert answer.status == 400


def test_a_large_head_is_refused(site: Site) -> None:
    lines = ["GET /api/session HTTP/1.1", *site.headers(), f"X-Large: {'x' * 40_000}", "", ""]
    try:
        answer = site.raw("\r\n".join(lines).encode())
    except ConnectionResetError:  # it may hang up before it has read everything
        answer = b""
    assert b" 200 " not in answer
    assert not any("/api/session" in repr(event) for event in site.events)


def test_two_framings_of_one_request_reach_nothing(site: Site) -> None:
    framings = ["Content-Length: 4", "Transfer-Encoding: chunked", "Connection: close"]
    lines = ["POST /api/stop HTTP/1.1", *site.headers("POST"), *framings, "", ""]
    head = "\r\n".join(lines)
    site.raw(head.encode() + b"0\r\n\r\n")
    assert site.review.phase == "review"


@pytest.mark.parametrize("path", ["/", "/api/session", "/nowhere", "/static/js/main.js"])
def test_every_answer_carries_the_protecting_headers(site: Site, path: str) -> None:
    for headers in (site.headers(), ["Host: evil.example"]):
        answer = site.ask("GET", path, headers)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert not {"server", "set-cookie", "access-control-allow-origin"} & set(answer.headers)


def test_json_is_never_stored_and_static_files_are_asked_for_again(site: Site) -> None:
    assert site.call("GET", "/session").headers["cache-control"] == "private, no-store"
    page = site.ask("GET", "/static/js/main.js")
    assert page.headers["cache-control"] == "no-cache"
    again = site.ask(
        "GET", "/static/js/main.js", [*site.headers(), f"If-None-Match: {page.headers['etag']}"]
    )
    assert again.status == 304


def test_the_log_tells_of_requests_without_queries_or_secrets(site: Site) -> None:
    token = site.server.keys.token
    site.ask("GET", f"/api/groups?offset=0&t={token}")
    site.ask("GET", "/%1b[2Jnowhere")
    lines = [event.line for event in site.events if isinstance(event, Requested)]
    assert any(line.startswith("GET /api/groups 200 ") for line in lines)
    assert any("\\x1b[2Jnowhere 404" in line for line in lines)
    assert not any(token in line or "?" in line for line in lines)


def test_a_port_in_use_is_one_clear_line_before_anything_moves() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port}.*--port"):
            Server("127.0.0.1", port)


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_port_that_does_not_exist_is_a_usage_error(port: int) -> None:
    with pytest.raises(UsageError, match="--port"):
        Server("127.0.0.1", port)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "192.168.1.5", "::", "evil.example", "", "127.0.0.1 x"]
)
def test_only_this_computer_can_be_served(host: str) -> None:
    with pytest.raises(RefusedError, match="Only this computer"):
        Server(host, 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_the_address_carries_the_token_in_its_fragment_only(host: str) -> None:
    server = Server(host, 0)
    try:
        before, fragment = server.url.split("#")
        assert fragment == f"t={server.keys.token}"
        assert before.endswith(f":{server.port}/")
        assert len(server.keys.token) >= 43
        assert server.keys.token not in repr(server.keys)
    finally:
        server.stop()
        server.stop()
