"""The guard before the application: who may ask what, and the headers on every answer."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_JSON_BYTES = 64 * 1024
# All else is answered only with the token: what the page is made of, and addresses that are signed.
_OPEN = ("/static/", "/thumb/", "/view/", "/tile/")
READING, WRITING = frozenset({"GET", "HEAD"}), frozenset({"POST", "PUT"})
TOKEN_HEADER = "X-SIL-Token"  # noqa: S105 - the name of a header
HEADERS = [
    (
        "Content-Security-Policy",
        (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            "require-trusted-types-for 'script'; trusted-types difference"
        ),
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
]


@dataclass(frozen=True)
class Secrets:
    """The secrets of one run: the page's token, and the key that signs image addresses."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def sign(self, address: str) -> str:
        """Return the signature that lets ``<img>``, which sends no header, fetch ``address``."""
        return hmac.new(self.key, address.encode(), hashlib.sha256).hexdigest()[:32]

    def signed(self, address: str, signature: str) -> bool:
        """Whether ``signature`` is ours for ``address``."""
        return hmac.compare_digest(self.sign(address).encode(), signature.encode())

    def knows(self, token: str) -> bool:
        """Whether ``token`` (as WSGI gives it, latin-1) is the page's."""
        return hmac.compare_digest(token.encode("latin-1", "replace"), self.token.encode())


def problem_body(status: int, detail: str, code: str = "") -> dict[str, Any]:
    """Return an error as RFC 9457 words it; ``code`` names ours, else the status speaks."""
    return {
        "type": f"urn:same-image-locator:{code}" if code else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }


class Guard:
    """WSGI middleware, outermost: what it does not know as ours never reaches the application.

    A page on another site can make a browser send requests here. It cannot make it send our
    ``Host`` together with our origin and the token, which only the address printed by this run
    holds. There are no cookies, because those cross ports.
    """

    def __init__(self, app: "WSGIApplication", hosts: Iterable[str], keys: Secrets) -> None:
        self.app = app
        self.hosts = frozenset(hosts)
        self.keys = keys

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a request, or refuse it before the application sees it."""

        def start_with_headers(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start(status, headers + HEADERS, *rest)

        refusal = self._refusal(environ)
        if refusal is None:
            return self.app(environ, start_with_headers)
        status, detail = refusal
        body = json.dumps(problem_body(status, detail)).encode()
        start_with_headers(
            f"{status.value} {status.phrase}",
            [
                ("Content-Type", "application/problem+json"),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "private, no-store"),
            ],
        )
        return [body if environ["REQUEST_METHOD"] != "HEAD" else b""]

    def _refusal(self, environ: "WSGIEnvironment") -> tuple[HTTPStatus, str] | None:
        checks = (self._host, _target, _method, _site, _origin, self._token, _body)
        return next((found for check in checks if (found := check(environ))), None)

    def _host(self, environ: "WSGIEnvironment") -> tuple[HTTPStatus, str] | None:
        host = environ.get("HTTP_HOST", "")
        if not host or "," in host:  # the server joins repeated headers with commas
            return HTTPStatus.BAD_REQUEST, "Exactly one Host is needed"
        if host not in self.hosts:
            return HTTPStatus.MISDIRECTED_REQUEST, "This server does not answer for that host"
        return None

    def _token(self, environ: "WSGIEnvironment") -> tuple[HTTPStatus, str] | None:
        path = environ["PATH_INFO"]
        if path == "/" or path.startswith(_OPEN):
            return None
        if self.keys.knows(environ.get("HTTP_X_SIL_TOKEN", "")):
            return None
        return HTTPStatus.UNAUTHORIZED, "Open the address that this run printed in the terminal"


def _target(environ: "WSGIEnvironment") -> tuple[HTTPStatus, str] | None:
    # Only what begins with a slash is looked at alike by this guard and by the application.
    if environ["REQUEST_URI"].startswith("/") and environ["PATH_INFO"].startswith("/"):
        return None
    return HTTPStatus.BAD_REQUEST, "The request must name a path of this server"


def _method(environ: "WSGIEnvironment") -> tuple[HTTPStatus, str] | None:
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if method in READING or (method in WRITING and path.startswith("/api/")):
        return None
    return HTTPStatus.METHOD_NOT_ALLOWED, "Only the page's own requests are answered"


def _site(environ: "WSGIEnvironment") -> tuple[HTTPStatus, str] | None:
    site = environ.get("HTTP_SEC_FETCH_SITE", "same-origin")
    typed_by_the_user = site == "none" and environ["PATH_INFO"] == "/"
    if site == "same-origin" or typed_by_the_user:
        return None
    return HTTPStatus.FORBIDDEN, "Only this page may ask"


def _origin(environ: "WSGIEnvironment") -> tuple[HTTPStatus, str] | None:
    origin = environ.get("HTTP_ORIGIN")
    if origin is None and environ["REQUEST_METHOD"] in READING:
        return None
    if origin == f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}":
        return None
    return HTTPStatus.FORBIDDEN, "Only this page may ask"


def _body(environ: "WSGIEnvironment") -> tuple[HTTPStatus, str] | None:
    if environ["REQUEST_METHOD"] not in WRITING:
        return None
    kind = environ.get("CONTENT_TYPE", "").split(";")[0].strip().lower()
    if kind != "application/json":
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Only JSON is understood"
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MAX_JSON_BYTES:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large"
    return None
