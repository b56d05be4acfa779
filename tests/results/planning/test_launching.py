"""The plan of a study in the browser: what it begins with, what it answers, and what it refuses."""

import pytest
from django.urls import reverse

from feedback.results.planning.forecasts import Launch, outlook
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(alice):
    return make.study(lead=alice, prompts=3, works=4, scale="choice")


@pytest.fixture
def lead(client, alice):
    client.force_login(alice)
    return client


def plan(lead, study, **asked):
    return lead.get(reverse("desk_plan", args=[study.slug]), asked)


def test_it_begins_with_what_is_there(lead, study):
    form = plan(lead, study).context["form"]

    assert (form["works"].value(), form["prompts"].value(), form["raters"].value()) == (4, 3, 5)


def test_it_says_what_the_library_reckons(lead, study):
    asked = {"works": 8, "prompts": 20, "raters": 4, "spread": 2, "taste": 0, "ties": 0, "seconds": 60, "price": 50}
    found = outlook(Launch(works=8, prompts=20, raters=4, spread=2.0, seconds=60.0, price=50.0, target=study.target))

    answer = plan(lead, study, **asked)

    assert answer.context["headline"].startswith(f"{found.plan.judgements:,}")
    assert f"{found.cost:,.0f} in pay" in " ".join(answer.context["because"])
    assert f"each gives {found.plan.judgements / 4:,.0f}" in " ".join(answer.context["because"])


def test_works_that_differ_more_take_fewer_judgements(lead, study):
    close, plain = (
        int(plan(lead, study, spread=spread, taste=0, works=10, prompts=10).context["table"].rows[-1][1] * 1000)
        for spread in (0.5, 2)
    )

    assert close < plain


def test_out_of_reach_says_how_far_it_goes_and_why(lead, study):
    answer = plan(lead, study, raters=2, taste=2, spread=0.5)

    assert answer.context["headline"] == ".80 is out of reach."
    assert "speak for their own taste" in answer.context["because"][0]


def test_many_raters_are_not_blamed_for_works_that_are_close(lead, study):
    answer = plan(lead, study, raters=200, taste=0.5, spread=0.1)

    assert "hardly told apart" in answer.context["because"][0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"works": 1}, "Works of each prompt: Ensure this value is greater than or equal to 2"),
        ({"spread": "far"}, "How far works differ: Enter a number"),
        ({"works": 2, "prompts": 1}, "2 items are too few; plan for 5 or more"),
    ],
)
def test_numbers_that_make_no_sense_are_named(lead, study, asked, said):
    answer = plan(lead, study, **asked)

    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_a_change_brings_the_answer_alone(lead, study):
    answer = lead.get(reverse("desk_plan", args=[study.slug]), {"works": 6}, headers={"HX-Request": "true"})

    assert answer.content.decode().strip().startswith('<div id="expected"')


def test_ratings_say_that_they_are_not_planned_for(lead, study):
    study.form, study.set_size = "rating", 1
    study.save()

    assert "not planned for yet" in plan(lead, study).content.decode()


def test_only_leads_plan(client, study, bob):
    client.force_login(bob)

    assert plan(client, study).status_code in {403, 404}
