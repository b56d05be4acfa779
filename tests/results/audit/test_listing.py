"""The list of judged comparisons: the disputed first, narrowed down, one after another; and what it costs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.judging.actions import Key, flag, open_keys
from feedback.judging.models import Comparison
from feedback.people.actions import rater_of
from feedback.results.actions import fit
from feedback.results.audit import views
from feedback.results.audit.actions import keep_disputes, settle
from feedback.results.gathering import gather
from feedback.results.models import Dispute
from feedback.studies.models import Study
from tests import make
from tests.datasets.panel import judge_all

pytestmark = pytest.mark.django_db
ORDER = {"p1-1": 1, "p1-2": 2, "p1-3": 3, "p2-1": 1, "p2-2": 2, "p2-3": 3}


@pytest.fixture
def study(alice, bob, charlie, client) -> Study:
    """Three raters agree on two prompts, but for Charlie, who has the best of the first prompt last."""
    dave = make.user("Dave")
    study = make.study(lead=alice, prompts=2, overlap=3)
    for person in (bob, charlie, dave):
        make.make_rater(study, person)
    judge_all(study, bob, ORDER)
    judge_all(study, dave, ORDER)
    judge_all(study, charlie, ORDER | {"p1-1": 4})
    fit(study=study)
    keep_disputes(study=study, sample=gather(study))
    client.force_login(alice)
    return study


def listed(client, study: Study, **asked: object) -> list[int]:
    text = client.get(reverse("judged", args=[study.slug]), asked).content.decode()
    return [int(number) for number in re.findall(r"/judged/(\d+)/", text)]


def named(study: Study, *works: str) -> int:
    found = study.comparisons.filter(purpose="uniform", size=2)
    for work in works:
        found = found.filter(entries__work__external_id=work)
    return found.get().pk


def test_what_is_disputed_comes_first_and_agreed_ones_are_no_dispute(client, study):
    disputed = {named(study, "p1-1", "p1-2"), named(study, "p1-1", "p1-3")}

    assert set(listed(client, study)) == disputed
    assert Dispute.objects.filter(study=study).count() == 3 * len(disputed)
    assert len(listed(client, study, order="newest")) == 6


def test_a_dispute_stands_at_the_comparison_that_asked_for_it_and_not_at_a_hidden_check(study):
    asked = study.comparisons.get(pk=named(study, "p1-1", "p1-2"))
    check = study.comparisons.create(
        pk=0, prompt=asked.prompt, round=asked.round, purpose="gold", position=99, size=2, places=1
    )
    for entry in asked.entries.all():
        check.entries.create(work=entry.work, index=entry.index)

    keep_disputes(study=study, sample=gather(study))

    told = Dispute.objects.filter(study=study).values_list("comparison", flat=True)
    assert asked.pk in told
    assert check.pk not in told


def test_the_same_again_is_counted_once(study):
    before = list(Dispute.objects.values_list("comparison", "criterion", "value"))

    keep_disputes(study=study, sample=gather(study))

    assert list(Dispute.objects.values_list("comparison", "criterion", "value")) == before


def test_by_rater_prompt_flag_and_decision(client, study, alice, bob, charlie):
    one = Comparison.objects.get(pk=named(study, "p2-1", "p2-2"))
    flag(assignment=one.assignments.get(rater__user=bob), reason="broken", note="Cut off.")
    settle(comparison=one, ranks={"lighting": [1, 2]}, note="", by=alice)
    erin = make.user("Erin")
    make.make_rater(study, erin)

    assert listed(client, study, flags=1) == [one.pk]
    assert one.pk not in listed(client, study, order="newest", undecided=1)
    assert len(listed(client, study, order="newest", prompt="prompt p2")) == 3
    assert len(listed(client, study, order="newest", rater=rater_of(user=charlie).pk)) == 6
    assert listed(client, study, order="newest", rater=rater_of(user=erin).pk) == []
    assert listed(client, study, order="disputed", criterion="lighting", prompt="prompt p2") == []
    assert "Cut off." in client.get(reverse("audit", args=[study.slug, one.pk])).content.decode()


def test_hidden_checks_that_were_missed(client, study, bob, charlie):
    works = dict(study.comparisons.first().entries.values_list("work__external_id", "work"))
    one, other = works.values()
    prompt = study.comparisons.first().prompt_id
    open_keys(study=study, keys=[Key(prompt, {"lighting": {one: 1, other: 2}}, lesson="", gold=True)])
    study.qualify_items, study.qualify_pass = 1, 0
    study.save()
    check = study.comparisons.get(purpose="gold")
    key = check.expected["lighting"]

    make.judgement(study, bob, ranks=key)
    kept = listed(client, study, missed=1)
    make.judgement(study, charlie, ranks=key[::-1])

    assert kept == []
    assert listed(client, study, missed=1) == [check.pk]
    text = client.get(reverse("judged", args=[study.slug]), {"missed": 1}).content.decode()
    assert "missed by 1" in text
    assert "A key stands" in client.get(reverse("audit", args=[study.slug, check.pk])).content.decode()


@pytest.mark.parametrize("order", ["disputed", "newest"])
def test_one_leads_to_the_next_in_the_order_of_the_list(client, study, order):
    numbers = listed(client, study, order=order)

    for at, number in enumerate(numbers):
        text = client.get(reverse("audit", args=[study.slug, number]), {"order": order}).content.decode()
        steps = {rel: int(of) for of, rel in re.findall(r'/judged/(\d+)/\?[^"]*" rel="(\w+)"', text)}
        assert steps.get("prev") == (numbers[at - 1] if at else None)
        assert steps.get("next") == (numbers[at + 1] if at + 1 < len(numbers) else None)


def test_page_by_page_nothing_is_left_out(client, study, monkeypatch):
    whole = listed(client, study, order="newest")
    monkeypatch.setattr(views, "PER_PAGE", 4)

    assert listed(client, study, order="newest") + listed(client, study, order="newest", page=2) == whole
    assert listed(client, study, order="newest", page="x") == whole[:4]


@pytest.mark.parametrize(
    "asked", [{}, {"order": "newest"}, {"order": "newest", "marks": 1, "flags": 1, "rater": 1, "prompt": "p1"}]
)
def test_a_page_takes_as_many_queries_whatever_is_on_it(client, study, asked, monkeypatch):
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            listed(client, study, **asked)
        return len(made)

    queries()  # which renews the session
    many = queries()
    monkeypatch.setattr(views, "PER_PAGE", 1)

    assert queries() == many <= 8
