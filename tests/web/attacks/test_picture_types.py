"""A file that is no picture, or more than one, is never served as what it could do harm as."""

import io
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

import reviewing
from serving import Site, own_cache, serving

SCRIPT = b"<script>document.documentElement.dataset.ran = 1</script>"


def _picture(kind: str, **more: object) -> bytes:
    made = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(made, kind, **more)
    return made.getvalue()


JPEG, PNG, GIF = (_picture(kind) for kind in ("JPEG", "PNG", "GIF"))
COMMENT = b"\xff\xfe" + (len(SCRIPT) + 2).to_bytes(2, "big") + SCRIPT
TEXT = b"tEXtComment\0" + SCRIPT
CHUNK = (len(TEXT) - 4).to_bytes(4, "big") + TEXT + zlib.crc32(TEXT).to_bytes(4, "big")

FILES = {
    "svg.jpg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="x()">'
    + SCRIPT
    + b"</svg>",
    "html.jpg": b"<!doctype html><title>x</title>" + SCRIPT,
    "html.png": b"<html><body>" + SCRIPT + b"</body></html>",
    "xml.gif": b"<?xml version='1.0'?><x xmlns='http://www.w3.org/1999/xhtml'>" + SCRIPT + b"</x>",
    "pdf.jpg": b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(x)>>>>" + SCRIPT,
    "script.jpg": b"document.documentElement.dataset.ran = 1 //" + SCRIPT,
    "manifest.webp": b"CACHE MANIFEST\n" + SCRIPT,
    "html behind a jpeg.jpg": JPEG + SCRIPT,
    "html in a comment.jpg": JPEG[:2] + COMMENT + JPEG[2:],
    "html in a text.png": PNG[:33] + CHUNK + PNG[33:],
    "script as a gif.gif": b"GIF89a/*" + b"\0" * 20 + b"*/=1;" + SCRIPT,
    "html behind a gif.gif": GIF + SCRIPT,
    "png named.jpg": PNG + SCRIPT,
    "zip behind a jpeg.jpg": JPEG + b"PK\x03\x04" + SCRIPT,
    "a start only.jpg": JPEG[:20] + SCRIPT,
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Each of the files twice, served."""
    room = tmp_path_factory.mktemp("odd")
    photos = Path(room, "photos")
    for name, content in FILES.items():
        for folder in ("a", "b"):
            path = photos / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    with own_cache(), serving(photos) as site:
        yield site


@pytest.mark.parametrize("name", FILES)
def test_only_pictures_made_anew_are_served_and_only_as_jpeg(odd: Site, name: str) -> None:
    rows = odd.call("GET", "/groups").json["rows"]
    groups = [odd.call("GET", f"/groups/{row['number']}").json for row in rows]
    [group] = [one for one in groups if one["files"][0]["name"] == name]
    large = odd.call("GET", f"/groups/{group['number']}/views").json["files"][0][0]
    for address in (group["files"][0]["thumb"], large):
        answer = odd.ask("GET", address, odd.headers()[:1])
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert b"<script" not in answer.body
        if answer.status == 200:
            assert answer.headers["content-type"] == "image/jpeg"
            assert answer.body.startswith(b"\xff\xd8\xff")
            assert FILES[name][:200] not in answer.body
        else:
            assert answer.status == 404
            assert answer.headers["content-type"] == "application/problem+json"


def test_a_picture_that_is_opened_by_itself_can_do_nothing(odd: Site) -> None:
    rows = odd.call("GET", "/groups").json["rows"]
    made = [
        raw
        for row in rows
        if b" 200 " in (raw := _raw(odd, row["thumbs"][0])).partition(b"\r\n")[0]
    ]
    assert len(made) >= 5
    assert all(b"Content-Security-Policy: sandbox; default-src 'none'\r\n" in raw for raw in made)


def test_the_files_themselves_have_no_address(odd: Site) -> None:
    views = odd.call("GET", "/groups/1").body + odd.call("GET", "/groups/1/views").body
    assert b"/original" not in views
    assert reviewing.tree(odd.run.root) == {}, "they all wait in the decision folder"
    for path in ("/original/1/0", "/decisions", "/photos/a/svg.jpg", "/view/1/0"):
        assert odd.ask("GET", path).status == 404


def _raw(site: Site, address: str) -> bytes:
    return site.raw(
        f"GET {address} HTTP/1.1\r\nHost: {site.host}\r\nConnection: close\r\n\r\n".encode()
    )
