"""Finds the same image wherever it lies twice, and settles it without ever losing a photo."""

__version__ = "0.1.0"
