"""The environment of the tests, set before anything reads a setting; loaded first of all, by `-p tests.environment`."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Each process has a data folder of its own, so that parallel runs share nothing.
DATA_DIR = Path(tempfile.mkdtemp(prefix="salon-tests-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
os.environ["SECRET_KEY"] = "a key for tests alone, long enough to be taken for one of the fifty"
os.environ["DATA_DIR"] = str(DATA_DIR)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # tests run side by side
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs an event loop in the tests' thread
for name in ("ALLOWED_HOSTS", "BASE_URL", "DEBUG", "PORT"):
    os.environ.pop(name, None)
