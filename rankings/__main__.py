"""The command line: ``python -m rankings --help``."""

import argparse
import json
import os
import sys
from collections.abc import Sequence

from rankings.agreement import krippendorff_alpha
from rankings.errors import ItemsError, NotSettledError, RankingError
from rankings.files import JUDGEMENTS, MODELS, RATINGS, Judgements, Rated, Told, by_unit, fit, parts, read, report

FILES = """\
FILE is CSV with a header or JSON Lines; - is standard input. Its columns say
what it holds, and so which model fits it:
  winner,loser             bradley-terry
  a,b,outcome              davidson, rao-kupper: a, tie or b; or 1, 0, -1
  model_a,model_b,winner   the same, as the arenas write it
  a,b,strength             graded: -3 … 3, above 0 where a is better
  ranking                  plackett-luce: a>b=c or ["a", ["b", "c"]], best first
  works,ranks              the same, as a release of judgements has it
  set,best,worst           best-worst: a|b|c or ["a", "b", "c"]
  rater,unit,rating        agreement
Read too if they are there: rater, prompt, weight, first (the item shown first),
top (how many of the best places were ranked).

exit codes: 0 done, 2 bad input, 3 not comparable, 4 not settled
"""

SCALES = ("nominal", "ordinal", "interval", "ratio")
OPTIONS = {"prior_sd": "--prior-sd", "pass no rater": "pass --covariance fisher", "first_a": "a column first"}
CODES = {NotSettledError: 4, ItemsError: 3, RankingError: 2}


def main(words: Sequence[str] | None = None) -> int:
    """Answer a command; return its exit code."""
    options = _parser().parse_args(words)
    try:
        print(_answer(options), flush=True)
    except RankingError as error:
        print(f"rankings: {_in_options(str(error))}", file=sys.stderr)
        return next(code for kind, code in CODES.items() if isinstance(error, kind))
    except BrokenPipeError:
        # The reader has seen enough; standard output must not be flushed into the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _in_options(problem: str) -> str:
    """Return what is wrong with the library's arguments named as options."""
    for argument, option in OPTIONS.items():
        problem = problem.replace(argument, option)
    return problem


def _answer(options: argparse.Namespace) -> str:
    """Read the file and run the command on it, with names for numbers where it refuses."""
    judgements = read(options.file, options.layouts, columns=dict(options.columns), where=dict(options.where))
    try:
        answer: str = options.run(judgements, options)
    except ItemsError as error:
        some = ", ".join(judgements.items[item] for item in error.items[:10])
        more = f" and {len(error.items) - 10} more" if len(error.items) > 10 else ""
        error.args = (f"{some}{more}: {str(error).partition(': ')[2]}",)
        raise
    return answer


def _fit(judgements: Judgements[Told], options: argparse.Namespace) -> str:
    model = options.model or judgements.model
    strengths = fit(judgements, model, prior_sd=options.prior_sd, covariance=options.covariance)
    return report(judgements, model, strengths, level=options.level, form=options.form)


def _connect(judgements: Judgements[Told], options: argparse.Namespace) -> str:
    return parts(judgements, form=options.form)


def _agreement(ratings: Judgements[Rated], options: argparse.Namespace) -> str:
    found = krippendorff_alpha(by_unit(ratings, numbers=options.scale != "nominal"), options.scale)
    low, high = found.interval(options.level)
    n_raters, n_units, n_ratings = len(ratings.names["rater"]), found.n_units, found.n_ratings
    if options.form == "json":
        counts = {"units": n_units, "raters": n_raters, "ratings": n_ratings}
        told = {"measure": found.measure, "value": found.value, "low": low, "high": high, "level": options.level}
        return json.dumps(told | counts, indent=1)
    return (
        f"{found.measure} {found.value:.3f}, {100 * options.level:g} % interval {low:.3f} to {high:.3f}\n"
        f"{n_ratings:,} ratings of {n_units:,} units with two or more, by {n_raters:,} raters"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rankings",
        usage="python -m rankings COMMAND FILE [options]",
        description="Strengths of items from judgements that compare them, with honest intervals.",
        epilog=FILES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_fit(
        commands.add_parser(
            "fit", prog="python -m rankings fit", help="strengths, errors, intervals and rank intervals of the items"
        )
    )
    _add_connect(commands.add_parser("connect", help="which items are joined, and what would join the rest"))
    _add_agreement(commands.add_parser("agreement", help="Krippendorff's alpha of ratings: columns rater,unit,rating"))
    return parser


def _add_fit(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=_fit, layouts=JUDGEMENTS)
    _add_file(command)
    command.add_argument("--model", choices=MODELS, metavar="MODEL", help="by default what goes with the columns")
    command.add_argument("--prior-sd", type=float, metavar="LOGITS", help="normal prior on each strength, such as 1.5")
    command.add_argument(
        "--covariance",
        choices=("fisher", "rater", "prompt"),
        help="errors from the model's curvature, or from the spread between raters (the default if there is a column "
        "rater) or prompts",
    )
    _add_level(command)
    _add_form(command, "json", "csv")


def _add_connect(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=_connect, layouts=JUDGEMENTS)
    _add_file(command)
    _add_form(command, "json")


def _add_agreement(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=_agreement, layouts=RATINGS)
    _add_file(command)
    command.add_argument("--scale", choices=SCALES, default="nominal", help="how far apart ratings are (nominal)")
    _add_level(command)
    _add_form(command, "json")


def _add_file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="CSV or JSON Lines; - is standard input")
    command.add_argument(
        "--columns",
        type=lambda text: [_assigned(part) for part in text.split(",")],
        default=(),
        metavar="ROLE=COLUMN,…",
        help="columns of other names: winner=chosen,loser=rejected; first= leaves the column first unread",
    )
    command.add_argument(
        "--where",
        type=_assigned,
        action="append",
        default=[],
        metavar="COLUMN=TEXT",
        help="only rows with this text in the column; may be given again",
    )


def _add_level(command: argparse.ArgumentParser) -> None:
    command.add_argument("--level", type=float, default=0.95, help="of the intervals (0.95)")


def _add_form(command: argparse.ArgumentParser, *forms: str) -> None:
    command.set_defaults(form="table")
    one = command.add_mutually_exclusive_group()
    for form in forms:
        one.add_argument(f"--{form}", dest="form", action="store_const", const=form, help=f"print {form.upper()}")


def _assigned(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form name=value")
    return name.strip(), value.strip()


if __name__ == "__main__":
    sys.exit(main())
