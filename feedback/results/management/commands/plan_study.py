"""Planning from the command line: what a study will take, or what one that is running still takes."""

import json
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.results import measures
from feedback.results.gathering import gather
from feedback.results.planning.forecasts import Launch, Outlook, outlook
from feedback.studies.models import Study
from rankings import RankingError
from rankings.planning.projects import Form

NOT_BEGUN = {"state": "unknown", "text": "nothing was judged yet"}


class Command(BaseCommand):
    help = (
        "How many judgements, hours and how much money a study takes until its scores are reliable: before launch from "
        "--works and what they are expected to be like, of a study that is there from what was judged so far."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", nargs="?", help="the slug of a study that is there")
        parser.add_argument("--works", type=int, help="works of each prompt")
        parser.add_argument("--prompts", type=int, default=1)
        parser.add_argument("--raters", type=int, default=1)
        parser.add_argument("--spread", type=float, default=1.0, help="sd of the works' strengths: 1 close, 3 plain")
        parser.add_argument("--taste", type=float, default=0.0, help="sd of a rater's own strengths about everybody's")
        parser.add_argument("--form", default="pair", help="pair, graded, or how many works a set holds")
        parser.add_argument("--ties", type=float, default=0.0, help="share of ties expected of pairs")
        parser.add_argument("--target", type=float, help="the reliability wanted; .8 unless the study says otherwise")
        parser.add_argument("--seconds", type=float, default=30.0, help="for one judgement")
        parser.add_argument("--price", type=float, help="of an hour of a rater")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["study"] is None) == (options["works"] is None):
            raise CommandError("Name a study that is there, or say with --works how large one will be.")
        try:
            if options["study"]:
                self._going_on(options)
            else:
                self._before_launch(options)
        except RankingError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _before_launch(self, options: dict[str, Any]) -> None:
        asked = {name: options[name] for name in ("works", "prompts", "raters", "spread", "taste", "ties", "seconds")}
        if min(asked["works"] - 1, asked["prompts"], asked["raters"]) < 1:
            raise CommandError("A plan needs two works or more, and a prompt and a rater at least.")
        found = outlook(
            Launch(**asked, form=_form(options["form"]), target=options["target"] or 0.8, price=options["price"])
        )
        if options["json"]:
            self.stdout.write(json.dumps(found.told()))
            return
        for line in _in_words(found):
            self.stdout.write(line)

    def _going_on(self, options: dict[str, Any]) -> None:
        study = Study.objects.filter(slug=options["study"]).first()
        if study is None:
            known = ", ".join(Study.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"No study {options['study']!r}. Studies here: {known}.")
        target = options["target"] or study.target
        price = study.price_hour if options["price"] is None else options["price"]
        sample = gather(study)
        found = {slug: measures.measure(sample, slug, target=target, price_hour=price) for slug in sample.criteria}
        done = {slug: one.told()["done"] if one else NOT_BEGUN for slug, one in found.items()}
        if options["json"]:
            self.stdout.write(json.dumps({"study": study.slug, "target": target, "criteria": done}))
            return
        for slug, told in done.items():
            self.stdout.write(f"{slug:<24} {_still(told)}")


def _form(said: str) -> Form:
    if said.isdigit():
        return int(said)
    if said not in {"pair", "graded"}:
        raise CommandError(f"--form is {said!r}; it is pair, graded, or how many works a set holds.")
    return cast("Form", said)


def _in_words(found: Outlook) -> list[str]:
    plan, raters = found.plan, found.launch.raters
    lines = [f"{'judgements':>12}  reliability"]
    lines += [f"{judgements:>12,}  {reliability:.2f}" for judgements, reliability in found.curve]
    if plan.judgements is None or plan.hours is None:
        return [*lines, str(plan)]
    cost = "" if found.cost is None else f", {found.cost:,.0f} to pay"
    return [
        *lines,
        f"{plan.judgements:,} judgements reach {plan.target:.2f}: {plan.hours:.1f} h{cost}.",
        f"Of {raters} raters each gives {plan.judgements / raters:,.0f}, in {plan.hours / raters:.1f} h.",
        "That is if chance alone chooses what is asked; rounds that ask what tells most take fewer.",
    ]


def _still(told: dict[str, Any]) -> str:
    """What remains on one criterion."""
    if told["state"] != "more":
        return f"{told['state']}: {told['text']}"
    cost = "" if told["cost"] is None else f", {told['cost']:,.0f} to pay"
    return f"{told['more']:,} more, about {told['hours']:.1f} h{cost}, reach {told['target']:.2f}"
