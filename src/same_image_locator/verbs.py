"""What the verbs do that find and review groups: the main job, review, scan and the like."""

import os
import sys

from same_image_locator import scan_report
from same_image_locator.errors import ExitCode, LockedError, UsageError
from same_image_locator.events import Listener, Noted, ignore
from same_image_locator.fingerprint import prepare, prepare_helpers
from same_image_locator.model import Settings
from same_image_locator.own_names import has_groups
from same_image_locator.pipeline import Found, find, located
from same_image_locator.roots import check_own
from same_image_locator.ui_lines import Lines, is_plain

TYPE_CHECKING = False  # as typing has it; what is staged takes long to load
if TYPE_CHECKING:
    from same_image_locator.plans import Staged


def clean_up(settings: Settings, undo_command: str, log: Listener = ignore) -> ExitCode:
    """Do the main job, or only tell what it would do."""
    settings = located(settings)
    check_own(settings)
    if not has_groups(settings.decision_folder or ""):  # else the run goes on with these
        prepare_helpers(settings.method)
    prepare(settings.method)
    if settings.dry_run:
        from same_image_locator.dry_run import rehearse

        with _screen(log) as ui:
            return rehearse(settings, ui, _waiting(settings) if settings.suggests else [])
    return _main_job(settings, undo_command, log, scan_first=True)


def review(settings: Settings, undo_command: str, log: Listener = ignore) -> ExitCode:
    """Go on with the groups that are staged, or look at them while another run does."""
    from same_image_locator import journal
    from same_image_locator.resume import existing_folder

    folder = existing_folder(settings.root, settings.decision_folder)
    root = journal.peek(folder).root or settings.root
    settings = settings._replace(root=os.path.realpath(root), decision_folder=folder)
    if owner := journal.owner(folder):
        if not settings.page:
            raise LockedError(folder, owner)
        from same_image_locator.look import look

        return look(settings, owner, log)
    return _main_job(settings, undo_command, log, scan_first=False)


def _waiting(settings: Settings) -> "list[Staged]":
    """Return the groups that wait in the decision folder already."""
    folder = settings.decision_folder or ""
    if not has_groups(folder):
        return []
    from same_image_locator import journal, resume

    return resume.staged_groups(journal.peek(folder), journal.DISK).groups


def demo(settings: Settings, undo_command: str) -> ExitCode:
    """Build the sample library, unless it is there, and do the main job on it."""
    from same_image_locator import journal
    from same_image_locator.demo import build

    folder = os.path.abspath(settings.root)
    if not os.path.isdir(folder) or not os.listdir(folder):
        print(f"building sample photos in {folder}", file=sys.stderr)
        build(folder, journal.write_new)
    inside = os.path.join(folder, "_DECISION_DUPES")
    return clean_up(settings._replace(root=folder, decision_folder=inside), undo_command)


def scan(
    settings: Settings,
    json_file: str | None,
    report: tuple[str | None, str | None] = (None, None),
    log: Listener = ignore,
) -> ExitCode:
    """Report the groups and move nothing; ``report`` is in which form, and to which file."""
    form, output = report
    if output is not None and form is None:
        raise UsageError("--output needs --report", "Say in which form the report is wanted")
    if form is not None:
        from same_image_locator.report_output import check

        check(form, output)
    prepare_helpers(settings.method)
    prepare(settings.method)
    settings = located(settings)
    with _screen(log) as ui:
        if has_groups(settings.decision_folder or ""):
            ui(Noted("the groups that wait in the decision folder are not scanned again"))
        found = find(settings, ui, digests=form is not None)
        if form is not None and output is not None:
            _report(settings, found, form, output, ui)
    if form is not None and output is None:
        _report(settings, found, form, "", log)  # on a screen that is no longer divided
    elif form is None and json_file is None:
        print(scan_report.as_text(found.groups))
    elif json_file is not None:
        _hand_over(json_file, scan_report.as_json(settings.method, found.groups, found.problems))
    return _found_code(found)


def compare(one: str, other: str, picture: str | None, *, as_json: bool) -> ExitCode:
    """Tell what two files are to each other, and why; draw their difference if it is wanted."""
    from same_image_locator import comparison_report
    from same_image_locator.similar.comparison import compared

    if picture is not None and os.path.lexists(picture):
        raise UsageError(f"{picture} exists", "It was left as it is; name another")
    found = compared(one, other, draw=picture is not None)
    if picture is not None:
        from same_image_locator import journal

        try:
            journal.write_new(os.path.abspath(picture), found.difference)
        except OSError as error:
            raise UsageError(f"{picture} cannot be written: {error.strerror}") from error
    tell = comparison_report.as_json if as_json else comparison_report.as_text
    print(tell(one, other, found))
    return ExitCode.DUPLICATES_REMAIN if found.verdict.same else ExitCode.DONE


def find_similar(
    picture: str, settings: Settings, json_file: str | None, log: Listener = ignore
) -> ExitCode:
    """Report which photos show a picture and move nothing."""
    prepare_helpers(settings.method)
    prepare(settings.method, at_once=True)
    settings = located(settings)
    from same_image_locator import answer_report
    from same_image_locator.similar.reverse import find

    with _screen(log) as ui:
        answer = find(picture, settings.root, settings.decision_folder or "", ui)
    if json_file is None:
        print(answer_report.as_text(answer))
    else:
        _hand_over(json_file, answer_report.as_json(picture, answer))
    if answer.matches:
        return ExitCode.DUPLICATES_REMAIN
    return ExitCode.PROBLEMS if answer.problems else ExitCode.DONE


def _screen(log: Listener) -> Lines:
    """Return what shows the run: the split screen where there can be one, else plain lines."""
    if is_plain():
        return Lines(log=log)
    from same_image_locator.ui_console import UISplit  # it loads all that draws on a terminal

    return UISplit(log=log)


def _found_code(found: Found) -> ExitCode:
    if found.groups:
        return ExitCode.DUPLICATES_REMAIN
    return ExitCode.PROBLEMS if found.problems else ExitCode.DONE


def _main_job(
    settings: Settings, undo_command: str, log: Listener, *, scan_first: bool
) -> ExitCode:
    import shlex

    from same_image_locator.main_job import run

    where = shlex.quote(settings.decision_folder or "")
    command = f"{undo_command} --decision-folder {where}"
    return run(settings, command, scan_first=scan_first, log=log)


def _report(settings: Settings, found: Found, form: str, output: str, listener: Listener) -> None:
    from same_image_locator import report_output  # what reads pictures takes long to load

    report_output.write(settings, found, form, output, listener)


def _hand_over(path: str, report: str) -> None:
    if path == "-":
        print(report)
    else:
        _write_report(path, report)


def _write_report(path: str, text: str) -> None:
    if os.path.lexists(path) and not _is_report(path):
        raise UsageError(f"{path} exists and is no report", "It was left as it is; name another")
    from same_image_locator import journal  # what moves files takes long to load

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
