"""TLS for the page: the user's certificate, and connections whose handshake blocks no other."""

import contextlib
import ssl
import threading
import time
from collections.abc import Callable
from socket import socket
from typing import Any

from same_image_locator.errors import UsageError
from same_image_locator.web_review.channels import Channel
from same_image_locator.wording import printable

_RECORD_BYTES = 16 * 1024  # the most that TLS hands over at once: read whole, nothing stays behind
_CERTIFICATE, _KEY = b"-----BEGIN CERTIFICATE-----", b"PRIVATE KEY-----"


def context(certificate: str, key: str) -> ssl.SSLContext:
    """Return what serves a certificate; without ``key`` the key stands in the certificate's file.

    Raises:
        UsageError: one of the files cannot be used; it says which, and why.
    """
    _holding(certificate, _CERTIFICATE, "--tls-cert", "certificate")
    held = _holding(key or certificate, _KEY, "--tls-key" if key else "--tls-cert", "private key")
    key = key or certificate
    if b"ENCRYPTED" in held:
        raise UsageError(f"The key {printable(key)} has a passphrase", "Give one without")
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.minimum_version = ssl.TLSVersion.TLSv1_2
    found.options |= ssl.OP_NO_RENEGOTIATION
    found.set_alpn_protocols(["http/1.1"])
    try:
        found.load_cert_chain(certificate, key, password="")  # an empty one is never asked for
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            cause = f"it does not belong to the certificate {printable(certificate)}"
            raise UsageError(f"The key {printable(key)} cannot be used: {cause}") from error
        both = printable(certificate if key == certificate else f"{certificate} with the key {key}")
        cause = (error.reason or str(error)).replace("_", " ").lower()
        raise UsageError(f"The certificate {both} cannot be used: {cause}") from error
    return found


def _holding(path: str, mark: bytes, option: str, what: str) -> bytes:
    name = f"The file {printable(path)} of {option}"
    try:
        with open(path, "rb") as file:
            content = file.read()
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{name} cannot be read: {cause}") from error
    if mark not in content:
        raise UsageError(f"{name} holds no {what} in PEM form")
    return content


def channels(context: ssl.SSLContext) -> Callable[..., "TlsChannel | None"]:
    """Return what makes a connection that was accepted one of TLS."""

    def channel(server: Any, sock: socket, *rest: Any, **more: Any) -> TlsChannel | None:
        try:
            found = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        except (OSError, ValueError):  # it has hung up already
            sock.close()
            return None
        return TlsChannel(server, found, *rest, **more)

    return channel


class TlsChannel(Channel):
    """A connection that speaks TLS on waitress's own terms: it does what it can, and never waits.

    The handshake goes on as its bytes come, and counts as a request that must be there in time.
    """

    socket: ssl.SSLSocket | None

    def __init__(self, server: Any, sock: ssl.SSLSocket, *rest: Any, **more: Any) -> None:
        self._turn = threading.Lock()  # OpenSSL serves one thread at a time
        self._shaken = False
        self._must_write = False
        super().__init__(server, sock, *rest, **more)
        self.since = time.monotonic()

    def writable(self) -> bool:
        """Whether there is something to send: a part of the handshake, or of an answer."""
        return self._must_write or bool(super().writable())

    def handle_write(self) -> None:
        """Go on with the handshake, or send what waits."""
        if self._must_write:
            self.handle_read()
        else:
            super().handle_write()

    def handle_read(self) -> None:
        """Shake hands, then read on; what is not there yet comes with a later call."""
        self._must_write = False
        data = b""
        try:
            if not self.late:
                data = self._read()
        except ssl.SSLWantReadError:
            return
        except ssl.SSLWantWriteError:
            self._must_write = True
            return
        except OSError:  # it speaks something else, or has ended
            pass
        if data:
            self.last_activity = time.time()
            self.received(data)
        else:
            self.handle_close()

    def _read(self) -> bytes:
        if self.socket is None:
            return b""
        with self._turn:
            if not self._shaken:
                self.socket.do_handshake()
                self._shaken, self.since = True, None
            return self.socket.recv(_RECORD_BYTES)

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send what the connection takes now, and say how much that was."""
        try:
            with self._turn:
                return self.socket.send(data[:_RECORD_BYTES]) if self.socket else 0
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0
        except OSError:
            if do_close:
                self.handle_close()
            return 0

    def handle_close(self) -> None:
        """Say that nothing more comes, and close."""
        with contextlib.suppress(OSError, ValueError), self._turn:
            if self.socket is not None:
                self.socket.unwrap()
        super().handle_close()
