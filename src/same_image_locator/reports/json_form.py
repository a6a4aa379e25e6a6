r"""Reports as JSON for other programs: what ``sil scan --json`` tells, and more of each group.

ASCII, one group a line; an undecodable byte of a path stands as ``\udcff``.
"""

import json
from typing import Any, TextIO

from same_image_locator.reports.value import Appraised, File, Report

VERSION = 2
_KIND = "same-image-locator"


class _Form:
    head = f'{{"report": "{_KIND}"'

    def write(self, report: Report, out: TextIO) -> None:
        """Write the report, group by group; what was summed up on the way comes last."""
        method = report.method
        start = {
            "report": _KIND,
            "version": VERSION,
            "made_at": report.made_at,
            "program_version": report.program_version,
            "root": report.root,
            "mode": method.mode,
            "threshold": method.threshold,
            **({"strictness": method.strictness} if method.mode == "similar" else {}),
        }
        out.write(json.dumps(start)[:-1] + ',\n "groups": [')
        frees = redundant = 0
        between = "\n  "
        for group in report.groups:
            out.write(between + json.dumps(group_object(group)))
            between = ",\n  "
            frees += group.advice.frees_bytes
            redundant += group.redundant_bytes
        end = {
            "problems": [problem._asdict() for problem in report.problems],
            "summary": {
                "groups": report.group_count,
                "files": report.file_count,
                "redundant_bytes": redundant,
                "frees_bytes": frees,
            },
        }
        out.write("],\n " + json.dumps(end)[1:] + "\n")


FORM = _Form()


def group_object(group: Appraised) -> dict[str, Any]:
    """Return a group as every JSON of this program tells it."""
    advice = group.advice
    return {
        "number": group.number,
        "tier": group.tier,
        "files": [_file(file) for file in group.files],
        **({"near": group.near} if group.near else {}),
        "redundant_bytes": group.redundant_bytes,
        "suggestion": {
            "keep": advice.keep,
            "confidence": advice.confidence,
            "reasons": advice.reasons,
            "frees_bytes": advice.frees_bytes,
        },
    }


def _file(file: File) -> dict[str, Any]:
    return {
        "number": file.number,
        "path": file.path,
        "distance": file.distance,
        "tier": file.tier,
        "changes": file.changes,
        "size": file.size,
        "modified": file.modified,
        "sha256": file.sha256,
        "facts": file.facts._asdict() if file.facts else None,
        "companions": file.companions,
        "has_alone": file.has_alone,
        "reference": file.reference,
    }
