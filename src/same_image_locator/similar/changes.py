"""What was done to one picture to get another, as it was measured; worded for people at the end."""

import json
from typing import Any, NamedTuple

from same_image_locator.wording import duration_words

_STRAIGHT_DEGREES = 0.7  # up to here a tilt is the noise of laying
_CROPPED = 0.97  # of the area
_SCALED = 0.03  # of the size
_BRIGHTER = 8.0  # greys
_IN_PLACES = 0.015  # of the small tiles
_TINY = 0.2  # of the size: what was so small cannot show all details
_FINER_BELOW = 10.0  # seconds, of which fractions tell something


class Changes(NamedTuple):
    """What leads from a first picture to a second one.

    Attributes:
        mirrored: left and right are swapped, before it is turned.
        quarters: turns by 90 degrees, clockwise.
        tilt: further degrees.
        share: how much of the first one's area the second shows; above 1 it shows more.
        size: of the same detail, against its size in the first one.
        brighter: greys on average, negative when darker.
        added: share of small places where the second shows strong details that the first has not.
        gone: share of those where the second has not what the first shows.
        later: seconds between two shots, 0 of one shot.
        another_camera: whether another one took the second picture.
        formats: what the two files are.
        qualities: of two JPEG files, from 1 to 100; else None.
    """

    mirrored: bool = False
    quarters: int = 0
    tilt: float = 0.0
    share: float = 1.0
    size: float = 1.0
    brighter: float = 0.0
    added: float = 0.0
    gone: float = 0.0
    later: float = 0.0
    formats: tuple[str, str] = ("", "")
    qualities: tuple[int | None, int | None] = (None, None)
    another_camera: bool = False

    def reversed(self) -> "Changes":
        """Return what leads back; a mirror image that was turned is mirrored back by that turn."""
        return Changes(
            self.mirrored,
            self.quarters if self.mirrored else -self.quarters % 4,
            self.tilt,
            1 / self.share,
            1 / self.size,
            -self.brighter,
            self.gone,
            self.added,
            -self.later,
            (self.formats[1], self.formats[0]),
            (self.qualities[1], self.qualities[0]),
            self.another_camera,
        )

    @property
    def moved(self) -> bool:
        """Whether the second picture shows anything in another place, or at another size."""
        geometry = (self.mirrored, self._turned, self._tilted, self._cropped, self._scaled)
        return any(geometry)

    def words(self) -> str:
        """Return for example "mirrored, cropped to 81 %, scaled to 50 %", empty for nothing."""
        told = (
            self._shot,
            "by another camera" if self.another_camera else "",
            "mirrored" if self.mirrored else "",
            self._turned,
            self._tilted,
            self._cropped,
            self._scaled,
            self._in_places,
            self._tone,
            self._saved,
        )
        return ", ".join(filter(None, told))

    @property
    def _shot(self) -> str:
        if not self.later:
            return ""
        seconds = abs(self.later)
        lasted = f"{seconds:.2g} s" if seconds < _FINER_BELOW else duration_words(seconds)
        return f"taken {lasted} {'later' if self.later > 0 else 'earlier'}"

    @property
    def _turned(self) -> str:
        return f"turned {90 * self.quarters}°" if self.quarters else ""

    @property
    def _tilted(self) -> str:
        return f"tilted by {self.tilt:.0f}°" if self.tilt >= _STRAIGHT_DEGREES else ""

    @property
    def _cropped(self) -> str:
        if self.share < _CROPPED:
            return f"cropped to {100 * self.share:.0f} %"
        if self.share > 1 / _CROPPED:
            return f"shows more: the first is cropped to {100 / self.share:.0f} %"
        return ""

    @property
    def _scaled(self) -> str:
        if abs(self.size - 1) < _SCALED:
            return ""
        percent = 100 * self.size
        return f"scaled to {percent:.0f} %" if percent >= 1 else f"scaled to {percent:.1f} %"

    @property
    def _in_places(self) -> str:
        tiny = min(self.size, 1 / self.size) < _TINY
        if (
            max(self.added, self.gone) < _IN_PLACES or tiny or self._cropped
        ):  # of crops nobody knows
            return ""
        if self.added >= 2 * self.gone:
            return "something added"
        return "something taken away" if self.gone >= 2 * self.added else "changed in places"

    @property
    def _tone(self) -> str:
        if abs(self.brighter) < _BRIGHTER:
            return ""
        return "brighter" if self.brighter > 0 else "darker"

    @property
    def _saved(self) -> str:
        first, second = self.formats
        if first != second:
            return f"saved as {second}"
        before, after = self.qualities
        if before and after and before != after:
            return f"recompressed from quality {before} to {after}"
        return ""


def as_text(changes: Changes) -> str:
    """Return changes as the cache keeps them: what there are."""
    nothing = Changes()._asdict()
    told = {name: value for name, value in changes._asdict().items() if value != nothing[name]}
    return json.dumps(told, separators=(",", ":"))


def from_text(text: str) -> Changes | None:
    """Return the changes that :func:`as_text` wrote, None when the text is none of its own."""
    try:
        values: dict[str, Any] = json.loads(text)
        for name in ("formats", "qualities"):
            if name in values:
                values[name] = tuple(values[name])
        return Changes(**values)
    except (TypeError, ValueError):
        return None
