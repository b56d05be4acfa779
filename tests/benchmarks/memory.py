"""Prints by how many bytes the peak of resident memory grows while a study is exported: `… memory STUDY VIEW`."""

import re
import resource
import sys
from pathlib import Path

import django


def peak() -> int:
    """In bytes. Linux hands the parent's peak on to getrusage's, but not to that of /proc."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text())
        assert found
        return int(found[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS counts bytes


def main(slug: str, view: str) -> None:
    django.setup()
    from feedback.studies.models import Study
    from tests.benchmarks.exports import export

    study = Study.objects.get(slug=slug)
    before = peak()
    export(study, view)
    print(peak() - before)


if __name__ == "__main__":
    main(*sys.argv[1:])
