"""A study as a release reads it: what was said, about which works, and what may leave."""
