#!/usr/bin/env python3
"""Salon's command line: `manage.py help` lists what it can do."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "feedback.settings")
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # site and worker share the cores: more threads wait for each other
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
