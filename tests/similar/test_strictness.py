"""How sure mode similar must be: each strictness takes all that the stricter ones take."""

import json
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from program import sil
from same_image_locator.cache import Cache
from same_image_locator.demo.motifs import SCENES
from same_image_locator.demo.scenes import render
from same_image_locator.model import STRICTNESSES, Identity
from same_image_locator.similar.changes import Changes
from same_image_locator.similar.verdict import CERTAIN, Verdict
from same_image_locator.similar.verdicts import Verdicts


def test_a_verdict_that_is_more_certain_is_taken_by_more() -> None:
    taken = [
        [Verdict(same=False, certainty=sure).by(name).same for name in STRICTNESSES]
        for sure in range(CERTAIN + 1)
    ]
    assert taken == [
        [False, False, False],
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


@pytest.mark.parametrize("certainty", range(CERTAIN + 1))
def test_the_cache_keeps_how_certain_a_verdict_is(certainty: int) -> None:
    one, other = (Identity(1, inode, 100, 5) for inode in (7, 8))
    changes = Changes(quarters=1) if certainty else Changes()
    with Cache() as cache:
        verdicts = Verdicts(cache.looks, 1)
        verdicts.keep(one, other, Verdict(False, changes, certainty, "series"))
        verdicts.commit()
        known = Verdicts(cache.looks, 1)
        here, back = known.known(one, other), known.known(other, one)
    assert here is not None
    assert back is not None
    assert (here.certainty, here.changes, here.tier) == (certainty, changes, "series")
    assert (back.certainty, back.changes) == (certainty, changes.reversed())
    assert known.known(one, Identity(1, 9, 100, 5)) is None


def test_strict_takes_no_doubtful_copy_and_a_later_run_may(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    city: Image.Image = ImageOps.scale(render(SCENES["city"]), 0.3)
    for name, quality in (("a", 92), ("b", 85), ("c", 4)):
        city.save(folder / f"{name}.jpg", quality=quality)

    def group(*words: str) -> set[str]:
        done = sil("scan", folder, "--mode", "similar", "--json", "-", *words)
        [found] = json.loads(done.stdout)["groups"]
        return {Path(file["path"]).stem for file in found["files"]}

    assert group("--strict") == {"a", "b"}
    assert group() == group("--loose") == {"a", "b", "c"}
    assert group("--strict") == {"a", "b"}, "whatever is known from the run before"
