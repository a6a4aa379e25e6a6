"""What each verb of the command line does, from the main job to status."""

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from same_image_locator import journal, scan_report
from same_image_locator.aftercare import standing
from same_image_locator.decision_folder import group_number
from same_image_locator.errors import ExitCode, UsageError
from same_image_locator.events import Noted
from same_image_locator.model import Receipt, Settings
from same_image_locator.pipeline import Found, existing_folder, find, located, rehearse
from same_image_locator.resume import has_groups
from same_image_locator.session import Session
from same_image_locator.ui_console import UISplit
from same_image_locator.wording import plural, printable, size_words


def clean_up(settings: Settings, undo_command: str) -> ExitCode:
    """Do the main job, or only tell what it would do."""
    settings = located(settings)
    if settings.dry_run:
        with UISplit() as ui:
            return rehearse(settings, ui)
    return _main_job(settings, undo_command, scan_first=True)


def review(settings: Settings, undo_command: str) -> ExitCode:
    """Go on with the groups that are staged."""
    folder = existing_folder(settings.root, settings.decision_folder)
    root = journal.peek(folder).root or settings.root
    settings = replace(settings, root=os.path.realpath(root), decision_folder=folder)
    return _main_job(settings, undo_command, scan_first=False)


def demo(settings: Settings, undo_command: str) -> ExitCode:
    """Build the sample library, unless it is there, and do the main job on it."""
    from same_image_locator.demo import build

    folder = os.path.abspath(settings.root)
    if not os.path.isdir(folder) or not os.listdir(folder):
        print(f"building sample photos in {folder}", file=sys.stderr)
        build(folder, journal.write_new)
    inside = os.path.join(folder, "_DECISION_DUPES")
    return clean_up(replace(settings, root=folder, decision_folder=inside), undo_command)


def scan(settings: Settings, json_file: str | None) -> ExitCode:
    """Report the groups and move nothing."""
    settings = located(settings)
    with UISplit() as ui:
        if has_groups(settings.decision_folder or ""):
            ui(Noted("the groups that wait in the decision folder are not scanned again"))
        found = find(settings, ui)
    if json_file is None:
        print(scan_report.as_text(found.groups))
        return _found_code(found)
    report = scan_report.as_json(settings.method, found.groups, found.problems)
    if json_file == "-":
        print(report)
    else:
        _write_report(json_file, report)
    return _found_code(found)


def _found_code(found: Found) -> ExitCode:
    if found.groups:
        return ExitCode.DUPLICATES_REMAIN
    return ExitCode.PROBLEMS if found.problems else ExitCode.DONE


def undo(root: str, decision_folder: str | None, number: int | None) -> ExitCode:
    """Bring staged and set-aside files back to their original paths."""
    with _session(root, decision_folder) as session:
        groups = session.undoable()
        if number is not None:
            groups = [g for g in groups if group_number(g.subject.split("/")[-1]) == number]
            if not groups:
                raise UsageError(f"There is no group {number} to undo", "sil status tells more")
        receipts = session.undo(groups)
        for receipt in receipts:
            _print_homes(receipt)
        files = sum(len(receipt.homes) - len(receipt.leftovers) for receipt in receipts)
        _print_problems(session)
        print(f"{plural(files, 'file')} back home from {plural(len(receipts), 'group')}")
        return _code(session)


def recover(root: str, decision_folder: str | None) -> ExitCode:
    """Complete what an interrupted run left half done; it happens at every start anyway."""
    with _session(root, decision_folder) as session:
        _print_problems(session)
        print("nothing is left half done")
        return _code(session)


def purge(root: str, decision_folder: str | None, *, sure: bool) -> ExitCode:
    """Free the space of what was set aside, each file only while its kept copy is proven."""
    with _session(root, decision_folder) as session:
        before = session.standing
        if not before.aside_files:
            print("nothing is set aside")
            return ExitCode.DONE
        files, size = plural(before.aside_files, "file"), size_words(before.aside_bytes)
        if not sure and not _typed_purge(f"remove {files}, {size}, for good"):
            print("nothing was removed")
            return ExitCode.DUPLICATES_REMAIN
        freed = session.free_space()
        _print_problems(session)
        print(f"{size_words(freed)} freed")
        return _code(session)


def status(root: str, decision_folder: str | None) -> ExitCode:
    """Tell what is staged and set aside; changes nothing."""
    try:
        folder = existing_folder(root, decision_folder)
    except UsageError as none:
        print(none.what)
        return ExitCode.DONE
    history = journal.peek(folder)
    now = standing(history, journal.DISK)
    print(f"decision folder: {printable(folder)}")
    print(f"waiting for a decision: {plural(now.staged, 'group')}")
    print(f"settled: {plural(now.settled, 'group')}, undone: {now.undone}, freed: {now.purged}")
    print(f"set aside: {plural(now.aside_files, 'file')}, {size_words(now.aside_bytes)}")
    if history.open:
        print("an interrupted run left something half done; the next start completes it")
        return ExitCode.NEEDS_RECOVERY
    return ExitCode.DUPLICATES_REMAIN if now.staged else ExitCode.DONE


def _main_job(settings: Settings, undo_command: str, *, scan_first: bool) -> ExitCode:
    from same_image_locator.main_job import run

    where = shlex.quote(settings.decision_folder or "")
    return run(settings, f"{undo_command} --decision-folder {where}", scan_first=scan_first)


@contextmanager
def _session(root: str, decision_folder: str | None) -> Iterator[Session]:
    """Open an existing decision folder, recovered and with the first version's groups known."""
    folder = existing_folder(root, decision_folder)
    with journal.opened(folder) as opened:
        home = opened.history.root or os.path.realpath(root)
        session = Session(opened, home, _print_note)
        session.recover()
        session.resume()
        yield session
        session.close()


def _print_note(event: object) -> None:
    if isinstance(event, Noted):
        print(printable(event.text))


def _print_homes(receipt: Receipt) -> None:
    for source, home in receipt.homes:
        if source not in receipt.leftovers:
            print(f"home again: {printable(home)}")


def _print_problems(session: Session) -> None:
    from same_image_locator.ui_summary import problem_line

    for problem in session.problems:
        print(problem_line(problem), file=sys.stderr)


def _code(session: Session) -> ExitCode:
    if session.problems:
        return ExitCode.PROBLEMS
    return ExitCode.DUPLICATES_REMAIN if session.standing.staged else ExitCode.DONE


def _typed_purge(what: str) -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(f"To {what}, without a terminal, needs --yes", "Nothing was removed")
    return input(f"This will {what}. Type purge to go on: ").strip() == "purge"


def _write_report(path: str, text: str) -> None:
    if os.path.lexists(path) and not _is_report(path):
        raise UsageError(f"{path} exists and is no report", "It was left as it is; name another")
    try:
        journal.save_text(os.path.abspath(path), text + "\n")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _is_report(path: str) -> bool:
    """Return whether a file may be replaced by a report: never a photo, whatever was typed."""
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(1) in {b"", b"{"}
