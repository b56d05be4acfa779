"""Collects: the site where experts compare creative outputs."""
