"""Who has not this run's token, or a picture's signature, gets neither answers nor pictures."""

import pytest

from same_image_locator.web_review import Secrets
from serving import Site

SECRET_PATHS = [
    "/api/session",
    "/api/session?after=1",
    "/api/opening",
    "/api/groups",
    "/api/groups/1",
    "/api/groups/1/facts",
    "/api/groups/1/views",
    "/api/groups/1/pair/0/1",
    "/api/places",
    "/api/history",
    "/api/not-duplicates",
    "/api/jobs/1",
    # Spellings of the same that a check of prefixes could take for something else.
    "//api/session",
    "///api/session",
    "/%61pi/session",
    "/%2fapi/session",
    "/./api/session",
    "/x/../api/session",
    "/static/../api/session",
    "/static/%2e%2e/api/session",
    "/static/..%2fapi/session",
    "/API/session",
    "/api;x/session",
    "/api%00/session",
    "/api/session?token={token}&X-SIL-Token={token}",
    "/api/session#t={token}",
]


@pytest.mark.parametrize("path", SECRET_PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_nothing_is_told_without_the_token(site: Site, path: str, method: str) -> None:
    asked = path.format(token=site.server.keys.token)
    answer = site.ask(method, asked, site.headers()[:1])
    assert answer.status in {308, 400, 401, 404}
    assert b"phone" not in answer.body


@pytest.mark.parametrize(
    "target", ["api/session", "api/groups/1", "x:api/session", "?/api/session"]
)
def test_a_path_without_its_slash_is_no_way_around_the_token(site: Site, target: str) -> None:
    answer = site.ask("GET", target, site.headers()[:1])
    assert answer.status == 400
    assert b"phone" not in answer.body


WRONG = {
    "of another run": Secrets().token,
    "empty": "",
    "a star": "*",
    "null": "null",
    "true": "true",
    "twice": "{token}, {token}",
    "quoted": '"{token}"',
    "with its name": "t={token}",
    "a part of it": "{token[0]}",
    "not text": "\xe9\xff\x80",
    "very long": "A" * 8000,
}


@pytest.mark.parametrize("said", WRONG.values(), ids=WRONG)
def test_no_other_token_is_taken(site: Site, said: str) -> None:
    header = f"X-SIL-Token: {said.format(token=site.server.keys.token)}"
    assert site.ask("GET", "/api/session", [site.headers()[0], header]).status == 401
    changed = [*site.headers("POST")[:1], header, *site.headers("POST")[2:]]
    assert site.ask("POST", "/api/stop", changed, b"{}").status == 401


def test_upper_and_lower_case_of_a_token_are_two_tokens(site: Site) -> None:
    header = f"X-SIL-Token: {site.server.keys.token.swapcase()}"
    assert site.ask("GET", "/api/session", [site.headers()[0], header]).status == 401


SIGNED_WRONG = {
    "no signature": "{path}",
    "an empty one": "{path}?k=",
    "the signature of another picture": "{path}?k={other}",
    "the signature of another run": "{path}?k={old}",
    "a part of the signature": "{path}?k={half}",
    "upper case": "{path}?k={upper}",
    "not text": "{path}?k=%ff%fe",
    "the token in its place": "{path}?k={token}",
    "another size": "{base}/160?k={k}",
    "a size that is not made": "{base}/100000?k={k}",
    "another file's place": "/thumb/1/1/{digest}/480?k={k}",
    "another group": "/thumb/2/0/{digest}/480?k={k}",
    "another route": "/view/1/0/{digest}/480?k={k}",
    "a slash more": "/{path}/?k={k}",
    "a dot more": "/thumb/./1/0/{digest}/480?k={k}",
    "a zero more": "/thumb/01/0/{digest}/480?k={k}",
    "other digits": "/thumb/%D9%A1/0/{digest}/480?k={k}",
    "another content": "/thumb/1/0/0000000000000000/480?k={k}",
}


@pytest.mark.parametrize("form", SIGNED_WRONG.values(), ids=SIGNED_WRONG)
def test_a_picture_is_only_given_to_the_address_that_was_signed(site: Site, form: str) -> None:
    files = site.call("GET", "/groups/1").json["files"]
    path, _, k = files[0]["thumb"].partition("?k=")
    parts = {
        "path": path,
        "base": path.rpartition("/")[0],
        "digest": path.split("/")[4],
        "k": k,
        "half": k[:16],
        "upper": k.upper(),
        "other": files[1]["thumb"].partition("?k=")[2],
        "old": Secrets().sign(path),
        "token": site.server.keys.token,
    }
    answer = site.ask("GET", form.format(**parts), site.headers()[:1])
    assert answer.status in {308, 400, 403, 404}
    assert not answer.body.startswith(b"\xff\xd8")
