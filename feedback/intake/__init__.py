"""Brings studies in: import, the demonstration, simulated raters."""
