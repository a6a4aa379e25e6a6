"""Folders on another drive go when the test that made them is over."""

import shutil
from collections.abc import Iterator

import pytest

from crash.stories import ELSEWHERE


@pytest.fixture(autouse=True)
def _nothing_stays_elsewhere() -> Iterator[None]:
    yield
    while ELSEWHERE:
        shutil.rmtree(ELSEWHERE.pop(), ignore_errors=True)
