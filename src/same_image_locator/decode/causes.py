"""Why a picture cannot be read, in a few words for people: one cause, whatever a decoder raised."""

from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, UnidentifiedImageError

_BROKEN = ("truncated", "damaged")


class DecodeError(Exception):
    """The file cannot be read as a picture; ``cause`` says why in a few words.

    A ``lasting`` cause is a property of the content, to be remembered as long as that is the same.
    The next time may be different when a drive failed, or when a missing part could be installed.
    """

    def __init__(self, cause: str, *, lasting: bool = True) -> None:
        super().__init__(cause)
        self.cause = cause
        self.lasting = lasting

    @property
    def broken(self) -> bool:
        """Whether it is a picture of a kind that we read, and a part of it may still be read."""
        return self.cause.startswith(_BROKEN)

    @property
    def strange(self) -> bool:
        """Whether it is of a kind that we read, but of a sort that the decoder does not know."""
        return self.cause.startswith("unsupported ")


class MissingExtraError(DecodeError):
    """The file could be read if an extra of this program were installed."""

    def __init__(self, thing: str, extra: str) -> None:
        self._command = f'pip install "same-image-locator[{extra}]"'
        super().__init__(f"unsupported: a {thing}; to read it: {self._command}", lasting=False)

    def after(self, first: DecodeError) -> DecodeError:
        """Return the cause of another decoder, and that this one may still read the file."""
        return DecodeError(f"{first.cause}; rare kinds need: {self._command}", lasting=False)


def too_large(pixels: int) -> DecodeError:
    """Return the error of a picture with more than ``pixels`` pixels."""
    return DecodeError(f"too large: more than {pixels // 1_000_000:,} million pixels")


@contextmanager
def causes(name: str, pixel_limit: int) -> Iterator[None]:
    """Turn whatever a decoder of ``name`` raises into a ``DecodeError`` with a cause for people."""
    try:
        yield
    except DecodeError:
        raise
    except Image.DecompressionBombError as error:
        raise too_large(pixel_limit) from error
    except MemoryError as error:
        cause = "too large: it needs more memory than one picture may take"
        raise DecodeError(cause, lasting=False) from error
    except UnidentifiedImageError as error:
        raise DecodeError(f"damaged: its {name} header cannot be read") from error
    except Exception as error:
        # Decoders raise SyntaxError, struct.error, IndexError and more on broken files.
        lasting = not isinstance(error, OSError) or error.errno is None
        raise DecodeError(_cause(name, error), lasting=lasting) from error


def _cause(name: str, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return f"cannot be read: {error.strerror}"
    said = str(error).lower()
    if isinstance(error, EOFError) or "truncated" in said or "end of file" in said:
        return f"truncated: the file ends before the {name} picture does"
    if said.startswith(("unsupported", "cannot handle")):
        return f"unsupported {name}: {str(error).splitlines()[0]}"
    if "decoder error" in said or "data stream" in said:
        return f"damaged {name}: its pixels cannot be decoded"
    return f"damaged {name}: {str(error).splitlines()[0] if said else type(error).__name__}"
