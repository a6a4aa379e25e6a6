"""What is attacked: one real server a module, which no attack may change."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import reviewing
from same_image_locator.events import Requested, Troubled
from serving import Site, own_cache, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The three exact groups, served until the module's last attack."""
    room = tmp_path_factory.mktemp("attacked")
    photos = reviewing.library(room / "photos", reviewing.THREE_GROUPS)
    with own_cache(), serving(photos) as site:
        yield site


@pytest.fixture
def site(served: Site) -> Iterator[Site]:
    """The server that is attacked: afterwards all is as it was, and no fault of its own came up."""
    served.events.clear()
    before = reviewing.tree(served.run.root)
    yield served
    assert served.review.phase == "review"
    assert served.review.totals().waiting == len(served.run.groups)
    assert reviewing.tree(served.run.root) == before
    assert not [event for event in served.events if isinstance(event, Troubled)]
    told = [event.line for event in served.events if isinstance(event, Requested)]
    assert not [line for line in told if "exception" in line], "nor one of the server below it"
    assert served.call("GET", "/session").status == 200, "it still answers the page"


@pytest.fixture
def fresh_site(tmp_path: Path) -> Iterator[Site]:
    """A server of its own, for what does change something."""
    photos = reviewing.library(tmp_path / "photos", reviewing.THREE_GROUPS)
    with serving(photos) as site:
        yield site
