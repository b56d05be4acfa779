"""Writes a release to a folder."""

import signal
import sys
import tempfile
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError

from feedback.datasets.actions import freeze_release, write_release
from feedback.datasets.actions.writing import DamagedArchive
from feedback.datasets.asking import DEFAULT_VIEW, release_named, study_named, terms_for
from feedback.datasets.lines import line
from feedback.datasets.making.archive import Damaged
from feedback.datasets.making.directory import ForeignDirectory, check_replaceable
from feedback.datasets.making.gathering import read
from feedback.datasets.presets import PRESETS
from feedback.datasets.rows import VIEWS
from feedback.datasets.summary import foresee, say, summarise
from feedback.datasets.terms import DEFAULT_PURPOSE, LEAVES_FOR, MEDIA, SPLITTERS, ReleaseRefused, Terms
from feedback.progress import Progress

REFUSED, INTERRUPTED = 1, 130
NEWLINE = "\n"
EPILOG = f"""
views:
{NEWLINE.join(f"  {view.name:<21} {view.says}" for view in VIEWS.values())}
presets (a view in one consumer's own form):
{NEWLINE.join(f"  {preset.name:<21} {preset.says}" for preset in PRESETS.values())}

The folder appears whole or not at all; the same judgements give the same bytes. Progress goes to stderr.
exit codes:
  0    written
  1    refused, or broken off by a fault; one line on stderr says why and what would help
  2    wrong usage
  130  interrupted (Ctrl-C or SIGTERM); nothing is visible, and --resume goes on from the files that were finished
"""


class Command(BaseCommand):
    help = "Freeze the judgements of studies and write them as files that train."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EPILOG
        parser.add_argument("studies", nargs="+", metavar="STUDY", help="its slug")
        parser.add_argument("--out", type=Path, metavar="DIR", help="a new folder, or one of a release")
        parser.add_argument("--preset", default="", metavar="NAME", help="a consumer's form, listed below")
        parser.add_argument(
            "--view", action="append", default=[], metavar="NAME", help=f"may be repeated ({DEFAULT_VIEW})"
        )
        parser.add_argument(
            "--format",
            default="",
            metavar="NAME",
            help="jsonl (default), jsonl.gz, parquet; csv where a preset is read so",
        )
        parser.add_argument("--criterion", metavar="SLUG", help="this criterion alone")
        parser.add_argument(
            "--purpose",
            default=DEFAULT_PURPOSE,
            help=f"what works must be cleared for: {', '.join(LEAVES_FOR)} (%(default)s)",
        )
        parser.add_argument("--split", default=SPLITTERS[0], help="what stays in one split: prompt")
        parser.add_argument(
            "--since", metavar="RELEASE", help="only rows that are new or changed since, and removals.jsonl"
        )
        parser.add_argument("--min-judgements", type=int, default=1, metavar="N", help="leave out what fewer decided")
        parser.add_argument(
            "--margin", choices=["bt"], help="add the fitted distance of each pair: trainers change their loss by it"
        )
        parser.add_argument(
            "--media", default="", choices=["", *MEDIA], help="the works' files: shown, none (as the view needs)"
        )
        parser.add_argument(
            "--with-rationales", action="store_true", help="the words of raters who share them (view judgements)"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="count rows, shares and what stays out; store nothing"
        )
        parser.add_argument(
            "--resume", action="store_true", help="go on where a killed export of the same settings ended"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not (options["out"] or options["dry_run"]):
            raise CommandError("Name a folder with --out, or ask for a --dry-run.", returncode=2)
        progress = Progress(sys.stderr)
        usual = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            summary = self._summary(options, progress)
        except (ReleaseRefused, ForeignDirectory, DamagedArchive, Damaged, OSError) as refused:
            _end(progress, str(refused), REFUSED)
        except KeyboardInterrupt:
            _end(progress, "Interrupted: nothing was written. The same command with --resume goes on.", INTERRUPTED)
        finally:
            signal.signal(signal.SIGTERM, usual)
        progress.end()
        self.stdout.write(line(summary).decode() if options["json"] else say(summary), ending="")

    def _summary(self, options: dict[str, Any], progress: Progress) -> dict[str, Any]:
        terms = _terms(options)
        if options["dry_run"]:
            with tempfile.TemporaryDirectory() as folder:
                return foresee(terms, read(terms, Path(folder) / "rows", progress.show))
        check_replaceable(options["out"].absolute())
        frozen = freeze_release(terms=terms, progress=progress.show, resume=options["resume"])
        return summarise(frozen, write_release(frozen.release, options["out"]))


def _terms(options: dict[str, Any]) -> Terms:
    return terms_for(
        studies=[study_named(slug) for slug in options["studies"]],
        views=options["view"],
        preset=options["preset"],
        format=options["format"],
        criterion=options["criterion"],
        purpose=options["purpose"],
        split=options["split"],
        min_judgements=options["min_judgements"],
        margin=options["margin"] == "bt",
        rationales=options["with_rationales"],
        media=options["media"],
        since=release_named(options["since"]) if options["since"] else None,
    )


def _end(progress: Progress, said: str, code: int) -> NoReturn:
    progress.end()
    raise CommandError(said, returncode=code)
