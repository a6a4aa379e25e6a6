"""What the verbs do that show and decide groups without the page: groups and decide."""

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence

from same_image_locator import headless_report as report
from same_image_locator import journal
from same_image_locator.appraisal import appraised
from same_image_locator.cache import Cache
from same_image_locator.care import Asked
from same_image_locator.care_report import Facts, as_json, of_problems
from same_image_locator.deciding import Choice, Decided, Way, decider
from same_image_locator.decode.previews import Previews
from same_image_locator.errors import ExitCode, RefusedError, UsageError
from same_image_locator.model import Problem
from same_image_locator.picture_reader import PictureReader
from same_image_locator.plans import Decision
from same_image_locator.resume import staged_groups, unknown_groups
from same_image_locator.review import Effects, Review, Terms
from same_image_locator.ui_words import problem_line
from same_image_locator.wording import plural


def groups(asked: Asked, rules: tuple[str, ...], *, folders: bool = False) -> ExitCode:
    """List the groups that wait, with what is suggested and why; changes nothing.

    With ``folders`` it is told instead how much of each folder lies in each other one.
    """
    try:
        folder = asked.folder()
    except UsageError as none:
        print(_none(asked, none, {"root": None, **({"overlaps": []} if folders else {})}))
        return ExitCode.DONE
    history = journal.peek(folder)
    found = staged_groups(history, journal.DISK)
    root = history.root or os.path.realpath(asked.path)
    review = Review(folder, root, found.groups, _nothing, terms=Terms(keep_rules=rules))
    told = _overlaps(asked, review) if folders else _groups(asked, review, root)
    if asked.as_json:
        facts = {"decision_folder": folder, "root": root, **told}
        print(as_json({**facts, "problems": of_problems(found.problems)}))
    else:
        print(f"waiting for a decision: {plural(len(review.waiting), 'group')}")
    _complain(found.problems)
    if unknown := unknown_groups(folder, history, journal.DISK):
        count = plural(len(unknown), "group folder")
        print(f"{count} of the first version: the next start takes them over", file=sys.stderr)
    if review.waiting:
        return ExitCode.DUPLICATES_REMAIN
    return ExitCode.NEEDS_RECOVERY if unknown else ExitCode.DONE


def _groups(asked: Asked, review: Review, root: str) -> Facts:
    """Print each group as soon as it is looked at, or return all for JSON."""
    told = []
    with contextlib.ExitStack() as stack:
        reader = PictureReader(stack.enter_context(Cache()), stack.enter_context(Previews()))
        for number in review.waiting:
            group = appraised(review, review.view(number), reader)
            if asked.as_json:
                told.append(report.of_group(group))
                continue
            for line in report.group_lines(group, root):
                print(line)
    return {"groups": told}


def _overlaps(asked: Asked, review: Review) -> Facts:
    overlaps = review.overlaps()
    if not asked.as_json:
        for line in report.overlap_lines(overlaps):
            print(line)
    return {"overlaps": [one._asdict() for one in overlaps]}


def decide(asked: Asked, choice: Choice) -> ExitCode:
    """Settle groups as it is said, or tell what that would do."""
    dry_run = asked.dry_run
    try:
        folder = asked.folder()
    except UsageError as none:
        if choice.numbers:
            raise
        print(_none(asked, none, {"dry_run": dry_run, "waiting": 0}))
        return ExitCode.DONE
    root = os.path.realpath(asked.path)
    done: list[Decided] = []
    with decider(folder, root, choice.rules, dry_run=dry_run) as hands:
        session = hands.session
        for number in hands.numbers(choice):
            done.append(hands.decide(number, choice))
            if not asked.as_json:
                for line in report.decided_lines(done[-1], session.root, dry_run=dry_run):
                    print(line)
        waiting = session.standing.staged
    if asked.as_json:
        facts = {"decision_folder": folder, "dry_run": dry_run, "waiting": waiting}
        facts["groups"] = [report.of_decided(one) for one in done]
        print(as_json({**facts, "problems": of_problems(session.problems)}))
    else:
        print(report.sum_line(done, waiting, dry_run=dry_run))
    _complain(session.problems)
    if session.problems or any(one.refused for one in done):
        return ExitCode.PROBLEMS
    return ExitCode.DUPLICATES_REMAIN if waiting else ExitCode.DONE


def choice(options: argparse.Namespace) -> Choice:
    """Return what is to be decided.

    Raises:
        UsageError: it is not said which groups, or not how, or both ways at once.
    """
    if bool(options.numbers) == options.everything:
        which = "numbers and --all" if options.everything else "none"
        raise UsageError(
            f"Which groups are to be decided? Given are {which}",
            "Name them by the numbers that sil groups tells, or say --all",
        )
    numbers = tuple(options.numbers)
    named = options.keep or ()
    files = tuple(one for one in named if isinstance(one, int))
    rules = tuple(one for one in named if isinstance(one, str))
    apart = options.apart or ()
    if options.suggested and not files and not apart:
        auto, sidecars = options.suggested, options.sidecars
        return Choice(numbers, "suggested", auto=auto, rules=rules, sidecars=sidecars)
    ways: Sequence[tuple[Way, bool]] = (
        ("keep", bool(files)),
        ("keep-all", options.keep_all),
        ("keep-none", options.keep_none),
        ("not-duplicates", options.not_duplicates),
        ("suggested", bool(options.suggested)),
        ("keep-in", options.keep_in is not None),
    )
    said = [way for way, given in ways if given] or (["apart"] if apart else [])
    if len(said) != 1 or (apart and said[0] in {"suggested", "not-duplicates", "keep-in"}):
        raise UsageError(
            f"How are they to be decided? Said is {' and '.join(said) or 'nothing'}",
            "Say one of --keep 1,3, --keep-all, --keep-none, --not-duplicates, --suggested and "
            "--keep-in; with the first three --apart, or that alone",
        )
    folder = os.path.realpath(options.keep_in) if options.keep_in is not None else ""
    if folder and not os.path.isdir(folder):
        raise UsageError(f"{options.keep_in} is not a folder", "Name the one whose copies stay")
    return Choice(numbers, said[0], files, sidecars=options.sidecars, apart=apart, folder=folder)


def _none(asked: Asked, none: UsageError, facts: Facts) -> str:
    """Return what is told where there is no decision folder, so that no group waits."""
    if not asked.as_json:
        return none.what
    return as_json({"decision_folder": None, **facts, "groups": [], "problems": []})


def _complain(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(problem_line(problem), file=sys.stderr)


def _nothing(_decision: Decision) -> Effects:
    """Foresee nothing: nothing is decided here."""
    raise RefusedError("A list decides nothing")
