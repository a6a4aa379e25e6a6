"""The server's life: bound before anything else happens, run in its own threads, ended gently."""

import logging
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from same_image_locator.errors import UsageError
from same_image_locator.events import Listener, Noted, Requested, ignore
from same_image_locator.model import Reach
from same_image_locator.web_review import listening
from same_image_locator.web_review.security import Guard, Secrets
from same_image_locator.wording import printable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Pictures that wait for a decoder hold a thread each; choices must find one free beside them.
THREADS, CONNECTIONS = 16, 64
# No answer of ours is longer. One that were would wait in a nameless file on the disk, which
# waitress leaves open.
ANSWER_BYTES = 64 << 20
GRACE_SECONDS = 3.0
_ONLY_HERE = Reach()


class Server:
    """A web server on this computer's own address; the port is taken at construction.

    ``start`` gives it the application, so that a port in use is found before any file moves. Only
    with a ``reach`` that allows it is the page served to other computers, and then that is told.

    Raises:
        UsageError: the port is taken or not ours to take, or a certificate cannot be used.
        RefusedError: the host is not this computer.
    """

    def __init__(
        self, host: str, port: int, listener: Listener = ignore, reach: Reach = _ONLY_HERE
    ) -> None:
        self.keys = Secrets()
        self.listener = listener
        self._tls = _certified(reach)
        address = listening.numeric(host, reach)
        self._socket = listening.bound(address, port)
        self.port: int = self._socket.getsockname()[1]
        self._scheme = "https" if self._tls else "http"
        self._hosts = listening.answered(host, address, self.port, self._scheme, reach)
        self.url = f"{self._scheme}://{self._hosts[0]}/#t={self.keys.token}"
        self._remote = listening.is_remote(address)
        self._log: _AccessLog | None = None
        self._waitress: Any = None
        self._thread: threading.Thread | None = None

    def start(self, app: "WSGIApplication") -> None:
        """Serve ``app`` from now on, in threads of its own."""
        from waitress.server import create_server

        from same_image_locator.web_review.channels import Channel

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
            outbuf_overflow=ANSWER_BYTES,
            url_scheme=self._scheme,
            ident="",
        )
        self._waitress.channel_class = self._tls or Channel
        self._thread = threading.Thread(target=self._waitress.run, name="web", daemon=True)
        self._thread.start()
        if self._remote:
            self.listener(Noted(listening.warning(self.port, self._scheme)))

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


def _certified(reach: Reach) -> Any:
    """Return what makes connections speak TLS, None without a certificate."""
    if not reach.tls_cert:
        if reach.tls_key:
            raise UsageError("--tls-key needs the certificate that it belongs to", "Add --tls-cert")
        return None
    from same_image_locator.web_review import tls

    return tls.channels(tls.context(reach.tls_cert, reach.tls_key))


def _unsent(served: Any) -> bool:
    channels = list(served.active_channels.values())
    return any(channel.requests or channel.total_outbufs_len for channel in channels)


def _close_all(served: Any) -> None:
    from waitress import wasyncore

    wasyncore.close_all(served._map)  # noqa: SLF001 - waitress has no public way to end run()
