"""How every page is looked at: colours have to do with the light, places with the size, and each is there once."""

import pytest

DESK = {"width": 1440, "height": 900}
HAND = {"width": 390, "height": 844}
EVERY_LIGHT = pytest.mark.parametrize(
    ("size", "scheme"), [(DESK, "light"), (HAND, "dark")], ids=["desk-light", "hand-dark"]
)
