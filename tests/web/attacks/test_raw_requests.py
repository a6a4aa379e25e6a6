"""Requests that parsers disagree on, that are none, or that never end: nothing of them is done."""

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest

from same_image_locator.web_review import channels
from serving import Site

# {stop} is a whole request of the page, token and all: where it is hidden, it must not be found.
HIDDEN = {
    "behind a chunk, with a length": "Content-Length: 4\nTransfer-Encoding: chunked\n\n0\n\n{stop}",
    "behind a length, with a chunk": "Transfer-Encoding: chunked\nContent-Length: 5\n\n0\n\n{stop}",
    "behind a chunk": "Transfer-Encoding: chunked\n\n0\n\n{stop}",
    "behind a chunk of another writing": "Transfer-Encoding: ChUnKeD\n\n0\n\n{stop}",
    "behind chunks twice": "Transfer-Encoding: chunked, chunked\n\n0\n\n{stop}",
    "behind an unknown coding": "Transfer-Encoding: xchunked\n\n{stop}",
    "behind identity": "Transfer-Encoding: identity\n\n{stop}",
    "behind a coding with a space": "Transfer-Encoding : chunked\n\n0\n\n{stop}",
    "behind a coding with a tab": "Transfer-Encoding:\tchunked\n\n0\n\n{stop}",
    "behind a coding with a vertical tab": "Transfer-Encoding:\x0bchunked\n\n0\n\n{stop}",
    "behind a folded coding": "Transfer-Encoding:\n chunked\n\n0\n\n{stop}",
    "behind two lengths": "Content-Length: 0\nContent-Length: 5\n\n{stop}",
    "behind twice the same length": "Content-Length: 0\nContent-Length: 0\n\n{stop}",
    "behind lengths in a list": "Content-Length: 0, 0\n\n{stop}",
    "behind a negative length": "Content-Length: -1\n\n{stop}",
    "behind a length with a sign": "Content-Length: +0\n\n{stop}",
    "behind a hexadecimal length": "Content-Length: 0x0\n\n{stop}",
    "behind a length that is none": "Content-Length: nothing\n\n{stop}",
    "behind a length of other digits": "Content-Length: \xb2\n\n{stop}",
    "behind a length with too many digits": "Content-Length: " + "0" * 5000 + "\n\n{stop}",
    "behind a header without a colon": "Nothing\n\n{stop}",
    "behind a header with a space in its name": "Con tent: x\n\n{stop}",
    "behind a header without a name": ": x\n\n{stop}",
    "behind a nul": "X: a\x00b\n\n{stop}",
    "behind a bare line end": "X: a\rY: b\n\n{stop}",
    "behind a refusal of its kind": "Content-Type: text/plain\nContent-Length: 0\n\n{stop}",
    "behind a refusal of its site": "Sec-Fetch-Site: cross-site\nContent-Length: 0\n\n{stop}",
    "behind a refusal of its origin": "Origin: http://evil.example\nContent-Length: 0\n\n{stop}",
    "behind a second host": "Host: evil.example\nContent-Length: 0\n\n{stop}",
    "behind a wait": "Expect: 100-continue\nContent-Length: 999999999\n\n{stop}",
}


@pytest.mark.parametrize("form", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_a_request_that_is_hidden_in_another_is_not_found(
    site: Site, form: str, version: str
) -> None:
    own = site.headers("POST")
    stop = "\n".join(["POST /api/stop HTTP/1.1", *own, "Content-Length: 2", "", "{}"])
    lines = [f"POST /api/groups/99/undo HTTP/{version}", *own, "Connection: keep-alive"]
    sent = "\n".join([*lines, form]).replace("{stop}", stop)
    _send(site, sent.replace("\n", "\r\n").encode("latin-1"))


@pytest.mark.parametrize(
    ("version", "framing"),
    [
        ("1.1", "Transfer-Encoding: chunked\n\n2\n{}\n0\n\n"),
        ("1.1", "Transfer-Encoding: chunked\nContent-Length: 2\n\n2\n{}\n0\n\n"),
        ("1.1", "Content-Length: 12\nTransfer-Encoding: chunked\n\n2\n{}\n0\n\n"),
        ("1.0", "Transfer-Encoding: chunked\nContent-Length: 2\n\n{}"),
    ],
)
def test_a_length_is_the_only_framing(site: Site, version: str, framing: str) -> None:
    lines = [f"POST /api/groups/1/finish/take-back HTTP/{version}", *site.headers("POST"), framing]
    answer = _send(site, "\n".join(lines).replace("\n", "\r\n").encode())
    assert answer.split(b" ", 2)[1] == b"400"


TARGETS = [
    "GET http://127.0.0.1:{port}/api/session HTTP/1.1",
    "GET http://evil.example/api/session HTTP/1.1",
    "GET https://127.0.0.1:{port}/api/session HTTP/1.1",
    "GET http:api/session HTTP/1.1",
    "GET http://[evil/api/session HTTP/1.1",
    "GET file:///etc/passwd HTTP/1.1",
    "GET javascript:alert(1) HTTP/1.1",
    "GET api/session HTTP/1.1",
    "GET ?/api/session HTTP/1.1",
    "GET * HTTP/1.1",
    "OPTIONS * HTTP/1.1",
    "CONNECT evil.example:80 HTTP/1.1",
    "CONNECT 127.0.0.1:{port} HTTP/1.1",
    "get /api/session HTTP/1.1",
    "GET  /api/session HTTP/1.1",
    "GET /api/session\tHTTP/1.1",
    "GET /api/ses sion HTTP/1.1",
    "GET /api/session HTTP/1.1 HTTP/1.1",
    "GET /api/session HTTPS/1.1",
    "GET /api/session http/1.1",
    "PRI * HTTP/2.0",
    " GET /api/session HTTP/1.1\x00",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "",
]


@pytest.mark.parametrize("first_line", TARGETS)
@pytest.mark.parametrize("knows_token", [False, True])
def test_a_first_line_of_another_kind_is_not_answered(
    site: Site, first_line: str, *, knows_token: bool
) -> None:
    line = first_line.format(port=site.server.port)
    headers = site.headers() if knows_token else site.headers()[:1]
    answer = _send(site, "\r\n".join([line, *headers, "", ""]).encode("latin-1"))
    assert b" 200 " not in answer.partition(b"\r\n")[0]
    assert b"phone" not in answer


def test_the_oldest_way_to_ask_needs_the_token_too(site: Site) -> None:
    answer = _send(site, f"GET /api/session\r\n{site.headers()[0]}\r\n\r\n".encode())
    assert answer.split(b" ", 2)[1] == b"401"


@pytest.mark.parametrize(
    "lines", [["X: y"] * 5000, ["X: " + "y" * 17_000], [f"X{n}: y" for n in range(3000)]]
)
def test_a_head_that_is_too_large_is_refused(site: Site, lines: list[str]) -> None:
    sent = "\r\n".join(["GET /api/session HTTP/1.1", *site.headers(), *lines, "", ""])
    answer = _send(site, sent.encode())
    assert b" 200 " not in answer.partition(b"\r\n")[0]


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nX: a\rb\r\n\r\n",
        b"GET / HTTP/1.1\r\nBroken\r\n\r\n",
        b"get / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_request_gets_the_protecting_headers_and_no_banner(
    site: Site, sent: bytes
) -> None:
    answer = _send(site, sent).lower()
    for header in (
        b"content-security-policy: default-src 'none'",
        b"x-content-type-options: nosniff",
        b"no-store",
    ):
        assert header in answer
    assert b"waitress" not in answer
    assert b"\r\nserver:" not in answer


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "REQUEST_SECONDS", 0.2)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("part", [b"G", b"GET / HTTP/1.1\r\nX: ", b"{body}"])
def test_a_request_that_comes_byte_by_byte_is_cut_off(site: Site, part: bytes) -> None:
    body = "\r\n".join(["POST /api/stop HTTP/1.1", *site.headers("POST"), "Content-Length: 9", ""])
    with _connected(site) as connection:
        connection.sendall(part.replace(b"{body}", f"{body}\r\n".encode()))
        assert _dripped_until_it_hangs_up(connection)


def test_many_who_never_finish_do_not_keep_the_page_waiting(site: Site) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(40):
            held.enter_context(_connected(site)).sendall(b"POST /api/stop HTTP/1.1\r\nX: y")
        assert site.call("GET", "/session").status == 200


def test_more_connections_than_are_served_only_wait(site: Site) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(100):
            held.enter_context(_connected(site))
    assert site.call("GET", "/session").status == 200


@contextlib.contextmanager
def _connected(site: Site) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", site.server.port), 20) as connection:
        yield connection


def _dripped_until_it_hangs_up(connection: socket.socket) -> bool:
    connection.settimeout(0.05)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            connection.send(b"x")
            if not connection.recv(1000):
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def _send(site: Site, data: bytes) -> bytes:
    """Send bytes, say that nothing follows, and return all that comes back."""
    answer = b""
    with _connected(site) as connection, contextlib.suppress(OSError):
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        while chunk := connection.recv(65536):
            answer += chunk
    return answer
