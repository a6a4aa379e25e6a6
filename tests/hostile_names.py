"""Six hundred file names that a disk takes and a program may choke on, always the same ones."""

import os
import random
import unicodedata

COUNT = 600
_LONGEST = 255  # bytes, on the usual file systems

_CONTROLS = [chr(code) for code in (*range(1, 32), 127, 0x85, 0x9B)]
_INVISIBLE = [chr(code) for code in (0xAD, 0x61C, 0x180E, 0x2028, 0x2029, 0x2060, 0xFEFF, 0xFFFE)]
_MARKS = [chr(code) for code in (*range(0x200B, 0x2010), *range(0x202A, 0x202F))]
_ISOLATES = [chr(code) for code in range(0x2066, 0x206A)]
_NOT_TEXT = [b"\x80", b"\xff\xfe", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"]
_NOT_TEXT += [bytes([code]) for code in range(0x81, 0x100, 3)]
_WORDS = ["caf\u00e9", "\u00c5ngstr\u00f6m", "\uac01", "\u1ec7", "\u0439", "\u304c", "\u0958"]
_CASES = ["Photo", "PHOTO", "photo", "stra\u00dfe", "STRASSE", "\u0130", "i\u0307", "\u017f", "s"]
_RESERVED = ["CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$"]
_RESERVED += [f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10)]
_SCRIPTS = [
    *(
        "\u05e9\u05dc\u05d5\u05dd",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u5199\u771f",
    ),
    *("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1fa\U0001f1f3", "\U0001f44d\U0001f3fd"),
    *(
        "\u0e20\u0e32\u0e1e",
        "\u0928\u093f",
        "e" + "\u0301" * 60,
        "\U000e0041",
        "\ue000",
        "\U0010ffff",
    ),
]
_MARKUP = [
    *("<img src=x onerror=alert(1)>", '"><script>alert(1)<', "&lt;b&gt;", "&#x3c;", "javascript:x"),
    *(
        "'-alert(1)-'",
        "${7*7}",
        "{{7*7}}",
        "{0.__class__}",
        "%s%n",
        "[red]x[",
        "[link=x]",
        ":smile:",
    ),
    *("<!--", "]]>", "<svg onload=x>", "</title>", "`x`", "\\u003c", "\\", "\\\\", "\\x41", "\\n"),
]
_ADDRESSES = [
    *("%2e%2e%2fx", "..%5cx", "%00", "%", "?x=1", "#t=1", "a?b#c", "..\\..\\x", "C:\\x", "C:x"),
    *(
        "\\\\host\\share",
        "file:",
        "http:",
        "~",
        "~root",
        "$HOME",
        "a;b",
        "a&b",
        "a|b",
        "a>b",
        "a b",
    ),
    *("*", "?", "[a-z]", "{a,b}", "!x", "$(touch x)", "`touch x`", "'", '"', "''", "x\n-rf"),
]
_FORMULAS = [
    "=cmd|' C calc'!A0",
    "+1+1",
    "-1",
    "@SUM(1)",
    "=1\t2",
    "-rf",
    "--help",
    "-",
    "--",
    "-n",
]
_OURS = [
    *("_manifest.tsv", "_group_meta.json", "_review_state.json", "_review_state.json.new"),
    *("_manifest.tsv_like", ".journal.jsonl", ".lock", ".preferences.json", ".set-aside"),
    *("001_x", "002_", "group_0001_sha_0123456789", "a (kept)", "a (kept 2)", "a (restored)"),
    *("Recovered", "_DECISION_DUPES", '{"op":"done","id":1}', "#end 1", "x.new", "x.part"),
]
_ODD_ENDS = [
    "x.",
    "x...",
    "x ",
    " x",
    " ",
    ". .",
    "...",
    "..x",
    ".x",
    "x.jpg.",
    "x.jpg ",
    "x.tar.gz",
]
_LONG = [
    "n" * 251,
    "\u00e9" * 125,
    "\U0001f44d" * 62,
    "\udcff" * 250,
    ("a" * 120) + "." + "b" * 130,
]
_TERMINAL = [
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "\x9b2J",
    "a\rb",
    "a\bb",
    "x\n\n\ny",
    "\t",
    "a\vb\fc",
]

# Files of these very names at the top of a folder mean that it is a decision folder.
_MEANING = {".journal.jsonl"}


def hostile_names() -> list[str]:
    """Return the names: the known troublemakers, then mixtures of them."""
    singles = [
        *(f"a{mark}b" for mark in (*_CONTROLS, *_INVISIBLE, *_MARKS, *_ISOLATES)),
        *(os.fsdecode(raw) for raw in _NOT_TEXT),
        *(unicodedata.normalize(form, word) for word in _WORDS for form in ("NFC", "NFD")),
        *(*_CASES, *_RESERVED, *_SCRIPTS, *_MARKUP, *_ADDRESSES, *_FORMULAS, *_OURS),
        *(*_ODD_ENDS, *_LONG, *_TERMINAL),
    ]
    names = dict.fromkeys(
        name + end for name in singles for end in ("", ".jpg") if _possible(name + end)
    )
    rng = random.Random(500)
    parts = [single for single in singles if len(single) < 20]
    while len(names) < COUNT:
        mixture = "".join(rng.sample(parts, 3)) + rng.choice(("", ".jpg", ".JPG", ".png "))
        # Bytes that are no text may become some beside others: the name as the disk tells it.
        mixture = os.fsdecode(os.fsencode(mixture))
        if _possible(mixture):
            names[mixture] = None
    return list(names)


def _possible(name: str) -> bool:
    fits = 0 < len(os.fsencode(name)) <= _LONGEST
    return fits and not {"/", "\0"} & set(name) and name not in {".", "..", *_MEANING}
