"""What ``sil scan`` tells of the groups: as text for people, as JSON for other programs."""

from collections.abc import Iterator, Sequence

from same_image_locator.model import Group, Member, Method, Problem
from same_image_locator.wording import plural, printable

_VERSION = 1


def as_text(groups: Sequence[Group]) -> str:
    """Return the groups with their files, those marked that stay, and a last line that counts."""
    return "\n".join(_lines(groups))


def as_json(method: Method, groups: Sequence[Group], problems: Sequence[Problem]) -> str:
    r"""Return the report as ASCII JSON; an undecodable byte of a path stands as ``\udcff``."""
    import json

    report = {
        "version": _VERSION,
        "mode": method.mode,
        "threshold": method.threshold,
        **({"strictness": method.strictness} if method.mode == "similar" else {}),
        "groups": [
            {
                "number": group.number,
                "tier": group.tier,
                "files": [_file(group, member) for member in group.members],
                **({"near": group.near} if group.near else {}),
            }
            for group in groups
        ],
        "problems": [
            {"path": problem.path, "step": problem.step, "detail": problem.detail}
            for problem in problems
        ],
    }
    return json.dumps(report, indent=1)


def _file(group: Group, member: Member) -> dict[str, object]:
    facts: dict[str, object] = {
        "path": member.examined.photo.path,
        "distance": member.distance,
        "tier": member.tier,
    }
    return facts | {"changes": member.changes} if group.method.perceptual else facts


def _lines(groups: Sequence[Group]) -> Iterator[str]:
    for group in groups:
        yield f"group {group.number}: {plural(len(group.members), 'file')}"
        for member in group.members:
            path = member.examined.photo.path
            stays = "  (in a reference folder, stays)" if path in group.staying else ""
            yield f"    {printable(path)}{_apart(group, member)}{stays}"
    count = sum(len(group.members) for group in groups)
    yield f"{plural(len(groups), 'group')} of {plural(count, 'file')}"


def _apart(group: Group, member: Member) -> str:
    """Return how far a file is from the first of its group."""
    if not group.method.perceptual or member is group.members[0]:
        return ""
    bits = "" if group.method.mode == "similar" else f"{member.distance} of 64 bits"
    return f"  ({', '.join(filter(None, (member.tier, bits, member.changes)))})"
