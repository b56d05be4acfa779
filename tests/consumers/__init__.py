"""Releases in the hands of those who train on them: `make consumers`, never part of `make test`."""
