"""What ``sil config`` does: tell each option with its value and origin, and where the files lie."""

import argparse
import json
import os
from collections.abc import Mapping

from same_image_locator.config_files import root_file, user_file
from same_image_locator.configuration import Configured
from same_image_locator.errors import ExitCode
from same_image_locator.option_layers import NAMES, found
from same_image_locator.wording import printable

_VERSION = 1
_WIDEST = 40  # a longer line has its origin behind it, and not all others theirs far off


def look_after(given: Configured) -> ExitCode:
    """Do one of ``show`` and ``path``."""
    if given.options.action == "path":
        _tell_files(given)
    else:
        _tell_options(given)
    return ExitCode.DONE


def _tell_files(given: Configured) -> None:
    root = given.options.root
    files = {"user file": user_file(), "ROOT file": root_file(root) if root else None}
    if given.options.json:
        print(_as_json({"files": [_file(kind, path) for kind, path in files.items()]}))
        return
    for kind, path in files.items():
        there = "" if path and os.path.exists(path) else "   (there is none)"
        print(f"{kind}   {printable(path) if path else 'ROOT/.sil.toml'}{there}")


def _file(kind: str, path: str | None) -> dict[str, object]:
    return {"kind": kind, "path": path, "exists": bool(path) and os.path.exists(path or "")}


def _tell_options(given: Configured) -> None:
    origins = _origins(given)
    values = {name: _plain(vars(given.options)[name]) for name in origins}
    if given.options.json:
        told = {
            name: {"value": values[name], "origin": kind, "where": where}
            for name, (kind, where) in origins.items()
        }
        print(_as_json({"options": told}))
        return
    # It reads as a configuration file does.
    lines = {name: _line(name, values[name]) for name in origins}
    width = min(max(map(len, lines.values())), _WIDEST)
    for name, (kind, where) in origins.items():
        print(f"{lines[name]:{width}}  # {printable(where) if where else kind}")


def _line(name: str, value: object) -> str:
    if value is None or value == []:
        return f"# {name}"
    return f"{name} = {printable(json.dumps(value, ensure_ascii=False))}"


def _origins(given: Configured) -> Mapping[str, tuple[str, str]]:
    """Return for each option the kind of its origin, and the place where it stands there."""
    layers = found(given.parser, given.layers)
    typed = _typed(given)
    origins = {}
    for name in sorted(NAMES & {*vars(given.options)}):
        if name in typed:
            origins[name] = "command line", ""
        elif name in layers:
            layer = layers[name][1]
            origins[name] = layer.kind, layer.where(name)
        else:
            origins[name] = "default", ""
    return origins


def _typed(given: Configured) -> frozenset[str]:
    """Return the options that the command line names."""
    parser, options = given.parser, vars(given.options)
    parser.set_defaults(root=None)  # a place is always filled, if only from its default
    untold = argparse.Namespace(**dict.fromkeys(options))
    told = vars(parser.parse_args(given.words, untold))
    return frozenset(name for name in options if told[name] is not None)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _as_json(told: Mapping[str, object]) -> str:
    return json.dumps({"version": _VERSION, **told}, indent=1)
