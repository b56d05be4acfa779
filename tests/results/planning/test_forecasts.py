"""What is forecast before launch comes true in studies that were simulated apart."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from feedback.results.planning.forecasts import Launch, outlook
from tests import make
from tests.benchmarks.forecasts import SETTINGS, reached
from tests.results.planning.studies import in_rounds, judged


@pytest.mark.parametrize(("launch", "at"), SETTINGS.items())
def test_forecasts_come_true_within_three_hundredths(launch, at):
    judgements, expected = outlook(launch).curve[at]

    found = reached(launch, judgements, max(6, 1500 // (launch.works * launch.prompts)))

    assert expected == pytest.approx(found.mean(), abs=0.03)


def test_a_plan_counts_prompts_raters_hours_and_money():
    one, thirty = outlook(Launch(works=10, spread=2.0, raters=5)), outlook(Launch(10, 30, 5, 2.0, price=40.0))

    told = thirty.told()

    assert thirty.plan.judgements == pytest.approx(30 * one.plan.judgements, rel=0.1)
    assert told["hours"] == pytest.approx(thirty.plan.judgements * 30 / 3600)
    assert told["cost"] == pytest.approx(40 * told["hours"])
    assert told["judgements_each"] == -(-thirty.plan.judgements // 5)
    assert one.told()["cost"] is None


def test_tastes_of_their_own_take_more():
    alike, apart = (
        outlook(Launch(works=12, raters=4, spread=1.5)),
        outlook(Launch(works=12, raters=4, spread=1.5, taste=1.0)),
    )

    assert apart.curve[-1][1] < alike.curve[-1][1] - 0.1


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("plan_study", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_plans_before_launch():
    words = said("--works", "12", "--prompts", "5", "--raters", "4", "--spread", "2", "--price", "40")
    told = json.loads(
        said("--works", "12", "--prompts", "5", "--raters", "4", "--spread", "2", "--price", "40", "--json")
    )

    assert f"{told['judgements']:,} judgements reach 0.80" in words
    assert f"{told['cost']:,.0f} to pay" in words
    assert len(told["curve"]) == 10


def test_what_is_out_of_reach_is_said():
    assert "not reachable" in said("--works", "10", "--spread", "0.2", "--target", "0.95")


@pytest.mark.django_db
def test_the_command_says_what_remains_of_a_study():
    study = in_rounds(works=10, prompts=1)
    assert "nothing was judged yet" in said(study.slug) or "unknown" in said(study.slug)
    judged(study, raters=8)

    told = json.loads(said(study.slug, "--json"))

    assert set(told["criteria"]) == {"lighting", "narrative-arc"}
    assert {one["state"] for one in told["criteria"].values()} <= {"done", "more", "never", "unknown"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--works"),
        (("nowhere",), "No study 'nowhere'"),
        (("--works", "1"), "two works or more"),
        (("--works", "9", "--form", "odd"), "--form is 'odd'"),
        (("--works", "9", "--target", "2"), "lies between 0 and 1"),
    ],
)
def test_the_command_refuses_what_makes_no_sense(arguments, words):
    make.study()

    with pytest.raises(CommandError, match=words):
        said(*arguments)
