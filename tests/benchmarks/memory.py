"""Prints the peak of resident memory, in bytes, after the exports of a study: `… memory STUDY [VIEWS…]`."""

import re
import resource
import sys
from pathlib import Path


def peak() -> int:
    """Linux hands the parent's peak on to getrusage's, but not to that of /proc."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s*(\d+) kB", status.read_text())[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS counts bytes


def main(slug: str, *views: str) -> None:
    import django

    django.setup()
    from feedback.studies.models import Study
    from tests.benchmarks.exports import export

    study = Study.objects.get(slug=slug)
    for view in views:
        export(study, view)
    print(peak())


if __name__ == "__main__":
    main(*sys.argv[1:])
