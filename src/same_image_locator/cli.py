"""The command line: one word is one action, and every trouble ends in one clear line."""

import argparse
import atexit
import gc
import os
import sys
from collections.abc import Callable, Sequence

from same_image_locator.configuration import Configured, configured
from same_image_locator.errors import ExitCode, LocatorError, UsageError
from same_image_locator.options import VERBS, build_parser
from same_image_locator.processors import keep_products_single

TYPE_CHECKING = False  # as typing has it, which takes longer to load than all that --help needs
if TYPE_CHECKING:
    from typing import NoReturn

    from same_image_locator.events import Listener
    from same_image_locator.model import Settings, Strictness

Action = Callable[[], ExitCode]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    verb = words.pop(0) if words and words[0] in VERBS else ""
    keep_products_single()
    try:
        given = configured(build_parser(verb), words, build_parser)
        _end_gently_on_terminate()
        return int(_run(verb, given))
    except LocatorError as error:
        from same_image_locator.wording import printable

        print(f"sil: {printable(str(error))}", file=sys.stderr)
        return int(error.exit_code)
    except ModuleNotFoundError as error:
        return int(_tell_missing(error))
    except BrokenPipeError:
        # Whoever read the output (such as head) has enough; Python must not complain at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.DONE)
    except OSError as error:
        from same_image_locator.wording import disk_trouble

        print(f"sil: {disk_trouble(error)}", file=sys.stderr)
        return int(ExitCode.NEEDS_RECOVERY)
    except KeyboardInterrupt:
        print(
            "\nInterrupted. No photo is lost: the same command goes on where this run stopped, "
            "and `sil undo` puts every photo back.",
            file=sys.stderr,
        )
        return int(ExitCode.INTERRUPTED)


def _tell_missing(error: ModuleNotFoundError) -> ExitCode:
    """Say which library has to be installed; a part of our own that is missing is a bug."""
    library = (error.name or __package__).partition(".")[0]
    if library == __package__:
        raise error
    from same_image_locator.wording import missing_library

    print(f"sil: {missing_library(library)}", file=sys.stderr)
    return ExitCode.USAGE


def _run(verb: str, given: Configured) -> ExitCode:
    options = given.options
    # Nearly all objects of a run stay to its end: to look for garbage after each 700 is a waste.
    gc.set_threshold(50_000, 20, 20)
    # What is left ends with the run: that is no garbage to be looked for.
    atexit.register(gc.freeze)
    if verb == "config":
        from same_image_locator.config_care import look_after

        return look_after(given)
    if vars(options).get("json_log"):
        return _logged(verb, options)
    return _action(verb, options)()


def _action(verb: str, options: argparse.Namespace, log: "Listener | None" = None) -> Action:
    from same_image_locator.events import ignore

    finding = _finding(options, log or ignore).get(verb)
    if finding:
        return finding
    return (_headless if verb in {"groups", "decide"} else _care)(options)[verb]


def _logged(verb: str, options: argparse.Namespace) -> ExitCode:
    """Do what a verb does, and write down all that it tells."""
    from same_image_locator.json_log import logged
    from same_image_locator.wording import printable

    path = options.json_log
    root = next(iter(options.root), None) if isinstance(options.root, list) else options.root
    with logged(path, verb, root) as log:
        code = _action(verb, options, log)()
        log.end(code)
    if log.trouble:
        print(f"sil: {printable(path)} ends early: {printable(log.trouble)}", file=sys.stderr)
    return code


def _finding(options: argparse.Namespace, log: "Listener") -> dict[str, Action]:
    """Return the verbs that find and review groups."""
    from same_image_locator import verbs

    return {
        "": lambda: verbs.clean_up(_settings(options), _again("undo"), log),
        "scan": lambda: verbs.scan(
            _settings(options), options.json, (options.report, options.output), log
        ),
        "compare": lambda: verbs.compare(
            options.one, options.other, options.picture, as_json=options.json
        ),
        "find-similar": lambda: verbs.find_similar(
            options.picture, _settings(options), options.json, log
        ),
        "demo": lambda: verbs.demo(_settings(options, options.folder), _again("undo")),
        "review": lambda: verbs.review(_settings(options), _again("undo"), log),
    }


def _headless(options: argparse.Namespace) -> dict[str, Action]:
    """Return the verbs that show and decide groups without the page."""
    from same_image_locator import headless
    from same_image_locator.care import Asked

    dry_run = vars(options).get("dry_run", False)
    asked = Asked(options.root, options.decision_folder, options.json, dry_run)
    return {
        "groups": lambda: headless.groups(asked, options.keep or (), folders=options.folders),
        "decide": lambda: headless.decide(asked, headless.choice(options)),
    }


def _care(options: argparse.Namespace) -> dict[str, Action]:
    """Return the verbs that look after what earlier runs left."""
    from same_image_locator import care

    def asked() -> care.Asked:
        dry_run = vars(options).get("dry_run", False)
        return care.Asked(options.root, options.decision_folder, options.json, dry_run)

    def cache() -> ExitCode:
        from same_image_locator.cache_care import look_after

        return look_after(options.action, options.to, as_json=options.json)

    def completion() -> ExitCode:
        from same_image_locator.completion import tell

        return tell(options.shell)

    def apart() -> ExitCode:
        from same_image_locator.apart_care import look_after

        everything = options.everything
        return look_after(
            options.action, options.numbers, everything=everything, as_json=options.json
        )

    return {
        "undo": lambda: care.undo(asked(), options.group, options.run),
        "recover": lambda: care.recover(asked()),
        "verify": lambda: care.verify(asked()),
        "purge": lambda: care.purge(asked(), options.older_than, sure=options.yes),
        "status": lambda: care.status(asked()),
        "cache": cache,
        "completion": completion,
        "apart": apart,
    }


def _settings(options: argparse.Namespace, folder: str = "") -> "Settings":
    from same_image_locator.model import Method, Reach, Scope, Settings

    named = folder or options.root or []
    if not named:
        raise UsageError("No folder is given", "Name the folder that holds the photos: sil PATH")
    root, *roots = named if isinstance(named, list) else [named]
    given = vars(options)
    if given.get("auto") and given["rejects"] != "quarantine":
        raise UsageError(
            "--auto only sets files aside, so that all can be undone",
            f"Leave out --rejects {given['rejects']}, or --auto",
        )
    method = Method(given.get("mode", "exact"))
    if method.hashed:
        method = method._replace(threshold=given.get("threshold", 0))
    if method.mode == "similar":
        method = method._replace(strictness=_strictness(given))
    return Settings(
        root=root,
        method=method,
        decision_folder=given.get("decision_folder"),
        include_all=given.get("include_all", False),
        dry_run=given.get("dry_run", False),
        host=given.get("host", "127.0.0.1"),
        port=given.get("port", 0),
        open_browser=not given.get("no_open", False),
        rejects=given.get("rejects", "quarantine"),
        allow_copy=given.get("allow_copy", False),
        verify=given.get("verify", False),
        keep_rules=given.get("keep") or (),
        auto=given.get("auto"),
        page=given.get("page", True),
        reach=Reach(
            given.get("allow_remote", False),
            tuple(given.get("allowed_host") or ()),
            given.get("tls_cert") or "",
            given.get("tls_key") or "",
        ),
        scope=Scope(
            tuple(roots),
            tuple(given.get("reference") or ()),
            tuple(given.get("exclude") or ()),
            given.get("min_size", 0),
            given.get("follow_mounts", False),
        ),
    )


def _strictness(given: dict[str, object]) -> "Strictness":
    if given.get("strict") and given.get("loose"):
        raise UsageError("SIL_STRICT and SIL_LOOSE are both set", "Set one of them to 0")
    return "strict" if given.get("strict") else "loose" if given.get("loose") else "default"


def _again(verb: str) -> str:
    """Return how this program is called with another verb, as the user called it now."""
    name = os.path.basename(sys.argv[0])
    return f"python {name} {verb}" if name.endswith(".py") and name[0] != "_" else f"sil {verb}"


def _end_gently_on_terminate() -> None:
    """Let SIGTERM end the run as Ctrl+C does: resumable, with the terminal in order."""
    import signal

    def stop(_number: int, _frame: object) -> "NoReturn":
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
