"""Our settings with guards removed: SALON_TAMPERED_SETTINGS holds what to change, SALON_TAMPERING names patches."""

import json
import os

from feedback.settings import *  # noqa: F403 - all of them, but for what follows
from feedback.settings import DATABASES, INSTALLED_APPS

changed = json.loads(os.environ.get("SALON_TAMPERED_SETTINGS", "{}"))
for option, value in changed.get("sqlite", {}).items():
    if value is None:
        del DATABASES["default"]["OPTIONS"][option]
    else:
        DATABASES["default"]["OPTIONS"][option] = value
INSTALLED_APPS = [*INSTALLED_APPS, "tests.durability.tampering.Tampering"]
