"""What the web tests work on: three exact groups, served."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import reviewing
from serving import Site, serving


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return reviewing.library(tmp_path / "photos", reviewing.THREE_GROUPS)


@pytest.fixture
def site(photos: Path) -> Iterator[Site]:
    """The three exact groups, served, with a main thread that carries decisions out."""
    with serving(photos) as served:
        yield served
