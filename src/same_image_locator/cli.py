"""The command line: words and options become settings; nothing heavy is imported for --help."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

from same_image_locator import __version__
from same_image_locator.errors import ExitCode, LocatorError, UsageError
from same_image_locator.model import HASH_BITS, MODES, Method, Settings

VERBS = ("scan", "review", "undo", "recover", "purge", "status", "demo")
_PREFIX = "SIL_"
_FROM_ENVIRONMENT = {
    "root",
    "decision_folder",
    "mode",
    "threshold",
    "include_all",
    "dry_run",
    "host",
    "port",
    "no_open",
}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}

_EPILOG = """\
further verbs, each with its own --help (a folder of such a name is written ./undo):
  scan PATH         report groups only, move nothing (--json FILE)
  review [PATH]     go on with the groups that are staged, never scan
  undo [PATH]       bring staged and set-aside files back to their original paths
  recover [PATH]    complete what an interrupted run left half done
  purge [PATH]      free the space of the files that were set aside
  status [PATH]     tell what is staged and set aside
  demo [FOLDER]     build a small sample library and open the review on it

Every option may also stand in the environment or in a .env file, as SIL_THRESHOLD=8.
exit codes: 0 nothing left to do, 1 duplicates remain, 2 wrong usage, 3 finished but some files
had problems, 4 refused for safety, 5 an earlier run needs recovery, 130 interrupted (resumable)
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line, without the usage text."""
        raise UsageError(message[:1].upper() + message[1:], f"{self.prog} --help tells more")


def build_parser(verb: str = "", defaults: Mapping[str, str] | None = None) -> _Parser:
    """Return the parser of the main job (no verb) or of one verb.

    ``defaults`` are the values of the environment by option name, such as "threshold".
    """
    program = "sil" if not verb else f"sil {verb}"
    parser = _Parser(
        prog=program,
        description="Find the same image wherever it lies twice, choose in the browser, lose none.",
        epilog=None if verb else _EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_path(parser, verb)
    if verb not in {"scan", "demo"}:
        parser.add_argument(
            "--decision-folder",
            metavar="PATH",
            help="where the staged groups live (default: _DECISION_DUPES in the current "
            "directory, or in the root when that is on another drive)",
        )
    if verb in {"", "scan"}:
        _add_finding(parser)
    if verb in {"", "review", "demo"}:
        _add_page(parser)
    _add_own(parser, verb)
    if not verb:
        parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.set_defaults(**_typed(parser, defaults or {}))
    return parser


def _add_path(parser: _Parser, verb: str) -> None:
    if verb == "demo":
        text = "where to build the sample library (default: ./sample-photos)"
        parser.add_argument("root", metavar="FOLDER", nargs="?", default="sample-photos", help=text)
    elif verb in {"", "scan"}:
        text = "the directory tree to scan"
        parser.add_argument("root", metavar="ROOT", nargs="?", help=text)
    else:
        text = "the directory tree that was scanned, or the decision folder itself (default: .)"
        parser.add_argument("root", metavar="PATH", nargs="?", default=".", help=text)


def _add_finding(parser: _Parser) -> None:
    parser.add_argument(
        "--mode",
        choices=MODES,
        default="exact",
        help="byte for byte, or by a perceptual hash (default: exact)",
    )
    parser.add_argument(
        "--threshold",
        type=_threshold,
        default=5,
        metavar="N",
        help="Hamming cut-off 0-64 of the perceptual modes, lower is stricter (default: 5); "
        "above 8 strangers begin to match",
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
        type=_port,
        default=5173,
        metavar="N",
        help="its port, 0 for any free one (default: 5173)",
    )
    opening = parser.add_mutually_exclusive_group()
    opening.add_argument("--no-open", action="store_true", help="do not open the browser")
    opening.add_argument("--open", dest="no_open", action="store_false", help=argparse.SUPPRESS)


def _add_own(parser: _Parser, verb: str) -> None:
    match verb:
        case "":
            parser.add_argument(
                "--dry-run",
                action=argparse.BooleanOptionalAction,
                default=False,
                help="find the groups and tell what would be done; move nothing",
            )
        case "scan":
            text = 'write the groups as JSON to FILE, "-" for standard output'
            parser.add_argument("--json", metavar="FILE", help=text)
        case "undo":
            text = "only the group of this number (default: all)"
            parser.add_argument("--group", type=int, metavar="N", help=text)
        case "purge":
            text = "do not ask; without it the word 'purge' has to be typed"
            parser.add_argument("--yes", action="store_true", help=text)
        case _:
            pass


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    verb = words.pop(0) if words and words[0] in VERBS else ""
    _end_gently_on_terminate()
    try:
        options = build_parser(verb, _environment()).parse_args(words)
        return int(_run(verb, options))
    except LocatorError as error:
        from same_image_locator.wording import printable

        print(f"sil: {printable(str(error))}", file=sys.stderr)
        return int(error.exit_code)
    except BrokenPipeError:
        # Whoever read the output (such as head) has enough; Python must not complain at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.DONE)
    except OSError as error:
        print(f"sil: {_disk_trouble(error)}", file=sys.stderr)
        return int(ExitCode.NEEDS_RECOVERY)
    except KeyboardInterrupt:
        print(
            "\nInterrupted. No photo is lost: the same command goes on where this run stopped, "
            "and `sil undo` puts every photo back.",
            file=sys.stderr,
        )
        return int(ExitCode.INTERRUPTED)


def _disk_trouble(error: OSError) -> str:
    from same_image_locator.wording import printable

    where = f": {printable(os.fsdecode(error.filename))}" if error.filename else ""
    return (
        f"{error.strerror or error}{where}. The run had to stop; no photo is lost, "
        "and the next start goes on from here"
    )


def _run(verb: str, options: argparse.Namespace) -> ExitCode:
    from same_image_locator import verbs

    actions: dict[str, Callable[[], ExitCode]] = {
        "": lambda: verbs.clean_up(_settings(options), _again("undo")),
        "scan": lambda: verbs.scan(_settings(options), options.json),
        "demo": lambda: verbs.demo(_settings(options), _again("undo")),
        "review": lambda: verbs.review(_settings(options), _again("undo")),
        "undo": lambda: verbs.undo(options.root, options.decision_folder, options.group),
        "recover": lambda: verbs.recover(options.root, options.decision_folder),
        "purge": lambda: verbs.purge(options.root, options.decision_folder, sure=options.yes),
        "status": lambda: verbs.status(options.root, options.decision_folder),
    }
    return actions[verb]()


def _settings(options: argparse.Namespace) -> Settings:
    if not options.root:
        raise UsageError("No folder is given", "Name the folder that holds the photos: sil PATH")
    given = vars(options)
    mode = given.get("mode", "exact")
    threshold = given.get("threshold", 0) if mode != "exact" else 0
    return Settings(
        root=options.root,
        method=Method(mode, threshold),
        decision_folder=given.get("decision_folder"),
        include_all=given.get("include_all", False),
        dry_run=given.get("dry_run", False),
        host=given.get("host", "127.0.0.1"),
        port=given.get("port", 0),
        open_browser=not given.get("no_open", False),
    )


def _environment() -> dict[str, str]:
    """Return the options that the environment or a .env file sets; the environment wins."""
    from dotenv import dotenv_values, find_dotenv

    values = {**dotenv_values(find_dotenv(usecwd=True)), **os.environ}
    found = {name: values.get(f"{_PREFIX}{name.upper()}") for name in _FROM_ENVIRONMENT}
    return {name: value for name, value in found.items() if value}


def _typed(parser: _Parser, defaults: Mapping[str, str]) -> dict[str, object]:
    """Return the environment's values as the parser would have typed them.

    Raises:
        UsageError: a value that the option itself would refuse.
    """
    typed: dict[str, object] = {}
    for action in parser._actions:  # noqa: SLF001 - argparse lists its options nowhere else
        if action.dest in defaults:
            typed[action.dest] = _one(action, defaults[action.dest])
    return typed


def _one(action: argparse.Action, text: str) -> object:
    name = f"{_PREFIX}{action.dest.upper()}={text}"
    if action.nargs == 0:
        if text.lower() not in _TRUE | _FALSE:
            raise UsageError(f"{name} is neither yes nor no", "Write 1 or 0")
        return text.lower() in _TRUE
    if action.choices is not None and text not in action.choices:
        raise UsageError(f"{name} is not one of {', '.join(action.choices)}")
    if not callable(action.type):
        return text
    try:
        return action.type(text)
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"{name}: {error}") from error


def _threshold(text: str) -> int:
    return _whole(text, HASH_BITS)


def _port(text: str) -> int:
    return _whole(text, 65535)


def _whole(text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {most}")
    return int(text)


def _again(verb: str) -> str:
    """Return how this program is called with another verb, as the user called it now."""
    name = os.path.basename(sys.argv[0])
    return f"python {name} {verb}" if name.endswith(".py") and name[0] != "_" else f"sil {verb}"


def _end_gently_on_terminate() -> None:
    """Let SIGTERM end the run as Ctrl+C does: resumable, with the terminal in order."""

    def stop(_number: int, _frame: object) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
