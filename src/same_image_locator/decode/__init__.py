"""Reads pictures: the only package that opens image files.

``glimpse`` has the functions: each takes a path and either returns what it promises or raises
``DecodeError`` (in ``causes``) with one clear cause. The content decides the format, never the
file's name. Nothing is imported here: the process that hands pictures to workers opens none.
"""
