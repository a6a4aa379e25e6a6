"""What a plug-in may get wrong besides its import: its shape, its answers, its name."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import invented
from same_image_locator import Candidate, LocatorError, Rule, distance, plugins
from same_image_locator.choices import KEEP_RULES, MODES, further_rules, modes
from same_image_locator.errors import UsageError
from same_image_locator.fingerprint import algorithm_of
from same_image_locator.review import installed_rules
from same_image_locator.review.candidate import candidates
from same_image_locator.review.keep_rules import ordered

NUMBERS = itertools.count()
Install = Callable[[str, str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return ``install(kind, name, code)``, which installs a plug-in of so many lines."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("sys.dont_write_bytecode", True)

    def write(kind: str, name: str, code: str) -> None:
        about = tmp_path / f"{name}-1.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        module = f"invented_{next(NUMBERS)}"  # what was imported once stays so
        (tmp_path / f"{module}.py").write_text(code)
        point = f"[same_image_locator.{kind}]\n{name} = {module}:IT\n"
        (about / "entry_points.txt").write_text(point)

    installed_rules.installed.cache_clear()
    plugins._told.clear()
    yield write
    installed_rules.installed.cache_clear()


HASH = "from same_image_locator import Algorithm\nIT = Algorithm('x', 1, {0}, {1})\n"
RULE = "from same_image_locator import Rule\nIT = Rule('x', True, {0}, {1})\n"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("IT = 3\n", "the plug-in odd of odd 1 is no Algorithm"),
        ("1 / 0\n", "cannot be loaded: ZeroDivisionError: division by zero"),
        (HASH.format(9999, "print"), "has a side of 9999"),
    ],
)
def test_a_hash_that_is_none_is_refused(install: Install, code: str, message: str) -> None:
    install("algorithms", "odd", code)
    with pytest.raises(UsageError, match=message):
        algorithm_of("odd")


@pytest.mark.parametrize(
    ("bits", "message"),
    [
        ("lambda r: r > 1", r"made bits of shape \(2, 8, 8\) and type bool, not \(n, 64\)"),
        ("lambda r: r.reshape(-1, 64)", r"made bits of shape \(2, 64\) and type uint8"),
        ("lambda r: 1 / 0", "the plug-in odd of odd 1 failed: ZeroDivisionError"),
    ],
)
def test_bits_of_another_shape_never_reach_the_cache(
    install: Install, bits: str, message: str
) -> None:
    install("algorithms", "odd", HASH.format(8, bits))
    algorithm = algorithm_of("odd")
    assert algorithm.name == "odd:odd"
    with pytest.raises(LocatorError, match=message):
        algorithm.bits(np.zeros((2, 8, 8), np.uint8))  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["Odd", "o-dd", "phash", "9odd"])
def test_only_a_plain_name_of_its_own_is_a_mode(install: Install, name: str) -> None:
    install("algorithms", name, HASH.format(8, "print"))
    assert modes() == MODES


def files() -> list[Candidate]:
    group = invented.group(1, ["a.jpg", "b.jpg"], tier="same picture")
    return candidates(group.entries, [None, None])


@pytest.mark.parametrize(
    ("best", "words"),
    [("lambda f: 1 / 0", "lambda a, b: 1 / 0"), ("lambda f: []", "lambda a, b: 1 / 0")],
)
def test_a_rule_that_fails_decides_nothing(
    install: Install, capsys: pytest.CaptureFixture[str], best: str, words: str
) -> None:
    install("rules", "odd", RULE.format(best, words))
    assert further_rules() == ("odd",)
    [rule] = ordered(["odd"])
    assert rule.best(files()) == files()
    assert rule.words(*files()) == "by the rule odd"
    [told] = capsys.readouterr().err.splitlines()
    assert told.startswith("sil: the plug-in odd of odd 1 failed: ZeroDivisionError: division by")
    assert told.endswith("; the run goes on without it")


def test_what_is_no_rule_is_left_out(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    install("rules", "odd", "IT = print\n")
    assert [rule.name for rule in ordered(["odd", "path"])] == ["path"]
    assert "the plug-in odd of odd 1 is no Rule" in capsys.readouterr().err


def test_a_rule_of_our_own_name_is_never_asked(install: Install) -> None:
    install("rules", "path", RULE.format("print", "print"))
    assert further_rules() == ()
    assert [rule.name for rule in ordered()] == list(KEEP_RULES)
    assert all(isinstance(rule, Rule) for rule in ordered())


def test_fingerprints_of_different_modes_have_no_distance() -> None:
    assert distance(b"\x01", b"\x02") == 2
    with pytest.raises(ValueError, match="different modes"):
        distance(bytes(8), bytes(32))
