"""What the words of options mean: each kind of value is read, or refused, by one function."""

import argparse

from same_image_locator.choices import HASH_BITS, KEEP_RULES, MODES, further_rules, modes

TYPE_CHECKING = False  # as typing has it, which would take longer to load than all that is here
if TYPE_CHECKING:
    import datetime as dt

_SIZES = {"": 1, "K": 1000, "M": 1000**2, "G": 1000**3}
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def threshold(text: str) -> int:
    """Return a Hamming distance. Raises ``ArgumentTypeError`` for what is none."""
    return _whole(text, HASH_BITS)


def mode(text: str) -> str:
    """Return the name of a mode. Raises ``ArgumentTypeError`` for what names none."""
    if text not in MODES and text not in (known := modes()):  # others' are looked up when asked for
        choices = ", ".join(map(repr, known))
        raise argparse.ArgumentTypeError(f"invalid choice: {text!r} (choose from {choices})")
    return text


def port(text: str) -> int:
    """Return the number of a port. Raises ``ArgumentTypeError`` for what is none."""
    return _whole(text, 65535)


def hosts(text: str) -> list[str]:
    """Return names of this computer. Raises ``ArgumentTypeError`` for what can be none."""
    names = [name.strip().lower() for name in text.split(",")]
    for name in names:
        if not _is_host(name):
            raise argparse.ArgumentTypeError(
                f"{name!r} is not a name such as nas.local, without scheme and port"
            )
    return names


def _is_host(name: str) -> bool:
    import ipaddress
    import re

    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return re.fullmatch(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?", name) is not None


def rules(text: str) -> tuple[str, ...]:
    """Return the names of rules. Raises ``ArgumentTypeError`` for what names none."""
    names = tuple(name.strip() for name in text.split(","))
    known = KEEP_RULES if {*names} <= {*KEEP_RULES} else (*KEEP_RULES, *further_rules())
    for place, name in enumerate(names):
        if name not in known or name in names[:place]:
            said = "stands twice" if name in known else f"is none of {', '.join(known)}"
            raise argparse.ArgumentTypeError(f"the rule {name!r} {said}")
    return names


def number(text: str) -> int:
    """Return a number from 1. Raises ``ArgumentTypeError`` for what is none."""
    if not (text.isascii() and text.isdecimal()) or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def kept(text: str) -> tuple[int, ...] | tuple[str, ...]:
    """Return numbers of files, or names of rules. Raises ``ArgumentTypeError`` for what is none."""
    return files(text) if any(word.strip().isdecimal() for word in text.split(",")) else rules(text)


def files(text: str) -> tuple[int, ...]:
    """Return numbers of files. Raises ``ArgumentTypeError`` for what is none."""
    return tuple(dict.fromkeys(number(word.strip()) for word in text.split(",")))


def age(text: str) -> "dt.timedelta":
    """Return how long ago something was. Raises ``ArgumentTypeError`` for what is no age."""
    import datetime as dt
    import re

    found = re.fullmatch(r"(\d{1,5})([hdw])", text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is not an age such as 12h, 30d or 4w")
    return dt.timedelta(**{_UNITS[found[2]]: int(found[1])})


def size(text: str) -> int:
    """Return a number of bytes. Raises ``ArgumentTypeError`` for what is no size."""
    digits, unit = text.rstrip("kKMG"), text.lstrip("0123456789").upper()
    if not (digits.isascii() and digits.isdecimal()) or unit not in _SIZES:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 500M or 2G")
    return int(digits) * _SIZES[unit]


def _whole(text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {most}")
    return int(text)
