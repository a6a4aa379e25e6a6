"""The page's own files: what the browser is told to fetch ahead is what it will need."""

import re
from posixpath import dirname, join, normpath

from serving import Site

_IMPORT = re.compile(r'^import .*?from "(.+?)";', re.MULTILINE | re.DOTALL)
_SCRIPT = re.compile(r'<script type="module".*? src="(.+?)"')
_AHEAD = re.compile(r'<link rel="modulepreload" href="(.+?)">')


def needed(site: Site, module: str, found: set[str]) -> set[str]:
    """Add a module, and those that it imports, to what was ``found``."""
    if module not in found:
        found.add(module)
        answer = site.ask("GET", module)
        assert answer.status == 200, module
        for name in _IMPORT.findall(answer.body.decode()):
            needed(site, normpath(join(dirname(module), name)), found)
    return found


def test_every_module_is_fetched_ahead_so_that_none_waits_for_another(site: Site) -> None:
    page = site.ask("GET", "/").body.decode()
    scripts, ahead = _SCRIPT.findall(page), _AHEAD.findall(page)
    every: set[str] = set()
    for script in scripts:
        needed(site, script, every)
    assert len(scripts) > 1
    assert sorted([*scripts, *ahead]) == sorted(every)
