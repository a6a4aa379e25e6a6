"""Reads pictures: the only package that opens image files.

Every function takes a path and either returns what it promises or raises ``DecodeError`` with one
clear cause. The content decides the format, never the file's name.
"""

from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import Glimpse, facts, glimpse, pixels, thumbnail

__all__ = ["DecodeError", "Glimpse", "facts", "glimpse", "pixels", "thumbnail"]
