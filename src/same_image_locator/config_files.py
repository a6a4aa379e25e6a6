"""Reads the configuration files: the user's own, and one that may lie with the photos.

What lies with photos may have come with them, from anybody: it may say how to look for copies, but
nothing that lets others in, that moves files elsewhere, or that decides without asking.
"""

import argparse
import os
import re
import stat
from collections.abc import Callable

from same_image_locator.errors import UsageError
from same_image_locator.option_layers import NAMES, Layer, expected, found, is_expected
from same_image_locator.own_folders import own_folder

DIRECTORY_VARIABLE = "SIL_CONFIG_DIR"
USER_NAME, ROOT_NAME = "config.toml", ".sil.toml"

# How to look, and which file to suggest. All else is refused in the folder of the photos, what will
# be added one day, too.
SAFE = frozenset(
    {
        "exclude",
        "follow_mounts",
        "include_all",
        "keep",
        "loose",
        "min_size",
        "mode",
        "strict",
        "threshold",
        "verify",
    }
)

# Makes the parser that knows all options, whichever a verb has: asked only where a file lies.
Known = Callable[[], argparse.ArgumentParser]

_PATHS = frozenset({"root", "decision_folder", "json_log", "tls_cert", "tls_key"})
_LARGEST = 1 << 20  # bytes: what is larger is no such file
_KINDS = {
    bool: "true or false",
    int: "a whole number",
    str: "a string",
    list: "a list",
    dict: "a table",
}


def user_file() -> str:
    """Return where the user's own file lies, if there is one."""
    return os.path.join(own_folder(DIRECTORY_VARIABLE, "config"), USER_NAME)


def root_file(root: str) -> str:
    """Return where a file lies that came with the photos, if there is one."""
    return os.path.join(os.path.abspath(root), ROOT_NAME)


def user_layer(known: Known) -> Layer | None:
    """Return what the user's own file says; None when there is none.

    Raises:
        UsageError: it cannot be read, or says what cannot be meant.
    """
    return _layer("user file", user_file(), known)


def root_layer(known: Known, root: str) -> Layer | None:
    """Return what the file in the folder of the photos says; None when there is none.

    Raises:
        UsageError: it cannot be read, says what cannot be meant, or what it may not say.
    """
    return _layer("ROOT file", root_file(root), known)


def _layer(kind: str, path: str, known: Known) -> Layer | None:
    text = _text(path)
    if text is None:
        return None
    values = _parsed(path, text)

    def told(name: str) -> str:
        line = _line(text, name)
        return f"{path}, line {line}: {name}" if line else f"{path}: {name}"

    for name in values:
        if name not in NAMES:
            raise UsageError(f"{told(name)} is no option", _nearest(name))
        if kind == "ROOT file" and name not in SAFE:
            raise UsageError(
                f"{told(name)} cannot be set in the folder of the photos",
                f"Set it in {user_file()} or on the command line",
            )
    parser = known()
    _check_types(values, parser, told)
    for name in _PATHS & {*values}:
        values[name] = os.path.expanduser(str(values[name]))
    if isinstance(references := values.get("reference"), list):
        values["reference"] = [os.path.expanduser(one) for one in references]
    layer = Layer(kind, values, lambda _: path, told)
    found(parser, [layer])  # a bad value is told by whatever verb comes first
    return layer


def _text(path: str) -> str | None:
    """Return what a file says; what is no regular file could make us wait, or never end."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise UsageError(f"{path} is no regular file")
        with open(path, "rb") as file:
            content = file.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > _LARGEST:
        raise UsageError(f"{path} is too large to be a configuration file")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}, line {line}: it is not written in UTF-8") from error


def _parsed(path: str, text: str) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        cause, _, place = str(error).partition(" (at ")
        told = re.match(r"line (\d+), column (\d+)", place)
        line = told[1] if told else text.count("\n") + 1
        raise UsageError(f"{path}, line {line}: {cause[:1].lower()}{cause[1:]}") from error
    except (RecursionError, ValueError) as error:  # nested too deeply, a number of too many digits
        raise UsageError(f"{path} is no configuration file: {error}") from error


def _check_types(
    values: dict[str, object], parser: argparse.ArgumentParser, told: Callable[[str], str]
) -> None:
    for action in parser._actions:  # noqa: SLF001 - argparse lists its options nowhere else
        if action.dest not in values:
            continue
        value = values[action.dest]
        if not is_expected(action, value):
            raise UsageError(f"{told(action.dest)} must be {expected(action)}, not {_kind(value)}")
    if values.get("strict") and values.get("loose"):
        raise UsageError(f"{told('loose')} is set together with strict", "Set one of them")


def _kind(value: object) -> str:
    return _KINDS.get(type(value), f"a {type(value).__name__}")


def _line(text: str, name: str) -> int:
    """Return the line that sets an option, 0 where it is written so that it cannot be told."""
    word = rf"[\"']?{re.escape(name)}[\"']?"
    place = re.search(rf"^[ \t]*(\[+[ \t]*{word}|{word}[ \t]*[.=])", text, re.MULTILINE)
    return text.count("\n", 0, place.start()) + 1 if place else 0


def _nearest(name: str) -> str:
    """Return the option that may have been meant."""
    import difflib

    near = difflib.get_close_matches(name.lower().replace("-", "_"), sorted(NAMES), n=1)
    return f"Did you mean {near[0]}?" if near else "docs/reference/configuration.md lists them"
