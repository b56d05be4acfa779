"""Prints the table of docs/real-studies.md: `python -m tests.real [SLUGS…]`, on a database of its own."""

import os
import sys
import tempfile
from pathlib import Path


def main(folder: Path, data: Path, slugs: list[str]) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from tests.real.beside import SETS, row, shown

    print("| Set | Criterion | What was judged | Raw counts or authors | The page | Alike |")
    print("|---|---|---|---|---|---|")
    for one in SETS:
        if not slugs or one.slug in slugs:
            study = shown(one, data, folder / one.slug)
            for criterion, raw in one.raw(data).items():
                print(row(one, study, criterion, raw), flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="salon-real-") as made:
        os.environ |= {
            "DATA_DIR": made,
            "DJANGO_SETTINGS_MODULE": "feedback.settings",
            "SECRET_KEY": "a key for one table alone, gone with the folder that it signs for",
        }
        main(Path(made), Path(os.environ.get("SALON_REAL_DATA", "../shared/data")), sys.argv[1:])
