"""What becomes of pairs that a worker cannot get through."""

from pathlib import Path

import pytest
from PIL import Image

import deadly
from same_image_locator.cache import Cache
from same_image_locator.decode.worker import Workers
from same_image_locator.events import Event, Noted
from same_image_locator.photos import Photos
from same_image_locator.similar import looking
from same_image_locator.similar.candidates import Candidate
from same_image_locator.similar.verdicts import Verdicts
from sample_pictures import photo_like, scanned


def test_a_pair_that_kills_its_worker_stays_apart_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.png", "b.png"):
        Image.fromarray(photo_like(1)).save(tmp_path / name)
    photos = Photos.of([scanned(tmp_path / name) for name in ("a.png", "b.png")])
    monkeypatch.setattr(looking, "looked_at", deadly.die)
    told: list[Event] = []
    with Cache() as cache, Workers(1) as workers:
        verdicts = Verdicts(cache.looks, photos.device)
        look = looking.Looking(photos, workers, verdicts, told.append)
        ((_, verdict),) = look.at([Candidate(0.0, 0, 1, 0, whole=False)])
    assert not verdict.same
    (note,) = [event.text for event in told if isinstance(event, Noted)]
    assert "a.png" in note
    assert "b.png" in note
    assert "crashed" in note
