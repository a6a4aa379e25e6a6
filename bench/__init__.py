"""Measures what the program costs, beside what else there is; each module is one command."""
