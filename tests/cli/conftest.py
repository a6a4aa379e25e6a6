"""No program outlives the test that started it."""

from collections.abc import Iterator

import pytest

from program import RUNNING


@pytest.fixture(autouse=True)
def _end_programs() -> Iterator[None]:
    yield
    while RUNNING:
        program = RUNNING.pop()
        if program.process.poll() is None:
            program.kill()
