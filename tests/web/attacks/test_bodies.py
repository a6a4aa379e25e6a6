"""A body that the page would not send changes nothing, whatever its form."""

import json
from typing import Any

import pytest

from serving import Site

# Each request that changes something, with a body that it would accept.
CHANGES: list[tuple[str, str, dict[str, Any]]] = [
    ("PUT", "/groups/1/files/0/keep", {"keep": True, "rev": 1}),
    ("PUT", "/groups/1/selection", {"keep": [0], "rev": 1}),
    ("PUT", "/groups/1/auto-finish", {"on": True}),
    ("POST", "/folders/prefer", {"group": 1, "file": 0, "rev": 1, "on": True}),
    ("POST", "/groups/1/finish", {"rev": 1, "allow_none": False, "auto": False}),
    ("POST", "/groups/1/finish/confirm", {"nonce": "x"}),
    ("POST", "/groups/1/finish/take-back", {"nonce": "x"}),
    ("POST", "/groups/1/undo", {}),
    ("POST", "/groups/1/not-duplicates", {"files": [0], "rev": 1, "among": [0, 1]}),
    ("POST", "/not-duplicates/1/take-back", {}),
    ("POST", "/bulk/preview", {"auto": "identical"}),
    ("POST", "/bulk/apply", {"preview_token": "x"}),
    ("POST", "/bulk/1/undo", {}),
    ("POST", "/free-space", {"yes": True}),
    ("POST", "/free-space/confirm", {"nonce": "x"}),
    ("POST", "/stop", {}),
]
MAY_BE_NULL = {"allow_none", "auto", "nonce", "among"}


@pytest.mark.parametrize(("method", "path", "body"), CHANGES, ids=[path for _, path, _ in CHANGES])
def test_a_field_too_many_is_refused(
    site: Site, method: str, path: str, body: dict[str, Any]
) -> None:
    for more in ("allow_nothing", "__proto__", "", "Rev"):
        assert site.call(method, path, {**body, more: 1}).status in {400, 404}


@pytest.mark.parametrize(("method", "path", "body"), CHANGES, ids=[path for _, path, _ in CHANGES])
def test_a_field_of_another_kind_is_refused(
    site: Site, method: str, path: str, body: dict[str, Any]
) -> None:
    for name, usual in body.items():
        odds: tuple[Any, ...] = (None, {}, "1", 1.5, [[0]], -1)
        for odd in odds:
            if odd is None and name in MAY_BE_NULL and "confirm" not in path:
                continue
            if type(odd) is not type(usual):
                answer = site.call(method, path, {**body, name: odd})
                assert answer.status == 400, (name, odd)


FORMS = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"rev"',
    "a number": b"1",
    "not closed": b'{"keep": [0], "rev": 1',
    "two values": b'{"keep": [0], "rev": 1} {}',
    "not a number": b'{"keep": [NaN], "rev": 1}',
    "infinity": b'{"keep": [Infinity], "rev": 1}',
    "a fraction": b'{"keep": [0.0], "rev": 1}',
    "a negative place": b'{"keep": [-1], "rev": 1}',
    "a huge place": b'{"keep": [' + b"9" * 4000 + b'], "rev": 1}',
    "more digits than a number has": b'{"keep": [' + b"9" * 20_000 + b'], "rev": 1}',
    "a name": b'{"keep": ["../one.jpg"], "rev": 1}',
    "deep lists": b'{"keep": ' + b"[" * 30_000 + b"]" * 30_000 + b', "rev": 1}',
    "deep objects": b'{"keep":' * 8000,
    "no text": b'{"keep": [0], "rev": 1, "\xff": 1}',
    "utf-16": '{"keep": [0], "rev": 99}'.encode("utf-16"),
    "a comment": b'{"keep": [0], /* */ "rev": 1}',
    "single quotes": b"{'keep': [0], 'rev': 1}",
    "neither some nor all": b'{"rev": 1}',
    "both some and all": b'{"keep": [0], "all": true, "rev": 1}',
    "not all": b'{"all": false, "rev": 1}',
    "all by a word": b'{"all": "true", "rev": 1}',
    "a form": b"keep=0&rev=1",
    "xml": b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "a pickle": b"\x80\x04\x95.",
    "a prefix": b")]}',\n{}",
    "the same file a thousand times": b'{"keep": [' + b"0," * 5000 + b'0], "rev": 1}',
    "a revision that is yet to come": b'{"keep": [0], "rev": 1000000}',
    "a revision of before": b'{"keep": [0], "rev": 0}',
    "a true revision": b'{"keep": [0], "rev": true}',
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_what_the_page_would_not_send_selects_nothing(site: Site, body: bytes) -> None:
    answer = site.ask("PUT", "/api/groups/1/selection", site.headers("PUT"), body)
    assert answer.status in {400, 404, 409}
    assert site.call("GET", "/groups/1").json["keep"] == 0


@pytest.mark.parametrize("size", [64 * 1024 + 1, 200_000, 2_000_000])
def test_a_body_is_refused_by_its_length_before_it_is_read(site: Site, size: int) -> None:
    lines = ["PUT /api/groups/1/selection HTTP/1.1", *site.headers("PUT")]
    head = "\r\n".join([*lines, f"Content-Length: {size}", "Connection: close", "", ""])
    body = json.dumps({"keep": [0], "rev": 1}).encode().ljust(size)
    try:
        answer = site.raw(head.encode() + body)
    except (ConnectionResetError, BrokenPipeError):  # it hangs up on the rest
        return
    assert answer.split(b" ", 2)[1] == b"413"
