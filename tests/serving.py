"""A real server on a free port over a really staged library, spoken to byte by byte."""

import contextlib
import json
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reviewing import Run, main_thread, staged
from same_image_locator.cache import Cache
from same_image_locator.decode.previews import Previews
from same_image_locator.events import Event
from same_image_locator.model import Mode, Reach
from same_image_locator.review import Review
from same_image_locator.web_review import Server, create_app
from same_image_locator.web_review.media import Gallery

ONLY_HERE = Reach()


@contextlib.contextmanager
def own_cache() -> Iterator[None]:
    """Give a server that outlives a test a cache of its own, where no test looks for changes."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as surroundings:
        surroundings.setenv("SIL_CACHE_DIR", folder)
        yield


@dataclass
class Answer:
    """A raw answer, taken apart."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Site:
    """The served review, spoken to byte by byte."""

    run: Run
    review: Review
    server: Server
    events: list[Event] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.port}"

    def headers(self, method: str = "GET") -> list[str]:
        """Return the headers that the page itself would send."""
        own = [f"Host: {self.host}", f"X-SIL-Token: {self.server.keys.token}"]
        if method in {"POST", "PUT"}:
            own += [f"Origin: http://{self.host}", "Content-Type: application/json"]
        return own

    def raw(self, data: bytes) -> bytes:
        """Send bytes and return all that comes back."""
        with socket.create_connection(("127.0.0.1", self.server.port), 20) as connection:
            connection.sendall(data)
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
            return answer

    def ask(
        self, method: str, path: str, headers: list[str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send one request and take its answer apart."""
        lines = [
            f"{method} {path} HTTP/1.1",
            *(self.headers(method) if headers is None else headers),
        ]
        lines += [f"Content-Length: {len(body)}"] if body else []
        lines += ["Connection: close", "", ""]
        head, _, rest = self.raw("\r\n".join(lines).encode("latin-1") + body).partition(b"\r\n\r\n")
        first, *others = head.decode("latin-1").split("\r\n")
        pairs = [line.split(": ", 1) for line in others if ": " in line]
        return Answer(int(first.split()[1]), {name.lower(): value for name, value in pairs}, rest)

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        """Make a request of the page."""
        data = b"" if body is None else json.dumps(body).encode()
        return self.ask(method, f"/api{path}", body=data)


@contextlib.contextmanager
def serving(photos: Path, mode: Mode = "exact", reach: Reach = ONLY_HERE) -> Iterator[Site]:
    """Serve a library's review until the end of the block."""
    events: list[Event] = []
    with staged(photos, mode) as run:
        review = run.review()
        server = Server("127.0.0.1", 0, events.append, reach)
        try:
            with Cache() as cache, Previews(1) as previews, main_thread(run.session, review):
                server.start(
                    create_app(review, Gallery(cache, previews), server.keys, events.append)
                )
                yield Site(run, review, server, events)
        finally:
            server.stop()


@contextlib.contextmanager
def looking(photos: Path, mode: Mode = "similar") -> Iterator[Site]:
    """Serve a review to whoever only looks and ticks: nobody carries a decision out."""
    events: list[Event] = []
    with staged(photos, mode) as run, Cache() as cache, Previews(1) as previews:
        review, server = run.review(), Server("127.0.0.1", 0, events.append)
        server.start(create_app(review, Gallery(cache, previews), server.keys, events.append))
        try:
            yield Site(run, review, server, events)
        finally:
            server.stop()
