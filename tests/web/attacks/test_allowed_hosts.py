"""A page that other computers may reach still answers only to the names that were allowed."""

import contextlib
import http.client
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest

from same_image_locator.errors import RefusedError, UsageError
from same_image_locator.events import Event, Noted
from same_image_locator.model import Reach
from same_image_locator.web_review import Server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ALLOWED = Reach(allow_remote=True, allowed_hosts=("nas.local", "photos.example", "fd00::5"))
ANYWHERE = "0.0.0.0"


def _application(_environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "6")])
    return [b"inside"]


@contextlib.contextmanager
def _serving(host: str, reach: Reach, events: list[Event] | None = None) -> Iterator[Server]:
    server = Server(
        host, 0, lambda event: events.append(event) if events is not None else None, reach
    )
    try:
        server.start(_application)
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def remote() -> Iterator[Server]:
    with _serving(ANYWHERE, ALLOWED) as server:
        yield server


def _status(server: Server, path: str, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    with contextlib.closing(connection):
        connection.putrequest("GET", path, skip_host=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        return connection.getresponse().status


@pytest.mark.parametrize("name", ["nas.local", "photos.example", "[fd00::5]"])
def test_an_allowed_name_is_answered_and_still_needs_the_token(remote: Server, name: str) -> None:
    host = f"{name}:{remote.port}"
    assert _status(remote, "/", Host=host) == 200
    assert _status(remote, "/api/session", Host=host) == 401
    token = remote.keys.token
    assert _status(remote, "/api/session", Host=host, X_SIL_Token=token) == 200
    other = f"http://photos.example:{remote.port}" if name == "nas.local" else "http://nas.local"
    assert _status(remote, "/api/session", Host=host, X_SIL_Token=token, Origin=other) == 403


@pytest.mark.parametrize(
    "name",
    [
        "evil.example",
        "nas.local.evil.example",
        "evil.nas.local",
        "nas.local.",
        "NAS.LOCAL",
        "nas",
        "nas.local@evil.example",
        "localhost",
        "127.0.0.1",
        "0.0.0.0",
        "192.168.1.5",
        "[::1]",
        "[fd00::6]",
        "fd00::5",
        "*",
    ],
)
def test_no_other_name_is_answered(remote: Server, name: str) -> None:
    token = remote.keys.token
    for path in ("/", "/api/session"):
        assert _status(remote, path, Host=f"{name}:{remote.port}", X_SIL_Token=token) == 421
    assert _status(remote, "/", Host=name) == 421


def test_the_printed_address_has_the_first_allowed_name(remote: Server) -> None:
    assert remote.url == f"http://nas.local:{remote.port}/#t={remote.keys.token}"


def test_without_its_option_only_this_computer_is_served() -> None:
    with pytest.raises(RefusedError, match=r"Only this computer.*SSH tunnel.*--allow-remote"):
        Server(ANYWHERE, 0, reach=Reach(allowed_hosts=("nas.local",)))


def test_who_listens_everywhere_must_say_by_which_name() -> None:
    with pytest.raises(UsageError, match="--allowed-host"):
        Server(ANYWHERE, 0, reach=Reach(allow_remote=True))


@pytest.mark.parametrize("host", ["", "no name", "-", "x" * 300, "\u2603.\ud800"])
def test_what_is_no_host_is_a_usage_error(host: str) -> None:
    with pytest.raises(UsageError, match="is no address or name of this computer"):
        Server(host, 0, reach=ALLOWED)


def test_others_are_let_in_with_one_plain_warning_and_this_computer_without() -> None:
    events: list[Event] = []
    with _serving(ANYWHERE, ALLOWED, events) as server:
        [warning] = [event.text for event in events if isinstance(event, Noted)]
        for words in (
            "whoever has its address with the token can see your photos and settle them",
            "without TLS it can be read",
            f"ssh -L {server.port}:127.0.0.1:{server.port}",
        ):
            assert words in warning
        assert "\n" not in warning
        assert server.keys.token not in warning
    events.clear()
    with _serving("127.0.0.1", ALLOWED, events) as server:
        assert not [event for event in events if isinstance(event, Noted)]
        assert _status(server, "/", Host=f"nas.local:{server.port}") == 200
