"""Pairs: models of answers to paired comparisons."""
