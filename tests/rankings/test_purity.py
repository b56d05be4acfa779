"""The library stands alone."""

import subprocess
import sys


def test_rankings_loads_neither_django_nor_the_site():
    code = "import sys, rankings; print(sorted({name.split('.')[0] for name in sys.modules}))"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert "'rankings'" in loaded
    assert "'django'" not in loaded
    assert "'feedback'" not in loaded
