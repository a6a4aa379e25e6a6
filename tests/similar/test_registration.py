"""Where one picture lies on another: as the view says in which their signatures agree."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from same_image_locator.decode.glimpse import glimpse_and_small
from same_image_locator.decode.miniature import greys, squares
from same_image_locator.demo.motifs import SCENES
from same_image_locator.demo.scenes import render
from same_image_locator.fingerprint.signature import SIDE, packed, rows, unpacked
from same_image_locator.similar.candidates import Candidate, Signatures, beside
from same_image_locator.similar.evidence import evidence
from same_image_locator.similar.judging import judged, trials
from same_image_locator.similar.picture import LONGEST, Picture
from same_image_locator.similar.registration import FROM_AFAR, Laid, by_view, laid_finer
from same_image_locator.similar.verdict import CERTAIN

TURNS: tuple[Image.Transpose | None, ...] = (None, *Image.Transpose)


@pytest.fixture(scope="module")
def scene() -> Image.Image:
    return render(SCENES["night"]).convert("RGB").reduce(4)


def _seen(image: Image.Image, path: Path) -> tuple[Picture, Signatures]:
    image.save(path)
    _, small = glimpse_and_small(str(path), 0, (), LONGEST, colour=True)
    signature = unpacked(packed(rows(*squares(small, SIDE))))
    return Picture(*greys(small, LONGEST)), signature


def _laid(candidate: Candidate, pictures: list[Picture]) -> float:
    """Return how the greys agree when one is laid on the other as the candidate says."""
    assert candidate.view is not None
    one, other = pictures[candidate.one], pictures[candidate.other]
    laid = by_view(one, other, candidate.view, whole=candidate.whole)
    return evidence(one, other, laid.matrix, 0.0).greys


@pytest.mark.parametrize("asks", ["the first", "the second"])
@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn.name if turn else "upright")
def test_each_view_lies_as_its_signature_says(
    tmp_path: Path, scene: Image.Image, turn: Image.Transpose | None, asks: str
) -> None:
    both = [scene, scene if turn is None else scene.transpose(turn)]
    if asks == "the second":
        both.reverse()
    (one, signature), (other, others) = (_seen(image, tmp_path / "a.png") for image in both)
    [candidate] = beside(signature, others)
    assert _laid(candidate, [one, other]) > 0.98


@pytest.mark.parametrize("share", [0.9, 0.8])
@pytest.mark.parametrize("corner", [(0.2, 0.9), (0.6, 0.3)])
def test_a_part_is_laid_where_its_window_is_and_needs_no_keypoints(
    tmp_path: Path, scene: Image.Image, share: float, corner: tuple[float, float]
) -> None:
    # A painted night has hardly any keypoints.
    width, height = scene.size
    left, top = (1 - share) * corner[0], (1 - share) * corner[1]
    edges = (left, top, left + share, top + share)
    box = (left * width, top * height, (left + share) * width, (top + share) * height)
    both = scene, scene.resize((480, 360), box=box)
    (one, signature), (other, others) = (_seen(image, tmp_path / "a.png") for image in both)
    [candidate] = beside(signature, others)
    assert (candidate.one, candidate.view) == (0, None)
    tried = trials(one, other, None, whole=False, window=candidate.window)
    best = next(trial for trial in tried if trial.certainty == CERTAIN)
    assert best.laid.support == 0
    corners = np.array([[(0, 0), other.greys.shape[::-1]]], np.float64)
    shown = cv2.transform(corners, best.laid.matrix) / one.greys.shape[::-1]
    assert shown.ravel() == pytest.approx(edges, abs=0.01)


@pytest.mark.parametrize("order", [1, -1])
def test_what_has_no_frame_and_seems_to_have_one_lies_as_a_whole(
    tmp_path: Path, scene: Image.Image, order: int
) -> None:
    # Of few pixels, a stretch of even sky passes for a frame.
    both = [scene, scene.reduce(10)][::order]
    (one, signature), (other, others) = (_seen(image, tmp_path / "a.png") for image in both)
    pictures = [one, other]
    [candidate] = beside(signature, others)
    assert candidate.whole
    assert _laid(candidate, pictures) > 0.95
    first, second = pictures[candidate.one], pictures[candidate.other]
    assert judged(first, second, candidate.view, whole=candidate.whole).verdict.same


def test_a_picture_that_lies_far_off_is_brought_home_in_coarse_steps() -> None:
    shown = render(SCENES["poppies"]).convert("L").reduce(4)
    picture = Picture(np.asarray(shown), (0.0, 0.0, 1.0, 1.0))
    astray = Laid(np.array([(1.06, 0.0, -30.0), (0.0, 1.06, 22.0)]), 0)

    def missed(found: Laid | None) -> float:
        return np.inf if found is None else float(np.abs(found.matrix - np.eye(2, 3)).max())

    assert missed(laid_finer(picture, picture, astray, FROM_AFAR)) < 1
    assert missed(laid_finer(picture, picture, astray)) > 1, "halves alone do not reach so far"
