"""Paints the sample library's pictures: landscapes that look like photos, from a seed each."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Pixels = NDArray[np.float32]  # height x width x 3, 0-255

SIZE = (1600, 1200)


@dataclass(frozen=True, slots=True)
class Scene:
    """One view; colours run from the top of the sky down to the horizon."""

    seed: int
    sky: tuple[Colour, Colour]
    paint: Callable[["Canvas"], None]
    horizon: float = 0.55
    clouds: float = 0.5
    portrait: bool = False


class Canvas:
    """A picture in the making, with the scene's own random numbers."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.random = np.random.default_rng(scene.seed)
        self.width, self.height = reversed(SIZE) if scene.portrait else SIZE
        self.horizon = int(scene.horizon * self.height)
        self.image = _sky(self)

    def shape(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """Fill a polygon; points in pixels."""
        ImageDraw.Draw(self.image).polygon(points, fill=colour)

    def noise(self, cells: int, octaves: int = 5, stretch: float = 1.0) -> Pixels:
        """Return soft noise, height x width, about 0-1, made of ever finer blurred grids."""
        total = np.zeros((self.height, self.width), np.float32)
        for octave in range(octaves):
            rows = max(2, int(cells * 2**octave * stretch))
            grid = self.random.random((rows, cells * 2**octave), np.float32)
            layer = Image.fromarray(grid).resize(
                (self.width, self.height), Image.Resampling.BICUBIC
            )
            total += np.asarray(layer) / 2 ** (octave + 1)
        return total

    def blend(self, colour: Colour, weight: Pixels) -> None:
        """Lay a colour over the picture, by a weight of 0-1 for each pixel."""
        pixels = np.asarray(self.image, np.float32)
        weight = np.clip(weight, 0, 1)[..., None]
        mixed = pixels * (1 - weight) + np.array(colour, np.float32) * weight
        self.image = Image.fromarray(mixed.astype(np.uint8))

    def glow(self, centre: tuple[float, float], radius: float, colour: Colour) -> None:
        """Add light around a point, given as shares of width and height."""
        y, x = np.ogrid[: self.height, : self.width]
        distance = np.hypot(x - centre[0] * self.width, y - centre[1] * self.height)
        self.blend(colour, np.exp(-((distance / (radius * self.height)) ** 2)).astype(np.float32))

    def disc(self, centre: tuple[float, float], radius: float, colour: Colour) -> None:
        """Draw a disc; the centre in shares, the radius as a share of the height."""
        x, y, r = centre[0] * self.width, centre[1] * self.height, radius * self.height
        ImageDraw.Draw(self.image).ellipse((x - r, y - r, x + r, y + r), fill=colour)


def render(scene: Scene) -> Image.Image:
    """Return the finished picture, 1600 x 1200 or 1200 x 1600, the same for the same scene."""
    canvas = Canvas(scene)
    scene.paint(canvas)
    soft = canvas.image.filter(ImageFilter.GaussianBlur(0.7))
    grain = canvas.random.normal(0, 3.0, (canvas.height, canvas.width, 1)).astype(np.float32)
    light = 1 - 0.18 * _edge_distance(canvas)
    pixels = np.asarray(soft, np.float32) * light[..., None] + grain
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _edge_distance(canvas: Canvas) -> Pixels:
    y = np.linspace(-1, 1, canvas.height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, canvas.width, dtype=np.float32)[None, :]
    distance: Pixels = (((x**2 + y**2) / 2) ** 1.5).astype(np.float32)
    return distance


def _sky(canvas: Canvas) -> Image.Image:
    top, low = (np.array(colour, np.float32) for colour in canvas.scene.sky)
    share = np.clip(np.linspace(0, canvas.height / canvas.horizon, canvas.height), 0, 1)
    column = top + (low - top) * share[:, None] ** 1.2
    pixels = np.repeat(column[:, None, :], canvas.width, axis=1).astype(np.uint8)
    canvas.image = Image.fromarray(pixels)
    thick = canvas.noise(3, 6, stretch=2.2) - (1.02 - canvas.scene.clouds)
    red, green, blue = (int(min(255, 60 + 0.85 * value)) for value in low)
    canvas.blend((red, green, blue), (thick * 3.2).astype(np.float32))
    return canvas.image


def ridge(canvas: Canvas, base: float, rise: float, colour: Colour, roughness: float = 1.0) -> None:
    """Draw a range of hills whose crest swings around ``base``; shares of the height."""
    x = np.linspace(0, 1, 400)
    crest = np.zeros_like(x)
    for octave in range(7):
        phase, tempo = canvas.random.uniform(0, 6.28), canvas.random.uniform(0.7, 1.3)
        weight = 0.5**octave * (1.0 if octave < 2 else roughness)  # noqa: PLR2004 - the two broad waves
        crest += np.sin(x * 6.28 * tempo * 1.9**octave + phase) * weight
    heights = (base - rise * crest / 2) * canvas.height
    points = list(zip(x * canvas.width, heights, strict=True))
    canvas.shape([*points, (canvas.width, canvas.height), (0, canvas.height)], colour)


def water(canvas: Canvas, top: float, tint: Colour) -> None:
    """Fill the picture below ``top`` with the mirrored view, tinted, in ripples."""
    edge = int(top * canvas.height)
    pixels = np.asarray(canvas.image)
    depth = canvas.height - edge
    rows = np.clip(edge - np.arange(depth) * edge // depth, 0, edge - 1)
    ripple = canvas.noise(5, 5, stretch=9)[edge:] - 0.5
    growth = np.linspace(0.1, 1, depth)[:, None]
    shift = (ripple * 120 * growth).astype(int)
    across = np.clip(np.arange(canvas.width)[None, :] + shift, 0, canvas.width - 1)
    down = np.clip(rows[:, None] + shift // 2, 0, edge - 1)
    mirrored = pixels[down, across].astype(np.float32)
    share = np.linspace(0.25, 0.6, depth, dtype=np.float32)[:, None, None]
    mixed = mirrored * (1 - share) + np.array(tint, np.float32) * share + ripple[..., None] * 40
    whole = pixels.copy()
    whole[edge:] = np.clip(mixed, 0, 255).astype(np.uint8)
    canvas.image = Image.fromarray(whole)


def ground(canvas: Canvas, top: float, near: Colour, far: Colour) -> None:
    """Fill the picture below ``top`` with uneven ground that darkens towards the eye."""
    edge = int(top * canvas.height)
    patches = canvas.noise(8, 6, stretch=4)[edge:, :, None]
    share = np.linspace(0, 1, canvas.height - edge, dtype=np.float32)[:, None, None]
    base = np.array(far, np.float32) * (1 - share) + np.array(near, np.float32) * share
    whole = np.asarray(canvas.image).copy()
    whole[edge:] = np.clip(base * (0.55 + 0.9 * patches), 0, 255).astype(np.uint8)
    canvas.image = Image.fromarray(whole)
