"""The page's own files: one script holds what the first screen needs, whole and in order."""

import gzip
import re

import pytest

import page_words
from same_image_locator.web_review import modules
from serving import Site

_ALONE = "difference_worker.js"
_FROM = re.compile(r'import ?\{[^}]*\} ?from ?"\./(.+?)"')


def _scripts() -> list[str]:
    return [*modules.placed(page_words.scripts(), "opening.js", "main.js"), _ALONE]


def test_each_module_is_in_one_script_only_with_all_that_it_needs(site: Site) -> None:
    page = site.ask("GET", "/").body.decode()
    entries = re.findall(r'<script type="module" async.* src="/static/js/(.+?)"', page)
    assert entries == ["opening.js", "main.js"]
    sources = page_words.scripts()
    held = modules.placed(sources, *entries)
    for script, own in held.items():
        text = site.ask("GET", f"/static/js/{script}").body.decode()
        asked = set(_FROM.findall(text))
        assert asked <= set(entries) - {script}
        assert own[-1] == script
        there = {*own, *(module for other in asked for module in held[other])}
        assert {name for module in own for name in _FROM.findall(sources[module])} <= there
    assert _FROM.findall(site.ask("GET", "/static/js/main.js").body.decode()) == ["opening.js"]
    everything = [module for own in held.values() for module in own]
    assert sorted(everything) == sorted(sources.keys() - {_ALONE})
    assert everything.index("opening.js") < everything.index("group.js")


def test_a_browser_gets_each_word_as_it_stands_in_the_code(site: Site) -> None:
    served = [site.ask("GET", f"/static/js/{script}").body.decode() for script in _scripts()]
    assert page_words.in_code(served) == page_words.in_code(page_words.scripts().values())


def test_the_whole_page_is_small(site: Site) -> None:
    packed = [*site.headers(), "Accept-Encoding: gzip"]
    page = site.ask("GET", "/", packed)
    named = re.findall(r'(?:src|href)="(/static/.+?)"', gzip.decompress(page.body).decode())
    assert len(named) == 4
    later = {f"/static/js/{script}" for script in _scripts()} - {*named}
    answers = [page, *(site.ask("GET", path, packed) for path in (*named, *later))]
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
        ({"a.js": "export const x = `one ${y ? `, two` : 3}`;\n"}, "within the value of another"),
    ],
)
def test_what_would_mean_something_else_in_one_script_is_refused(
    sources: dict[str, str], what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        modules.scripts(sources, "a.js")
