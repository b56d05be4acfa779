"""The door for web servers; it stays shut while the database is not safe to serve from."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "feedback.settings")
application = get_wsgi_application()

from feedback.safety import refuse_unsafe_database  # noqa: E402 - needs the apps that the line above loads

refuse_unsafe_database()
