"""The album of glances: each is met by the file that it was made of, whatever piece it lies in."""

import numpy as np
import pytest

from same_image_locator.cache import Cache
from same_image_locator.fingerprint import album
from same_image_locator.fingerprint.glance import glances
from same_image_locator.fingerprint.signature import ROWS, VALUES
from same_image_locator.photos import Photos, Prints

RECIPE = "similar/1/4"
COUNT = 23
SIGNATURES = np.random.default_rng(2).integers(-90, 90, (COUNT, ROWS, VALUES)).astype(np.int8)


def photos(mtime: int = 1_795_874_205_295_788_766) -> Photos:
    made = Photos(65024)
    paths = [f"/photos/{place}.jpg" for place in range(COUNT)]
    inodes = [2_941_313 + 7 * place % 1000 for place in range(COUNT)]
    made.extend(paths, inodes, [3451 + place for place in range(COUNT)], [mtime] * COUNT)
    return made


@pytest.mark.parametrize("parts", [[23], [3, 9, 11], [1] * 23])
def test_all_that_was_added_is_met_again(parts: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(album, "_PIECE", 5)
    monkeypatch.setattr(album, "_BLOCK", 2)
    prints = Prints(photos(), SIGNATURES.tobytes())
    with Cache() as cache:
        start = 0
        for part in parts:
            album.add(RECIPE, prints, range(start, start + part), cache.looks)
            start += part
        met: dict[int, tuple[bytes, bytes]] = {}
        for page in album.pages(RECIPE, photos(), cache.looks):
            assert len(page.places) <= 5
            for at, place in enumerate(page.places.tolist()):
                seen = page.glances
                met[place] = seen.insides[at].tobytes(), seen.signs[:, :, at].tobytes()
        wanted = glances(SIGNATURES)
        assert met == {
            place: (wanted.insides[place].tobytes(), wanted.signs[:, :, place].tobytes())
            for place in range(COUNT)
        }
        album.complete(RECIPE, prints, cache.looks)
        assert cache.looks.rolls(RECIPE, 65024) == 5


def test_a_file_that_was_changed_meets_no_glance() -> None:
    with Cache() as cache:
        prints = Prints(photos(), SIGNATURES.tobytes())
        album.add(RECIPE, prints, range(COUNT), cache.looks)
        [page] = album.pages(RECIPE, photos(mtime=5), cache.looks)
        assert (page.places == -1).all()
