"""When there is nothing to judge the page says why, in words of its own."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from feedback.judging.actions import withdraw_rater
from feedback.judging.models import Submission
from feedback.judging.rest import Rest, rest_of
from feedback.people.actions import rater_of
from feedback.studies.models import Study
from tests import make
from tests.judging.test_qualification import ITEMS, answer, keyed_study

pytestmark = pytest.mark.django_db
WORDS = {
    Rest.DRAFT: "draft",
    Rest.CLOSED: "closed",
    Rest.PAUSED: "paused the study",
    Rest.OWN_SHARE: "your full share",
    Rest.ENOUGH: "all the judgements it asked for",
    Rest.PREPARING: "being prepared",
    Rest.NOTHING_LEFT: "all that were left for you",
}


@pytest.mark.parametrize(
    ("rest", "change"),
    [
        (Rest.DRAFT, {"opened_at": None}),
        (Rest.CLOSED, {"closed_at": now()}),
        (Rest.PAUSED, {"paused_at": now()}),
        (Rest.OWN_SHARE, {"most_each": 1}),
        (Rest.ENOUGH, {"most_judgements": 1}),
        (Rest.PREPARING, {"selection": "swiss"}),
        (Rest.NOTHING_LEFT, {}),
    ],
)
def test_every_reason_has_its_words(client, bob, rest, change):
    study = make.study(works=2, rater=bob, overlap=1)
    make.judgement(study, bob)
    Study.objects.filter(pk=study.pk).update(**change)
    client.force_login(bob)

    page = client.get(reverse("judge", args=[study.slug]), follow=True).content.decode()

    study.refresh_from_db()
    assert rest_of(study, rater_of(user=bob)) == rest
    assert [said for said, words in WORDS.items() if words in page] == [rest]


def test_who_has_withdrawn_or_failed_is_told_that_first(bob, charlie):
    study = keyed_study(bob, charlie)
    for number in range(2 + ITEMS):
        answer(study, bob, well=number < 2)
    withdraw_rater(study=study, rater=charlie.rater, reason="withdrawn", by=charlie)
    Study.objects.update(selection="information")

    assert rest_of(study, bob.rater) == Rest.FAILED
    assert rest_of(study, charlie.rater) == Rest.WITHDRAWN


def test_a_round_that_does_not_come_is_not_promised_for_ever(bob):
    study = make.study(works=2, rater=bob, overlap=1)
    study.selection = "information"
    assert rest_of(study, bob.rater) == Rest.NOTHING_LEFT, "nobody has judged anything"
    make.judgement(study, bob)
    assert rest_of(study, bob.rater) == Rest.PREPARING
    Submission.objects.update(at=now() - timedelta(minutes=5))

    assert rest_of(study, bob.rater) == Rest.NOTHING_LEFT


def test_the_page_asks_again_while_a_round_is_prepared_and_goes_on_when_it_is_there(client, bob, charlie):
    study = make.study(works=3, rater=bob, overlap=1)
    Study.objects.update(selection="information")
    make.make_rater(study, charlie)
    client.force_login(bob)
    page, asks = reverse("thanks", args=[study.slug]), {"HX-Request": "true"}
    for person in (bob, bob, charlie):
        make.judgement(study, person)

    waiting = client.get(page, headers=asks)
    study.comparisons.update(places=2)
    found = client.get(page, headers=asks)

    assert b"hx-trigger" in waiting.content
    assert b"<html" not in waiting.content
    assert found.headers["HX-Redirect"] == reverse("judge", args=[study.slug])
