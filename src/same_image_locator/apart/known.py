"""What is known of pairs of contents, and how it divides files that look alike."""

from collections import defaultdict
from collections.abc import Iterable, Sequence


class Known:
    """Which contents are not the same picture, by their SHA-256 in hexadecimal digits.

    Args:
        said: of each file in a statement: the statement, the file's part in it, its content, and
            its size in bytes.
    """

    def __init__(self, said: Iterable[tuple[int, int, str, int]] = ()) -> None:
        self._parts: dict[str, dict[int, int]] = defaultdict(dict)
        sizes = set()
        for statement, part, sha256, size in said:
            self._parts[sha256][statement] = part
            sizes.add(size)
        self.sizes = frozenset(sizes)  # whatever has another size need not be read

    def also(self, said: Iterable[tuple[int, int, str, int]]) -> "Known":
        """Return what would be known with further statements, which have other numbers."""
        both = Known(said)
        both.sizes |= self.sizes
        for sha256, parts in self._parts.items():
            both._parts[sha256].update(parts)
        return both

    def __bool__(self) -> bool:
        return bool(self._parts)

    def apart(self, one: str, other: str) -> bool:
        """Whether two contents are known not to be the same picture; "" is a content unknown."""
        parts, others = self._parts.get(one), self._parts.get(other)
        if not parts or not others:
            return False
        return any(part != others.get(statement, part) for statement, part in parts.items())

    def divided(self, contents: Sequence[str]) -> list[list[int]]:
        """Return the places of these contents in parts that belong together no more.

        The first takes all that are not apart from it; those that are, are divided in turn.
        """
        left = list(range(len(contents)))
        parts = []
        while left:
            first = contents[left[0]]
            parts.append([place for place in left if not self.apart(first, contents[place])])
            left = [place for place in left if self.apart(first, contents[place])]
        return parts

    def disputed(self, contents: Sequence[str]) -> bool:
        """Whether any two of these contents are apart."""
        told = [content for content in dict.fromkeys(contents) if content in self._parts]
        return any(
            self.apart(one, other) for place, one in enumerate(told) for other in told[:place]
        )
