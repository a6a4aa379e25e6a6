"""The page's own files: one script holds what the first screen needs, whole and in order."""

import gzip
import re
from pathlib import Path

import pytest

import reviewing
from same_image_locator.web_review import modules
from serving import Site

STATIC = Path(reviewing.__file__).parents[1] / "src/same_image_locator/web_review/static"
_BLOCK = re.compile(r"^\{ // (\w+\.js)$", re.MULTILINE)


def test_each_module_is_in_one_script_only_after_all_that_it_needs(site: Site) -> None:
    page = site.ask("GET", "/").body.decode()
    scripts = re.findall(r'<script type="module" async.* src="(.+?)"', page)
    assert scripts == ["/static/js/opening.js", "/static/js/main.js"]
    opening, first = (site.ask("GET", script).body.decode() for script in scripts)
    assert re.findall(r'from "(.+?)"', first) == ["./opening.js"]
    later = set(re.findall(r'import\("\./(.+?)"\)', first))
    assert later == {"bulk_dialog.js", "compare.js"}
    held = [*_BLOCK.findall(opening), *_BLOCK.findall(first)]
    for name in later:
        text = site.ask("GET", f"/static/js/{name}").body.decode()
        assert set(re.findall(r'from "(.+?)"', text)) == {"./main.js", "./opening.js"}
        own = _BLOCK.findall(text)
        assert own[-1] == name
        held += own
    everything = {file.name for file in (STATIC / "js").iterdir()}
    assert sorted(held) == sorted(everything - {"difference_worker.js"})
    assert held.index("opening.js") < held.index("group.js")


def test_what_the_first_screen_needs_is_small(site: Site) -> None:
    packed = [*site.headers(), "Accept-Encoding: gzip"]
    page = site.ask("GET", "/", packed)
    named = re.findall(rb'(?:src|href)="(/static/.+?)"', gzip.decompress(page.body))
    assert len(named) == 4
    answers = [page, *(site.ask("GET", path.decode(), packed) for path in named)]
    assert sum(len(one.body) for one in answers) < 60_000


def test_what_a_browser_can_unpack_is_sent_packed(site: Site) -> None:
    for path in ("/", "/static/js/main.js", "/static/page.css"):
        plain = site.ask("GET", path)
        packed = site.ask("GET", path, [*site.headers(), "Accept-Encoding: gzip, deflate, br"])
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["vary"] == "Accept-Encoding"
        assert gzip.decompress(packed.body) == plain.body
        assert len(packed.body) < len(plain.body) / 2
        assert packed.headers["etag"] != plain.headers["etag"]


@pytest.mark.parametrize(
    ("sources", "what"),
    [
        (
            {
                "a.js": 'import { x } from "./b.js";\nexport const x = 1;\n',
                "b.js": "export let x;\n",
            },
            "export x",
        ),
        (
            {"a.js": 'import { x as y } from "./b.js";\n', "b.js": "export const x = 1;\n"},
            "another name",
        ),
        ({"a.js": 'import * as b from "./b.js";\n'}, "cannot be joined"),
        ({"a.js": "export default 1;\n"}, "cannot be joined"),
        ({"a.js": "export const x = `one\n  two`;\n"}, "several lines"),
    ],
)
def test_what_would_mean_something_else_in_one_script_is_refused(
    sources: dict[str, str], what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        modules.scripts(sources, "a.js")
