"""What ``sil apart`` does: list what was said not to be duplicates, and take it back."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence

from same_image_locator import apart
from same_image_locator.apart import Statement
from same_image_locator.errors import ExitCode, RefusedError, UsageError
from same_image_locator.events import Event, Noted
from same_image_locator.wording import plural, printable

_VERSION = 1
_LIST = "`sil apart list` tells the numbers"


def look_after(action: str, numbers: Sequence[int], *, everything: bool, as_json: bool) -> ExitCode:
    """Do one of ``list`` and ``forget``.

    Raises:
        UsageError: what is to be forgotten is not said, or is not there.
        RefusedError: it cannot be taken back; all is remembered as before.
    """
    told: list[str] = []

    def heard(event: Event) -> None:
        if isinstance(event, Noted):
            told.append(event.text)

    known = apart.statements(heard)
    if action == "list":
        if numbers or everything:
            raise UsageError("A list is always of all", "sil apart forget takes numbers and --all")
        _tell("statements", known, _lines(known, told), as_json=as_json)
        return ExitCode.PROBLEMS if told else ExitCode.DONE
    gone = _chosen(known, numbers, everything=everything)
    try:
        apart.forget([one.number for one in gone])
    except OSError as error:
        raise RefusedError(f"{error.strerror}: {error.filename}", "Nothing was changed") from error
    _tell("forgotten", gone, _forgotten(gone), as_json=as_json)
    return ExitCode.DONE


def _chosen(
    known: Sequence[Statement], numbers: Sequence[int], *, everything: bool
) -> list[Statement]:
    if bool(numbers) == everything:
        raise UsageError("Say which statements to forget", f"Name numbers or --all; {_LIST}")
    unknown = set(numbers).difference(one.number for one in known)
    if unknown:
        raise UsageError(f"There is no statement {min(unknown)}", f"{_LIST}; nothing was changed")
    return [one for one in known if everything or one.number in numbers]


def _lines(known: Sequence[Statement], told: Sequence[str]) -> Iterator[str]:
    yield from told
    for one in known:
        when = dt.datetime.fromtimestamp(one.at).astimezone().strftime("%Y-%m-%d %H:%M")
        yield f"{one.number}: {when}, {_says(one)}"
        for file in one.files:
            yield f"    {'= ' if _is_shared(one, file.part) else ''}{printable(file.path)}"
    count = plural(len(known), "statement")
    yield f"{count}; `sil apart forget N` takes one back" if known else "nothing was told apart"


def _says(one: Statement) -> str:
    """Return what a statement says of its files, in words."""
    if not any(_is_shared(one, file.part) for file in one.files):
        return "no two of these are the same picture:"
    first = sum(file.part == one.files[0].part for file in one.files)
    those = "file is" if first == 1 else f"{first:,} files are"
    return f"the first {those} not the picture of the others:"


def _is_shared(one: Statement, part: int) -> bool:
    return sum(file.part == part for file in one.files) > 1


def _forgotten(gone: Sequence[Statement]) -> Iterator[str]:
    yield f"{plural(len(gone), 'statement')} taken back"


def _tell(name: str, found: Sequence[Statement], lines: Iterator[str], *, as_json: bool) -> None:
    if not as_json:
        print("\n".join(lines))
        return
    listed = [
        {
            "number": one.number,
            "at": dt.datetime.fromtimestamp(one.at, dt.UTC).isoformat(timespec="seconds"),
            "files": [file._asdict() for file in one.files],
        }
        for one in found
    ]
    print(json.dumps({"version": _VERSION, name: listed}, indent=1))
