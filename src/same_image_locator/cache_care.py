"""What ``sil cache`` does: tell how much is kept, make it smaller, remove it."""

import json

from same_image_locator.cache import Cache, Stats, default_folder, remove
from same_image_locator.errors import ExitCode
from same_image_locator.wording import plural, printable, size_words

_VERSION = 1


def look_after(action: str, to: int | None, *, as_json: bool) -> ExitCode:
    """Do one of ``stats``, ``trim`` and ``clear``; ``to`` is the size to trim to, in bytes."""
    if action == "clear":
        freed, left = remove(default_folder())
        _tell({"freed_bytes": freed, "left": left}, _cleared(freed, left), as_json=as_json)
        return ExitCode.PROBLEMS if left else ExitCode.DONE
    with Cache() as cache:
        before = cache.stats()
        if action == "trim":
            cache.trim(before.limit if to is None else to)
        after = cache.stats()
    facts = {
        "folder": after.folder,
        "bytes": after.size,
        "limit_bytes": after.limit,
        "fingerprints": after.fingerprints,
        "digests": after.digests,
        "thumbnails": after.thumbnails,
    }
    lines = _kept(after)
    if action == "trim":
        facts["freed_bytes"] = before.size - after.size
        lines.append(f"freed: {size_words(max(0, before.size - after.size))}")
    _tell(facts, lines, as_json=as_json)
    return ExitCode.DONE


def _kept(stats: Stats) -> list[str]:
    counts = (
        plural(stats.fingerprints, "fingerprint"),
        plural(stats.digests, "digest"),
        plural(stats.thumbnails, "thumbnail"),
    )
    size = f"{size_words(stats.size)} of at most {size_words(stats.limit)}"
    return [f"cache: {printable(stats.folder)}", size, ", ".join(counts)]


def _cleared(freed: int, left: list[str]) -> list[str]:
    lines = [f"freed: {size_words(freed)}"]
    return lines + [f"could not be removed, perhaps in use: {printable(path)}" for path in left]


def _tell(facts: dict[str, object], lines: list[str], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"version": _VERSION, **facts}, indent=1))
    else:
        print("\n".join(lines))
