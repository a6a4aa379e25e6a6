"""The page over TLS, with the user's own certificate: real connections, slow ones among them."""

import contextlib
import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

import reviewing
from program import sil
from same_image_locator.errors import UsageError
from same_image_locator.events import Noted
from same_image_locator.model import Reach
from same_image_locator.web_review import Server, channels
from serving import Site, own_cache, serving


@dataclass
class Certified:
    """An authority, and the files of a certificate that it has issued."""

    authority: trustme.CA
    cert: Path
    key: Path
    both: Path

    def trusting(self) -> ssl.SSLContext:
        """Return what a browser is that trusts the authority."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context


def _issued(folder: Path) -> Certified:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost")
    folder.mkdir(exist_ok=True)
    paths = [folder / name for name in ("cert.pem", "key.pem", "both.pem")]
    issued.cert_chain_pems[0].write_to_path(str(paths[0]))
    issued.private_key_pem.write_to_path(str(paths[1]))
    issued.private_key_and_cert_chain_pem.write_to_path(str(paths[2]))
    return Certified(authority, *paths)


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return _issued(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def secure(certified: Certified, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    room = tmp_path_factory.mktemp("secure")
    photos = reviewing.library(room / "photos", reviewing.THREE_GROUPS)
    reach = Reach(tls_cert=str(certified.cert), tls_key=str(certified.key))
    with own_cache(), serving(photos, reach=reach) as site:
        yield site


@contextlib.contextmanager
def _connected(site: Site, certified: Certified) -> Iterator[http.client.HTTPSConnection]:
    port = site.server.port
    found = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=certified.trusting())
    with contextlib.closing(found):
        yield found


def _asked(
    connection: http.client.HTTPConnection, site: Site, path: str, origin: str = ""
) -> tuple[int, bytes]:
    headers = {"X-SIL-Token": site.server.keys.token}
    connection.request("GET", path, headers=headers | ({"Origin": origin} if origin else {}))
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_the_page_is_served_whole_over_one_connection(secure: Site, certified: Certified) -> None:
    assert secure.server.url.startswith(f"https://127.0.0.1:{secure.server.port}/#t=")
    static = Path(reviewing.__file__).parents[1] / "src/same_image_locator/web_review/static"
    with _connected(secure, certified) as connection:
        assert _asked(connection, secure, "/static/js/main.js")[0] == 200
        for file in sorted(static.rglob("*.*")):
            if file.parent.name in {"js", "css"}:
                continue  # they are joined
            path = f"/static/{file.relative_to(static).as_posix()}"
            told = b'<meta name="languages" content="de">'  # that, the program writes into the page
            body = file.read_bytes().replace(told.replace(b"de", b""), told)
            assert _asked(connection, secure, path) == (200, body), path
        picture = json.loads(_asked(connection, secure, "/api/groups/1")[1])["files"][0]["thumb"]
        assert _asked(connection, secure, picture)[1].startswith(b"\xff\xd8")


def test_a_choice_needs_the_secure_origin(secure: Site, certified: Certified) -> None:
    ours = f"https://{secure.host}"
    with _connected(secure, certified) as connection:
        assert _asked(connection, secure, "/api/session", ours)[0] == 200
        assert _asked(connection, secure, "/api/session", f"http://{secure.host}")[0] == 403
    with _connected(secure, certified) as connection:
        body = json.dumps({"keep": [0], "rev": 1}).ljust(60_000)  # four records, and a choice
        for origin, status in ((ours, 200), (f"http://{secure.host}", 403)):
            headers = {
                "X-SIL-Token": secure.server.keys.token,
                "Origin": origin,
                "Content-Type": "application/json",
            }
            connection.request("PUT", "/api/groups/1/selection", body, headers)
            answer = connection.getresponse()
            assert (answer.status, bool(answer.read())) == (status, True)


def test_many_pages_are_served_at_once(secure: Site, certified: Certified) -> None:
    def load(_number: int) -> int:
        with _connected(secure, certified) as connection:
            sizes = [len(_asked(connection, secure, "/static/page.css")[1]) for _ in range(20)]
        assert len(set(sizes)) == 1
        return sizes[0]

    with ThreadPoolExecutor(8) as together:
        assert len(set(together.map(load, range(16)))) == 1


def test_whoever_speaks_no_tls_or_an_old_one_gets_nothing(
    secure: Site, certified: Certified
) -> None:
    hello = f"GET / HTTP/1.1\r\nHost: {secure.host}\r\n\r\n".encode()
    for sent in (hello, b"\x16\x03\x01\xff\xff" + b"\0" * 600, b"\x80\x2e\x01\x00\x02", b"\0"):
        with socket.create_connection(("127.0.0.1", secure.server.port), 20) as connection:
            connection.sendall(sent)
            with contextlib.suppress(OSError):  # it has hung up already
                connection.shutdown(socket.SHUT_WR)
            assert b"HTTP/" not in _all_of(connection)
    old = certified.trusting()
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with (
        socket.create_connection(("127.0.0.1", secure.server.port), 20) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        old.wrap_socket(plain, server_hostname="127.0.0.1")


def _all_of(connection: socket.socket) -> bytes:
    found = b""
    with contextlib.suppress(ConnectionError):
        while chunk := connection.recv(65536):
            found += chunk
    return found


def test_a_slow_handshake_blocks_no_other_and_is_cut_off(
    secure: Site, certified: Certified, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = certified.trusting().wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    hello = outgoing.read()
    with contextlib.ExitStack() as held:
        slow = [
            held.enter_context(socket.create_connection(("127.0.0.1", secure.server.port), 20))
            for _ in range(20)
        ]
        for number, one in enumerate(slow):
            one.sendall(hello[: number * 10])
        with _connected(secure, certified) as connection:
            assert _asked(connection, secure, "/api/session")[0] == 200
        monkeypatch.setattr(channels, "REQUEST_SECONDS", 0.0)
        for number, one in enumerate(slow):
            one.sendall(hello[number * 10 : number * 10 + 1])
            assert _all_of(one) == b""


def test_a_handshake_in_small_pieces_succeeds(secure: Site, certified: Certified) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = certified.trusting().wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    request = f"GET / HTTP/1.1\r\nHost: {secure.host}\r\nConnection: close\r\n\r\n".encode()
    answer = b""
    with socket.create_connection(("127.0.0.1", secure.server.port), 20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def send(size: int) -> None:
            while piece := outgoing.read(size):
                connection.sendall(piece)

        while True:
            try:
                client.do_handshake()
                break
            except ssl.SSLWantReadError:
                send(50)
                incoming.write(connection.recv(7))
        client.write(request)
        send(3)
        while not answer.endswith(b"</html>\n"):
            try:
                answer += client.read(65536)
            except ssl.SSLWantReadError:
                chunk = connection.recv(4096)
                assert chunk, answer[-100:]
                incoming.write(chunk)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")


def test_one_file_may_hold_certificate_and_key(certified: Certified) -> None:
    server = Server("127.0.0.1", 0, reach=Reach(tls_cert=str(certified.both)))
    assert server.url.startswith("https://")
    server.stop()


def test_the_warning_of_a_page_for_others_says_nothing_of_a_plain_way(
    certified: Certified,
) -> None:
    said: list[str] = []
    reach = Reach(
        allow_remote=True,
        allowed_hosts=("nas.local",),
        tls_cert=str(certified.cert),
        tls_key=str(certified.key),
    )
    server = Server(
        "0.0.0.0",
        0,
        lambda event: said.append(event.text) if isinstance(event, Noted) else None,
        reach,
    )
    server.start(lambda _environ, _start: [])
    server.stop()
    [warning] = said
    assert "settle them. An SSH tunnel" in warning


TROUBLE = {
    "no such certificate": (
        "missing.pem",
        "key.pem",
        "missing.pem of --tls-cert cannot be read: No such",
    ),
    "no such key": ("cert.pem", "missing.pem", "missing.pem of --tls-key cannot be read: No such"),
    "a folder": (".", "key.pem", "of --tls-cert cannot be read: Is a directory"),
    "a nul": ("a\0b", "", "of --tls-cert cannot be read"),
    "no certificate": ("key.pem", "key.pem", "key.pem of --tls-cert holds no certificate"),
    "no key": ("cert.pem", "cert.pem", "cert.pem of --tls-key holds no private key"),
    "no key in the one file": ("cert.pem", "", "cert.pem of --tls-cert holds no private key"),
    "another's key": ("cert.pem", "other/key.pem", "key.pem cannot be used: it does not belong to"),
    "a broken certificate": ("broken.pem", "key.pem", "broken.pem"),
    "a broken key": ("cert.pem", "broken_key.pem", "broken_key.pem"),
    "a key with a passphrase": ("cert.pem", "locked.pem", "locked.pem has a passphrase"),
    "a key alone": ("", "key.pem", "--tls-key needs the certificate"),
}


@pytest.mark.parametrize(("cert", "key", "said"), TROUBLE.values(), ids=TROUBLE)
def test_what_cannot_be_served_is_one_line_that_names_file_and_cause(
    certified: Certified, cert: str, key: str, said: str
) -> None:
    folder = certified.cert.parent
    _issued(folder / "other")
    begin, end = "-----BEGIN {}-----\nAAAA\n", "-----END {}-----\n"
    for name, kind in (
        ("broken.pem", "CERTIFICATE"),
        ("broken_key.pem", "PRIVATE KEY"),
        ("locked.pem", "ENCRYPTED PRIVATE KEY"),
    ):
        (folder / name).write_text(begin.format(kind) + end.format(kind))
    reach = Reach(
        tls_cert=str(folder / cert) if cert else "", tls_key=str(folder / key) if key else ""
    )
    with pytest.raises(UsageError) as caught:
        Server("127.0.0.1", 0, reach=reach)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_certificate_ends_the_program_before_anything_moves(
    tmp_path: Path, certified: Certified
) -> None:
    photos = reviewing.library(tmp_path / "photos", {"a.jpg": 1, "b.jpg": 1})
    before = reviewing.tree(photos)
    done = sil(photos, "--tls-cert", "missing.pem", "--tls-key", certified.key, cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "missing.pem of --tls-cert cannot be read: No such file" in done.stderr
    assert reviewing.tree(photos) == before
