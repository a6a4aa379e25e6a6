"""What ``sil find-similar`` tells: as text for people, as JSON for other programs."""

import json
import os

from same_image_locator.similar.reverse import Answer
from same_image_locator.wording import plural, printable

_VERSION = 1


def as_text(answer: Answer) -> str:
    """Return the files that show the picture, a line each, and a last line that counts them."""
    lines = []
    for match in answer.matches:
        told = ", ".join(filter(None, (match.tier, match.changes)))
        lines.append(f"{printable(match.path)}  ({told})")
    count = len(answer.matches)
    shown = f"{plural(count, 'photo')} {'shows' if count == 1 else 'show'} the picture"
    return "\n".join([*lines, shown if count else "no photo shows the picture"])


def as_json(picture: str, answer: Answer) -> str:
    r"""Return the answer as ASCII JSON; an undecodable byte of a path stands as ``\udcff``."""
    report = {
        "version": _VERSION,
        "picture": os.path.abspath(picture),
        "matches": [match._asdict() for match in answer.matches],
        "problems": [problem._asdict() for problem in answer.problems],
    }
    return json.dumps(report, indent=1)
