"""The server's life: bound before anything else happens, run in its own threads, ended gently."""

import contextlib
import ipaddress
import logging
import os
import socket
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from same_image_locator.errors import RefusedError, UsageError
from same_image_locator.events import Listener, Requested, ignore
from same_image_locator.web_review.security import Guard, Secrets
from same_image_locator.wording import printable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Pictures that wait for a decoder hold a thread each; choices must find one free beside them.
THREADS, CONNECTIONS = 16, 64
GRACE_SECONDS = 3.0


class Server:
    """A web server on this computer's own address; the port is taken at construction.

    ``start`` gives it the application, so that a port in use is found before any file moves.

    Raises:
        UsageError: the port is taken or not ours to take.
        RefusedError: the host is not this computer.
    """

    def __init__(self, host: str, port: int, listener: Listener = ignore) -> None:
        self.keys = Secrets()
        self.listener = listener
        self._socket = _bound(_loopback(host), port)
        self.port: int = self._socket.getsockname()[1]
        name = f"[{host}]" if ":" in host else host
        self.url = f"http://{name}:{self.port}/#t={self.keys.token}"
        self._hosts = {f"{one}:{self.port}" for one in ("127.0.0.1", "localhost", "[::1]", name)}
        self._log: _AccessLog | None = None
        self._waitress: Any = None
        self._thread: threading.Thread | None = None

    def start(self, app: "WSGIApplication") -> None:
        """Serve ``app`` from now on, in threads of its own."""
        from waitress.server import create_server

        _send_log_to(self.listener)
        self._log = _AccessLog(Guard(app, self._hosts, self.keys), self.listener)
        self._waitress = create_server(
            self._log,
            sockets=[self._socket],
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=30,
            max_request_header_size=16 * 1024,
            max_request_body_size=1024 * 1024,
            ident="",
        )
        self._thread = threading.Thread(target=self._waitress.run, name="web", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the server after the answers under way are out; ending twice is fine."""
        if self._waitress is None or self._log is None or self._thread is None:
            self._socket.close()
            return
        served, self._waitress = self._waitress, None
        until = time.monotonic() + GRACE_SECONDS
        self._log.wait_until_idle(GRACE_SECONDS)
        while _unsent(served) and time.monotonic() < until:
            time.sleep(0.02)  # waitress gives no sign when the last byte has left
        served.pull_trigger = lambda: None  # threads that end must not wake a closed loop
        served.trigger.pull_trigger(lambda: _close_all(served))
        self._thread.join(GRACE_SECONDS)
        served.task_dispatcher.shutdown(timeout=1)


class _AccessLog:
    """WSGI middleware that reports each request, without its query, and counts those open."""

    def __init__(self, app: "WSGIApplication", listener: Listener) -> None:
        self.app = app
        self.listener = listener
        self._open = 0
        self._idle = threading.Condition()

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        began, answered = time.perf_counter(), ["500"]

        def noting(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            answered[0] = status[:3]
            return start(status, headers, *rest)

        with self._idle:
            self._open += 1
        try:
            return self.app(environ, noting)
        finally:
            with self._idle:
                self._open -= 1
                self._idle.notify_all()
            took = (time.perf_counter() - began) * 1000
            path = printable(environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"))
            line = f"{environ['REQUEST_METHOD']} {path} {answered[0]} {took:.0f} ms"
            self.listener(Requested(line))

    def wait_until_idle(self, seconds: float) -> None:
        with self._idle:
            self._idle.wait_for(lambda: not self._open, seconds)


class _LogHandler(logging.Handler):
    """Gives waitress's own messages to the listener, since a log line would tear the screen."""

    def __init__(self, listener: Listener) -> None:
        super().__init__(logging.WARNING)
        self.listener = listener

    def emit(self, record: logging.LogRecord) -> None:
        self.listener(Requested(printable(record.getMessage())))


def _send_log_to(listener: Listener) -> None:
    log = logging.getLogger("waitress")
    log.handlers, log.propagate = [_LogHandler(listener)], False


def _loopback(host: str) -> str:
    """Return the numeric address of ``host``, which must be this computer's own."""
    if host == "localhost":
        return "127.0.0.1"
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(host).is_loopback:
            return host
    raise RefusedError(
        f"Only this computer can be served, not --host {printable(host)}",
        "Use 127.0.0.1, or an SSH tunnel to reach the page from elsewhere",
    )


def _bound(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere this option lets a second server steal the port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
        sock.listen()  # two sockets may be bound alike; only one may listen
    except (OSError, OverflowError) as error:
        sock.close()
        cause = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"The page cannot be served on port {port}: {cause}",
            "Choose another with --port, or --port 0 for any free one",
        ) from error
    return sock


def _unsent(served: Any) -> bool:
    channels = list(served.active_channels.values())
    return any(channel.requests or channel.total_outbufs_len for channel in channels)


def _close_all(served: Any) -> None:
    from waitress import wasyncore

    wasyncore.close_all(served._map)  # noqa: SLF001 - waitress has no public way to end run()
