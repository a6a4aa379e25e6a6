"""Reports as one HTML file that opens from the disk: no script, nothing loaded from anywhere.

Pictures are inside, as far as there is room: one for each content of a group, at most twelve of a
group and so many bytes of all. Whatever else there is to tell is told of every file.
"""

import base64
import hashlib
import os
from collections.abc import Iterator
from html import escape
from typing import TextIO

from same_image_locator.model import Method
from same_image_locator.reports.value import Appraised, File, Report
from same_image_locator.wording import inside, moment_words, plural, printable, size_words

PICTURES_BYTES = 32_000_000  # of all pictures, as text: a browser opens a page of that size at once
PICTURES_OF_A_GROUP = 12
_HEAD = "<!doctype html>\n<!-- A report of Same Image Locator -->\n"
_KEPT = "✓ keep"


class _Form:
    head = _HEAD

    def write(self, report: Report, out: TextIO) -> None:
        """Write the page, group by group."""
        out.write(_start(report))
        room = _Room(report)
        frees = redundant = 0
        for group in report.groups:
            out.writelines(_article(group, report, room))
            frees += group.advice.frees_bytes
            redundant += group.redundant_bytes
        out.write(_end(report, frees, redundant, room.left_out))


FORM = _Form()


class _Room:
    """Gives the pictures of a report until their room is used up."""

    def __init__(self, report: Report) -> None:
        self._thumbnail = report.thumbnail
        self._bytes = PICTURES_BYTES
        self.left_out = 0

    def picture(self, file: File, place: int) -> str:
        """Return what stands for a file's picture, the one at ``place`` of its group."""
        if place >= PICTURES_OF_A_GROUP or self._bytes <= 0:
            self.left_out += 1
            return "picture left out"
        jpeg = self._thumbnail(file)
        if jpeg is None:
            return "no preview"
        coded = base64.b64encode(jpeg).decode("ascii")
        self._bytes -= len(coded)
        name = _text(os.path.basename(file.path))
        return f'<img src="data:image/jpeg;base64,{coded}" alt="{name}" loading="lazy">'


def _text(words: str) -> str:
    """Return text that is nothing but text in HTML, between tags and in quoted attributes."""
    return escape(printable(words))


def _start(report: Report) -> str:
    with open(os.path.join(os.path.dirname(__file__), "report.css"), encoding="utf-8") as file:
        style = "\n" + file.read()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    allowed = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'"
    policy = f"{allowed}; base-uri 'none'; form-action 'none'"
    counted = f"{plural(report.group_count, 'group')} of {plural(report.file_count, 'file')}"
    about = f"Found {moment_words(report.made_at)}, {_method(report.method)}"
    return (
        f'{_HEAD}<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>Same images in {_text(report.root)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n<main>\n<header><h1>{counted}</h1>\n<p>in <bdi>{_text(report.root)}</bdi></p>\n"
        f'<p class="soft">{_text(about)}</p></header>\n'
    )


def _method(method: Method) -> str:
    if method.mode in {"ahash", "phash"}:
        return f"mode {method.mode} with threshold {method.threshold}"
    strict = "" if method.strictness == "default" else f", {method.strictness}"
    return f"mode {method.mode}{strict}"


def _article(group: Appraised, report: Report, room: _Room) -> Iterator[str]:
    frees = f", frees {size_words(group.advice.frees_bytes)}" if group.advice.keep else ""
    yield (
        f'<article id="g{group.number}">\n<div class="head"><h2>Group {group.number}</h2>'
        f'<span class="tier">{_text(group.tier)}</span>'
        f'<span class="soft">{plural(len(group.files), "file")}{frees}</span></div>\n'
        f"<p>{_advice(group)}</p>\n"
        '<ul class="cards">\n'
    )
    contents: dict[str, list[File]] = {}
    for file in group.files:
        contents.setdefault(file.sha256, []).append(file)
    for place, files in enumerate(contents.values()):
        kept = "" if all(_word(group, file) != _KEPT for file in files) else " kept"
        picture = room.picture(files[0], place)
        yield f'<li class="card{kept}"><div class="picture">{picture}</div><div class="files">\n'
        if len(files) > 1:
            yield f"<h3>{len(files)} identical files</h3>\n"
        for file in files:
            yield _file(group, file, report.root)
        yield "</div></li>\n"
    yield "</ul>\n"
    if group.near:
        near = ", ".join(f"<bdi>{_text(inside(path, report.root))}</bdi>" for path in group.near)
        yield f'<p class="soft">A looser rule would add {near}</p>\n'
    yield "</article>\n"


def _advice(group: Appraised) -> str:
    reasons = _text("; ".join(group.advice.reasons))
    if not group.advice.keep:
        return f"Left for you: {reasons}"
    kept = ", ".join(str(number) for number in group.advice.keep)
    sure = _text(group.advice.confidence)
    return f'<span class="keep">Suggested: keep {kept}</span> ({sure}): {reasons}'


def _file(group: Appraised, file: File, root: str) -> str:
    folder = os.path.dirname(inside(file.path, root))
    lines = [
        f'<div class="file"><p class="file-name">{file.number}. '
        f"<bdi>{_text(os.path.basename(file.path))}</bdi>"
        + (f' <span class="keep">{_KEPT}</span>' if _word(group, file) == _KEPT else "")
        + "</p>",
        f'<p class="soft"><bdi>{_text(folder or ".")}</bdi></p>',
        f'<p class="soft">{_text(", ".join(_facts(file)))}</p>',
    ]
    apart = ", ".join(filter(None, (file.tier, file.changes)))
    if file.number > 1 and file.tier != "identical":
        lines.append(f'<p class="soft">{_text(apart)}</p>')
    if file.companions:
        names = ", ".join(os.path.basename(path) for path in file.companions)
        lines.append(f'<p class="soft">goes with <bdi>{_text(names)}</bdi></p>')
    if file.has_alone:
        words = "; ".join(file.has_alone)
        lines.append(f'<p class="lacks">⚠ has alone: {_text(words)}</p>')
    return "\n".join(lines) + "</div>\n"


def _word(group: Appraised, file: File) -> str:
    return _KEPT if file.number in group.advice.keep else ""


def _facts(file: File) -> Iterator[str]:
    if file.facts:
        yield f"{file.facts.width} × {file.facts.height}"
        yield file.facts.format
    yield size_words(file.size)
    if file.facts and file.facts.taken_at:
        yield f"taken {file.facts.taken_at.replace('T', ' ')}"
    if file.facts and file.facts.camera:
        yield file.facts.camera
    if file.reference:
        yield "in a reference folder, stays"


def _end(report: Report, frees: int, redundant: int, left_out: int) -> str:
    sums = [
        ("Following the suggestions frees", size_words(frees)),
        ("Keeping only the largest files frees", size_words(redundant)),
        ("Problems", f"{len(report.problems):,}"),
    ]
    if left_out:
        sums.append(("Pictures left out", f"{left_out:,}"))
    pairs = "".join(f"<div><dt>{name}</dt><dd>{words}</dd></div>" for name, words in sums)
    problems = "".join(
        f"<li><bdi>{_text(one.path)}</bdi>: {_text(one.detail)}</li>" for one in report.problems
    )
    listed = f'<section class="problems"><h2>Problems</h2><ul>{problems}</ul></section>\n'
    return f'{listed if problems else ""}<dl class="sums">{pairs}</dl>\n</main>\n</body>\n</html>\n'
