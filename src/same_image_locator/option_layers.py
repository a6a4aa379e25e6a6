"""Where options have their values from before the command line: layers, of rising weight.

A layer holds values by option name, such as "threshold": words from the environment, or what a
configuration file says, which has types of its own. Either becomes what the command line would
have made of it, or is refused with the name of its place.
"""

import argparse
import os
from collections.abc import Callable, Mapping, Sequence

from same_image_locator import option_types
from same_image_locator.errors import UsageError

PREFIX = "SIL_"
NAMES = frozenset(
    {
        "root",
        "reference",
        "follow_mounts",
        "exclude",
        "min_size",
        "decision_folder",
        "mode",
        "threshold",
        "strict",
        "loose",
        "include_all",
        "dry_run",
        "host",
        "port",
        "allow_remote",
        "allowed_host",
        "tls_cert",
        "tls_key",
        "no_open",
        "rejects",
        "allow_copy",
        "verify",
        "keep",
        "auto",
        "page",
        "json_log",
    }
)

_CONTRARY = {"strict": "loose", "loose": "strict"}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
_NUMBERS = frozenset({option_types.threshold, option_types.port, option_types.size})
_LISTS = frozenset({option_types.rules, option_types.hosts})
# Each is given once for each of its values; in the environment they stand as in PATH.
_SEVERAL = frozenset({"reference", "exclude"})


class Layer:
    """Values by option name, and where they stand.

    ``kind`` is "user file", "ROOT file", ".env" or "environment". ``where`` tells the place of one
    value, as a path or the name of a variable, and ``told`` how a complaint about it begins.
    """

    def __init__(
        self,
        kind: str,
        values: Mapping[str, object],
        where: Callable[[str], str],
        told: Callable[[str], str],
    ) -> None:
        self.kind, self.values, self.where, self.told = kind, values, where, told


Found = dict[str, tuple[object, Layer]]


def variable(name: str) -> str:
    """Return the variable of the environment that sets an option."""
    return f"{PREFIX}{name.upper()}"


def environment(values: Mapping[str, str]) -> Layer:
    """Return the layer of these values of the environment, by option name."""
    return Layer("environment", values, variable, lambda name: f"{variable(name)}={values[name]}")


def environments() -> list[Layer]:
    """Return what a .env file and the environment set; the environment weighs more."""
    return [*_dotenv(), environment(_named(os.environ))]


def _dotenv() -> list[Layer]:
    if not _has_dotenv(os.getcwd()):
        return []
    from dotenv import dotenv_values, find_dotenv

    path = find_dotenv(usecwd=True)
    # A variable that is empty in the environment takes back what the file says.
    values = {
        name: value
        for name, value in _named(dotenv_values(path)).items()
        if variable(name) not in os.environ
    }
    return [Layer(".env", values, lambda _: path, environment(values).told)]


def _named(variables: Mapping[str, str | None]) -> dict[str, str]:
    found = {name: variables.get(variable(name)) for name in NAMES}
    return {name: value for name, value in found.items() if value}


def _has_dotenv(folder: str) -> bool:
    """Return whether a .env file lies in a folder or above it: without one nobody need parse it."""
    while not os.path.lexists(os.path.join(folder, ".env")):
        if folder == os.path.dirname(folder):
            return False
        folder = os.path.dirname(folder)
    return True


def apply(parser: argparse.ArgumentParser, layers: Sequence[Layer]) -> None:
    """Let a parser take from these layers what the command line does not say.

    Raises:
        UsageError: a value that the option itself would refuse.
    """
    parser.set_defaults(**{name: value for name, (value, _) in found(parser, layers).items()})


def found(parser: argparse.ArgumentParser, layers: Sequence[Layer]) -> Found:
    """Return the weightiest value of each of a parser's options, and the layer that it is from.

    Raises:
        UsageError: a value that the option itself would refuse.
    """
    values: Found = {}
    for layer in layers:
        for action in parser._actions:  # noqa: SLF001 - argparse lists its options nowhere else
            name = action.dest
            if name not in layer.values:
                continue
            values[name] = typed(action, layer), layer
            contrary = values.get(_CONTRARY.get(name, ""))
            if contrary and values[name][0] and contrary[1] is not layer:
                values[_CONTRARY[name]] = False, layer
    return values


def typed(action: argparse.Action, layer: Layer) -> object:
    """Return a layer's value as the command line would have made it.

    Raises:
        UsageError: a value that the option itself would refuse.
    """
    value, told = layer.values[action.dest], layer.told(action.dest)
    if isinstance(value, str) and action.nargs == 0:
        if value.lower() not in _TRUE | _FALSE:
            raise UsageError(f"{told} is neither yes nor no", "Write 1 or 0")
        return value.lower() in _TRUE
    if isinstance(value, bool):
        return value
    if action.dest in _SEVERAL:
        return value if isinstance(value, list) else str(value).split(os.pathsep)
    text = ",".join(value) if isinstance(value, list) else str(value)
    if action.choices is not None and text not in action.choices:
        raise UsageError(f"{told} is not one of {', '.join(action.choices)}")
    if not callable(action.type):
        return [text] if action.nargs == "*" else text
    try:
        return action.type(text)
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"{told}: {error}") from error


def expected(action: argparse.Action) -> str:
    """Return in words which type an option has in a configuration file."""
    if action.nargs == 0:
        return "true or false"
    if action.type in _NUMBERS:
        return "a whole number"
    several = action.type in _LISTS or action.dest in _SEVERAL
    return "a list of strings" if several else "a string"


def is_expected(action: argparse.Action, value: object) -> bool:
    """Return whether a value of a configuration file has the type of an option."""
    match expected(action):
        case "true or false":
            return isinstance(value, bool)
        case "a whole number":
            return isinstance(value, int) and not isinstance(value, bool)
        case "a list of strings":
            return isinstance(value, list) and all(isinstance(one, str) for one in value)
        case _:
            return isinstance(value, str)
