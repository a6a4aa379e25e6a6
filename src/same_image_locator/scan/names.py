"""Which files are pictures by their names."""

import os

# What is taken for a picture by its name: what programs write, then what cameras call raw.
_NAMES = """
jpg jpeg jpe jfif png apng gif webp bmp dib tif tiff heic heif hif heics avif avifs jxl jp2 j2k j2c
jpf jpx mpo ico tga pnm ppm pgm pbm pam qoi psd psb dds
dng cr2 cr3 crw nef nrw arw sr2 srf raf rw2 rwl orf pef srw x3f kdc dcr 3fr fff iiq mrw erf mef
"""
IMG_EXTS = frozenset(f".{name}" for name in _NAMES.split())


def is_picture(name: str) -> bool:
    """Return whether a file is taken for a picture, whatever the case of its ending."""
    return os.path.splitext(name)[1].lower() in IMG_EXTS
