"""What every test gets: a room of its own, an armed tripwire, real trees and real pictures."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import pictures
import program
from tripwire import Tripwire

_wire = Tripwire()
UNMEASURED = {"browser", "cli", "similar", "oracle"}

# How long an example takes says how busy the computer is, not whether the program is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Arm the tripwire before the first test is even collected."""
    _wire.arm()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what tells nothing of how well the guarded parts are covered; the longest come first.

    A campaign that begins last would leave all workers but one without work.
    """
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if folder in UNMEASURED or item.get_closest_marker("campaign"):
            item.add_marker("unmeasured")
    yield  # some are left out, and the order is random by now
    items.sort(key=lambda item: ("sim_campaign" not in item.nodeid, "crash" not in item.nodeid))


@pytest.fixture(scope="session")
def tripwire() -> Tripwire:
    """The session's one tripwire."""
    return _wire


@pytest.fixture(autouse=True)
def _own_room(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Give each test folders of its own, no other SIL_ variables, and watch its files."""
    room = tmp_path_factory.mktemp("room")
    cache, data, current = room / "cache", room / "data", room / "current"
    current.mkdir()
    for name in [name for name in os.environ if name.startswith("SIL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SIL_CACHE_DIR", str(cache))
    monkeypatch.setenv("SIL_DATA_DIR", str(data))
    monkeypatch.setenv("SIL_CONFIG_DIR", str(room / "config"))
    monkeypatch.chdir(current)
    _wire.watched[:] = [str(tmp_path_factory.getbasetemp().resolve())]
    _wire.free[:] = [str(cache.resolve()), str(data.resolve())]
    _wire.tripped.clear()
    yield
    assert not _wire.tripped, f"changed outside the journal: {_wire.tripped}"


@pytest.fixture(autouse=True)
def _no_program_outlives_its_test() -> Iterator[None]:
    yield
    while program.RUNNING:
        running = program.RUNNING.pop()
        if running.process.poll() is None:
            running.kill()


@pytest.fixture
def photo(tmp_path: Path) -> Callable[..., str]:
    """Return ``photo(path, seed=0, **facts)``: writes a real picture below ``tmp_path``."""

    def write(path: str | os.PathLike[str], seed: int = 0, **facts: Any) -> str:
        return pictures.photo(tmp_path / path, seed, **facts)

    return write


@pytest.fixture
def tree(tmp_path: Path) -> Callable[[str], Path]:
    """Return ``tree(drawing)``: builds the files of a drawing and returns their root folder."""

    def build(drawing: str) -> Path:
        return pictures.draw_tree(tmp_path / "photos", drawing)

    return build
