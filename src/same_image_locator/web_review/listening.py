"""Where the page listens, and by which names it answers: this computer's own, unless told."""

import contextlib
import ipaddress
import os
import socket
from collections.abc import Sequence

from same_image_locator.errors import RefusedError, UsageError
from same_image_locator.model import Reach
from same_image_locator.wording import printable

_OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")
_USUAL_PORTS = {"http": 80, "https": 443}  # which a browser leaves out of Host


def numeric(host: str, reach: Reach) -> str:
    """Return the address that ``host`` means.

    Raises:
        RefusedError: it is not this computer alone, and nobody has allowed that.
        UsageError: it means nothing, or others could reach it only by names that are not allowed.
    """
    if host == "localhost":
        return "127.0.0.1"
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(host).is_loopback:
            return host
    if not reach.allow_remote:
        raise RefusedError(
            f"Only this computer can be served, not --host {printable(host)}",
            "Use 127.0.0.1 with an SSH tunnel to reach the page from elsewhere, or say "
            "--allow-remote: then whoever has its address can settle your photos",
        )
    address = _looked_up(host)
    if ipaddress.ip_address(address).is_unspecified and not reach.allowed_hosts:
        raise UsageError(
            f"With --host {printable(host)} no name is allowed by which others could ask",
            "Name this computer as they do, such as --allowed-host nas.local",
        )
    return address


def _looked_up(host: str) -> str:
    try:
        found = socket.getaddrinfo(host or None, 1, type=socket.SOCK_STREAM) if host else []
    except (OSError, UnicodeError):
        found = []
    if not found:
        what = f"--host {printable(host)} is no address or name of this computer"
        raise UsageError(what, "Name one on which it can listen, such as 192.168.1.5")
    return str(found[0][4][0]).partition("%")[0]


def is_remote(address: str) -> bool:
    """Whether other computers can reach what listens on ``address``."""
    return not ipaddress.ip_address(address).is_loopback


def answered(host: str, address: str, port: int, scheme: str, reach: Reach) -> Sequence[str]:
    """Return the values of ``Host`` that are ours, that of the printed address first."""
    names = [_bracketed(host.lower())]
    if ipaddress.ip_address(address).is_unspecified:
        names = []  # nobody asks for "every address"
    elif not is_remote(address):
        names += _OWN_NAMES
    names += [_bracketed(name) for name in reach.allowed_hosts]
    usual = port == _USUAL_PORTS[scheme]
    return [name if usual else f"{name}:{port}" for name in dict.fromkeys(names)]


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name


def bound(address: str, port: int) -> socket.socket:
    """Return a socket that listens there.

    Raises:
        UsageError: the port is taken or not ours to take.
    """
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
        where, host = (f" of {address}", ", or another --host") if is_remote(address) else ("", "")
        raise UsageError(
            f"The page cannot be served on port {port}{where}: {cause}",
            f"Choose another with --port, or --port 0 for any free one{host}",
        ) from error
    return sock


def warning(port: int, scheme: str) -> str:
    """Return what it means that others can reach the page, in one line."""
    way = "" if scheme == "https" else "; without TLS it can be read and changed on the way"
    return (
        "other computers can reach this page: whoever has its address with the token can see your "
        f"photos and settle them{way}. An SSH tunnel needs no --allow-remote: "
        f"ssh -L {port}:127.0.0.1:{port} THIS-COMPUTER"
    )
