"""Files go by their places in a group: no path, no strange number and no wish leads elsewhere."""

import pytest

from serving import Site

ODD_NUMBERS = [
    "-1",
    "+1",
    "1.0",
    "1e0",
    "0x1",
    "%201",
    "1%20",
    "1%00",
    "1%0a",
    "1_0",
    "%D9%A1",  # an Arabic-Indic one, which Python would read as 1
    "%EF%BC%91",  # a fullwidth one
    "9999999999",
    "9" * 30,
    "9" * 6000,  # more digits than Python reads as a number
    "..",
    "%2e%2e",
    "..%2f1",
    "..%5c1",
    "1%2f..",
    "1;",
    "1,2",
    "[1]",
    "null",
    "1'--",
    "1%27%20OR%201=1",
    "*",
    "~",
]


@pytest.mark.parametrize("number", ODD_NUMBERS, ids=lambda number: number[:12])
def test_an_odd_number_is_no_group_no_file_and_no_statement(site: Site, number: str) -> None:
    for method, path in (
        ("GET", "/api/groups/{}"),
        ("GET", "/api/groups/{}/facts"),
        ("GET", "/api/groups/1/pair/0/{}"),
        ("PUT", "/api/groups/1/files/{}/keep"),
        ("POST", "/api/groups/{}/finish"),
        ("POST", "/api/not-duplicates/{}/take-back"),
        ("POST", "/api/bulk/{}/undo"),
        ("POST", "/api/jobs/{}/stop"),
    ):
        body = b"" if method == "GET" else b'{"keep": true, "rev": 1}'
        answer = site.ask(method, path.format(number), body=body)
        assert answer.status in {308, 400, 404, 405}, (path, answer.body)


FOREIGN_PATHS = [
    "/etc/passwd",
    "/proc/self/environ",
    "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/../../../../etc/passwd",
    "/static/....//....//etc/passwd",
    "/static/%252e%252e%252fapi.py",
    "/static/..%c0%afapi.py",
    "/static/%2fetc%2fpasswd",
    "/static/C:%5cWindows%5cwin.ini",
    "/static/file:///etc/passwd",
    "/static/js/main.js%00.png",
    "/static/js/main.js/",
    "/static/js/./main.js",
    "/static/JS/MAIN.JS",
    "/static/js/main.js::$DATA",
    "/static/js/main.js~",
    "/static/.git/config",
    "/static/__init__.py",
    "/static/js/../../server.py",
    "/thumb/1/0/../../../../etc/passwd/480",
    "/view/1/0/%2fetc%2fpasswd/1600",
    "/original/1/0",
    "/file/1/0",
    "/download?path=/etc/passwd",
    "/api/../static/../api.py",
    "/favicon.ico",
    "/robots.txt",
    "/.well-known/security.txt",
    "/console",
    "/phone/one.jpg",
]


@pytest.mark.parametrize("path", FOREIGN_PATHS)
def test_no_path_leads_to_a_file_of_this_computer(site: Site, path: str) -> None:
    answer = site.ask("GET", path)
    assert answer.status in {308, 400, 403, 404}
    assert not answer.body.startswith(b"\xff\xd8")
    assert not any(word in answer.body for word in (b"root:", b"import ", b"PATH="))


WISHES = [
    "offset=-1",
    "offset=" + "9" * 30,
    "limit=-5",
    "limit=" + "9" * 5000,
    "held=" + "9" * 30,
    "held=-1",
    "held=x",
    "sort=__class__",
    "sort=path;DROP",
    "state=__dict__",
    "tier=%00",
    "q=%00%ff%fe",
    "q=" + "(a%2b)%2b" * 200,
    "in=..%2f..%2fetc",
    "in=%2f&in=%2f&in=%2f",
    "in=" + "x" * 8000,
    "q=%F0%9F%92%A9&q=2&sort=number&sort=bytes",
    "group=" + "9" * 5000,
]


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: wish[:20])
def test_no_way_to_look_at_the_queue_is_too_odd_for_an_answer(site: Site, wish: str) -> None:
    for path in ("/groups", "/opening", "/groups/1"):
        assert site.call("GET", f"{path}?{wish}").status in {200, 400}
