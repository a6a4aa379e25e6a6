"""The options of each verb."""

import argparse
import os
from collections.abc import Mapping

from same_image_locator import (
    __version__,
    headless_options,
    option_layers,
    option_types,
    scope_options,
)
from same_image_locator.choices import AUTO, DISPOSALS, KEEP_RULES, MODES, SHELLS
from same_image_locator.errors import UsageError

TYPE_CHECKING = False  # as typing has it, which would take longer to load than all that is here
if TYPE_CHECKING:
    from typing import Any, NoReturn

VERBS = (
    "scan",
    "find-similar",
    "compare",
    "review",
    "groups",
    "decide",
    "undo",
    "recover",
    "verify",
    "purge",
    "status",
    "cache",
    "apart",
    "config",
    "completion",
    "demo",
)
_TELL_NO_JSON = {"", "scan", "find-similar", "review", "completion", "demo"}

_EPILOG = """\
further verbs, each with its own --help (a folder of such a name is written ./undo):
  scan PATH         report groups only, move nothing (--json FILE, --report FORM)
  find-similar PICTURE --in PATH
                    tell which photos show this picture (--json FILE; exit code 1 when any does)
  compare A B       tell what two files are to each other, and why (--picture FILE)
  review [PATH]     go on with the groups that are staged, never scan
  groups [PATH]     list the groups that are staged, with what is suggested and why
  decide N ...      settle groups without the page (--keep 1,3, --suggested identical)
  undo [PATH]       bring staged and set-aside files back to their original paths
  recover [PATH]    complete what an interrupted run left half done
  verify [PATH]     read everything again and prove that nothing is missing
  purge [PATH]      free the space of the files that were set aside
  status [PATH]     tell what is staged and set aside
  cache ACTION      stats, trim or clear: what is kept so that a second run is quick
  apart ACTION      list or forget: what you said are not duplicates
  config ACTION     show or path: what each option is, and where it comes from
  completion SHELL  print what a shell needs to complete all this: bash, zsh, fish, powershell
  demo [FOLDER]     build a small sample library and open the review on it

Every option may also stand in a configuration file (see sil config), as threshold = 8, in the
environment or in a .env file, as SIL_THRESHOLD=8.
exit codes: 0 nothing left to do, 1 duplicates remain, 2 wrong usage, 3 finished but some files
had problems, 4 refused for safety, 5 an earlier run needs recovery, 130 interrupted (resumable)
"""


# What such a verb does, and the words for it; the first is the default.
_ACTIONS = {
    "cache": (
        "tell what is kept, make it smaller, or remove it (default: stats)",
        "stats",
        "trim",
        "clear",
    ),
    "apart": (
        "tell what you said are not duplicates, or take it back (default: list)",
        "list",
        "forget",
    ),
    "config": (
        "tell each option with its origin, or where the files lie (default: show)",
        "show",
        "path",
    ),
}

# Measured on a benchmark's half that nothing was chosen on: docs/explanation/matching.md.
_STRICT = (
    "of mode similar: only what is beyond doubt; finds 97.8 of 100 edited copies where it else "
    "finds 99.7; neither mixed a group in 5,000 files"
)
_LOOSE = (
    "of mode similar: doubtful pairs, too; mixed 1 group in 5,000 files, which it else does not"
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> "NoReturn":
        """Say what is wrong in one line, without the usage text."""
        raise UsageError(message[:1].upper() + message[1:], f"{self.prog} --help tells more")


class _Instead(argparse.Action):
    """A flag that also takes back what the environment said of its contrary."""

    def __init__(self, *names: "Any", instead_of: str, **more: "Any") -> None:
        super().__init__(*names, **more | {"nargs": 0})
        self._instead_of = instead_of

    def __call__(self, _parser: object, namespace: argparse.Namespace, *_given: object) -> None:
        """Set the one, and unset the other."""
        setattr(namespace, self.dest, True)
        setattr(namespace, self._instead_of, False)


def _help_formatter(prog: str) -> argparse.HelpFormatter:
    # Told the width, it does not load a module for copying files only to ask for it.
    try:
        columns = int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size(1).columns
    except (ValueError, OSError):
        columns = 80
    return argparse.RawDescriptionHelpFormatter(prog, width=columns - 2)


def build_parser(verb: str = "", defaults: Mapping[str, str] | None = None) -> _Parser:
    """Return the parser of the main job (no verb) or of one verb.

    ``defaults`` are the values of the environment by option name, such as "threshold".
    """
    program = "sil" if not verb else f"sil {verb}"
    parser = _Parser(
        prog=program,
        description="Find the same image wherever it lies twice, choose in the browser, lose none.",
        epilog=None if verb else _EPILOG,
        formatter_class=_help_formatter,
        allow_abbrev=False,
    )
    if verb == "decide":
        headless_options.add_decide(parser)
    else:
        _add_path(parser, verb)
    if verb not in {"scan", "find-similar", "compare", "cache", "apart", "completion", "demo"}:
        parser.add_argument(
            "--decision-folder",
            metavar="PATH",
            help="where the staged groups live (default: _DECISION_DUPES in the current "
            "directory, or in the root when that is on another drive)",
        )
    if verb in {"", "scan", "config"}:
        _add_finding(parser, verb)
        scope_options.add(parser)
    if verb in {"", "scan", "find-similar", "review", "config"}:
        headless_options.add_json_log(parser)
    if verb in {"scan", "groups"}:
        headless_options.add_telling(parser, verb)
    if verb in {"", "review", "demo", "config"}:
        _add_page(parser)
    if verb in {"", "review", "config"}:
        _add_disposal(parser)
        _add_suggesting(parser)
    _add_own(parser, verb)
    option_layers.apply(parser, [option_layers.environment(defaults or {})])
    return parser


def _add_path(parser: _Parser, verb: str) -> None:
    if verb == "demo":
        text = "where to build the sample library (default: ./sample-photos)"
        # Not the root: where that is configured it holds real photos.
        parser.add_argument(
            "folder", metavar="FOLDER", nargs="?", default="sample-photos", help=text
        )
    elif verb == "completion":
        text = "the shell that is to complete what you type"
        parser.add_argument("shell", choices=SHELLS, help=text)
    elif verb in _ACTIONS:
        _add_action(parser, verb)
    elif verb == "find-similar":
        parser.add_argument("picture", metavar="PICTURE", help="the picture that is to be found")
        text = "the directory tree in which it may lie, as a copy or changed"
        parser.add_argument("--in", dest="root", metavar="PATH", help=text)
        parser.set_defaults(mode="similar")
    elif verb == "compare":
        parser.add_argument("one", metavar="A", help="a picture")
        parser.add_argument("other", metavar="B", help="another one")
        text = "draw both, the second laid on the first, and their difference; a PNG"
        parser.add_argument("--picture", metavar="FILE", help=text)
    elif verb in {"", "scan"}:
        text = "the directory trees to scan, all on one drive"
        parser.add_argument("root", metavar="ROOT", nargs="*", help=text)
    else:
        text = "the directory tree that was scanned, or the decision folder itself (default: .)"
        parser.add_argument("root", metavar="PATH", nargs="?", default=".", help=text)


def _add_action(parser: _Parser, verb: str) -> None:
    text, *actions = _ACTIONS[verb]
    parser.add_argument("action", choices=actions, nargs="?", default=actions[0], help=text)
    if verb == "apart":
        text = "forget: the statements of these numbers, or --all"
        parser.add_argument("numbers", metavar="N", nargs="*", type=int, help=text)
        parser.add_argument("--all", dest="everything", action="store_true", help=text)
    if verb == "config":
        text = "the directory tree to scan, in which a file of its own may lie"
        parser.add_argument("root", metavar="PATH", nargs="?", help=text)


def _add_finding(parser: _Parser, verb: str) -> None:
    parser.add_argument(
        "--mode",
        type=option_types.mode,
        default="exact",
        metavar=f"{{{','.join(MODES)}}}",
        help="byte for byte (exact, the default), the same picture whatever was done to it "
        "(similar), or by a perceptual hash; plug-ins may add more of these",
    )
    parser.add_argument(
        "--threshold",
        type=option_types.threshold,
        default=5,
        metavar="N",
        help="Hamming cut-off 0-64 of ahash and phash, lower is stricter (default: 5); "
        "above 8 strangers begin to match",
    )
    sureness = parser.add_mutually_exclusive_group()
    for name, instead_of, text in (
        ("strict", "loose", _STRICT),
        ("loose", "strict", _LOOSE),
    ):
        sureness.add_argument(
            f"--{name}", action=_Instead, instead_of=instead_of, default=False, help=text
        )
    parser.add_argument(
        "--verify",
        action=argparse.BooleanOptionalAction,
        default=verb != "scan",
        help="look at the pixels of what ahash and phash found, and say how sure each file is "
        "(default: before a review, not in a scan)",
    )
    parser.add_argument(
        "--include-all",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="every regular file, not only the usual image extensions",
    )


def _add_page(parser: _Parser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help="where the page listens (default: 127.0.0.1)"
    )
    parser.add_argument(
        "--port",
        type=option_types.port,
        default=5173,
        metavar="N",
        help="its port, 0 for any free one (default: 5173)",
    )
    _add_reach(parser)
    opening = parser.add_mutually_exclusive_group()
    opening.add_argument("--no-open", action="store_true", help="do not open the browser")
    opening.add_argument("--open", dest="no_open", action="store_false", help=argparse.SUPPRESS)


def _add_reach(parser: _Parser) -> None:
    parser.add_argument(
        "--allow-remote",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="permit a --host that other computers reach: who has the page's address with its "
        "token can then see and settle your photos",
    )
    parser.add_argument(
        "--allowed-host",
        type=option_types.hosts,
        action="extend",
        metavar="NAME",
        help="a name by which others may ask for the page; can be given several times",
    )
    parser.add_argument(
        "--tls-cert", metavar="FILE", help="serve https with this certificate, in PEM form"
    )
    parser.add_argument(
        "--tls-key", metavar="FILE", help="its private key, when it is in a file of its own"
    )


def _add_disposal(parser: _Parser) -> None:
    parser.add_argument(
        "--rejects",
        choices=DISPOSALS,
        default="quarantine",
        help="what becomes of the files that you do not keep: set aside until a purge, given to "
        "the system's trash, or removed at once (default: quarantine)",
    )
    parser.add_argument(
        "--allow-copy",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="permit a decision folder on another drive: files are then copied and read back",
    )


def _add_suggesting(parser: _Parser) -> None:
    parser.add_argument(
        "--keep",
        type=option_types.rules,
        metavar="RULES",
        help="by which rules, in which order, the file to keep is suggested "
        f"(default: {','.join(KEEP_RULES)})",
    )
    parser.add_argument(
        "--auto",
        choices=AUTO,
        help="follow suggestions that are so sure without asking: what they do not keep is set "
        "aside, all other groups wait for you",
    )
    parser.add_argument(
        "--page",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="with --no-page nobody is asked: what --auto does not settle waits for the next run",
    )


def _add_own(parser: _Parser, verb: str) -> None:
    if verb in {"", "decide", "undo", "recover", "purge", "config"}:
        parser.add_argument(
            "--dry-run",
            action=argparse.BooleanOptionalAction,
            default=False,
            help="tell what would be done, and change nothing",
        )
    if verb not in _TELL_NO_JSON:
        text = "tell it as JSON on standard output"
        parser.add_argument("--json", action="store_true", help=text)
    match verb:
        case "":
            parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
        case "find-similar":
            text = 'write the report as JSON to FILE, "-" for standard output'
            parser.add_argument("--json", metavar="FILE", help=text)
        case "undo":
            _add_choice(parser)
        case "purge":
            text = "only what was set aside so long ago or longer: 12h, 30d or 4w"
            parser.add_argument("--older-than", type=option_types.age, metavar="AGE", help=text)
            text = "do not ask; without it the word 'purge' has to be typed"
            parser.add_argument("--yes", action="store_true", help=text)
        case "cache":
            text = "trim: the size to leave, such as 500M or 2G (default: the limit)"
            parser.add_argument("--to", type=option_types.size, metavar="SIZE", help=text)
        case _:
            pass


def _add_choice(parser: _Parser) -> None:
    choice = parser.add_mutually_exclusive_group()
    text = "only the group of this number"
    choice.add_argument("--group", type=int, metavar="N", help=text)
    text = "only what this run staged; sil status names the runs"
    choice.add_argument("--run", metavar="ID", help=text)
    text = "every group, which is the default"
    choice.add_argument("--all", action="store_true", help=text)
