"""One parser of all verbs, as completions and the man page need it; no call is parsed by it."""

import argparse

from same_image_locator.options import VERBS, build_parser

_COLUMN = 20  # of --help, where the list of verbs says what each does


def whole_parser(*, root: bool = True) -> argparse.ArgumentParser:
    """Return the main job's parser, with each verb as a subparser; ``root`` is an argument of it.

    Completions have a folder and a verb at the same place, which no parser has: theirs is without.
    """
    main = build_parser()
    epilog = main.epilog or ""
    whole = argparse.ArgumentParser(
        prog=main.prog,
        usage=f"{main.prog} [OPTION ...] ROOT | {main.prog} VERB [OPTION ...] [ARGUMENT ...]",
        description=main.description,
        epilog=epilog.partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    for action in main._actions:  # noqa: SLF001 - argparse lists its options nowhere else
        if action.option_strings or root:
            whole._add_action(action)  # noqa: SLF001 - and copies them only with all their groups
    verbs = whole.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    for verb in VERBS:
        own = build_parser(verb)
        usage = " ".join(own.format_usage().split()[1:])
        does = _summary(verb, epilog)
        verbs.add_parser(verb, parents=[own], help=does, usage=usage, add_help=False)
    return whole


def _summary(verb: str, listed: str) -> str:
    """Return what the list of verbs says of one: beside it, or below where it is too long."""
    lines = listed.splitlines()
    place = next(at for at, line in enumerate(lines) if line.startswith(f"  {verb} "))
    beside = lines[place][_COLUMN - 2 :]
    return beside[2:] if beside.startswith("  ") else lines[place + 1][_COLUMN:]
