"""Whether a rater's own sentences may leave: chosen apart from the consent text, and changeable."""

import pytest
from django.urls import reverse

from feedback.people import actions as people
from feedback.people.models import AuditEntry, Consent, Rater
from feedback.studies.actions import add_member
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(bob):
    """Bob rates, and has agreed to nothing yet."""
    made = make.study()
    add_member(study=made, user=bob, role="rater", by=None)
    return made


def agree(client, study, **chosen):
    wanted = people.consent_wanted(rater=people.rater_of(user=client.user))
    return client.post(reverse("consent", args=[study.slug]), {"version": wanted.version, **chosen})


@pytest.fixture
def bobs(client, bob):
    client.force_login(bob)
    client.user = bob
    return client


def test_who_only_agrees_keeps_their_sentences(bobs, study, bob):
    page = bobs.get(reverse("consent", args=[study.slug])).content.decode()

    agree(bobs, study)

    box = page.split('id="words"')[1].split(">")[0]
    assert "checked" not in box
    assert not Consent.objects.get().words
    assert not people.shares_words(rater=bob.rater)


def test_who_ticks_the_box_shares_them_and_it_is_on_record(bobs, study, bob):
    agree(bobs, study, words="on")

    assert people.shares_words(rater=bob.rater)
    assert list(Rater.objects.sharing_words()) == [bob.rater]
    entry = AuditEntry.objects.get(action="agree to consent text")
    assert (entry.by, entry.detail) == (bob, {"words": True})


def test_the_choice_can_be_changed_at_the_desk_and_each_change_is_on_record(bobs, study, bob):
    agree(bobs, study)

    shared = bobs.post(reverse("words"), {"words": "on"})
    told = bobs.get(shared["Location"]).content.decode()
    bobs.post(reverse("words"), {"words": "on"})
    after = people.shares_words(rater=bob.rater)
    bobs.post(reverse("words"))

    assert "Your choice is kept." in told
    assert "checked" in told.split('id="words"')[1].split(">")[0]
    assert after
    assert not people.shares_words(rater=bob.rater)
    changes = AuditEntry.objects.filter(by=bob, action__endswith="own words").order_by("pk")
    assert list(changes.values_list("action", flat=True)) == ["share own words", "keep own words"]


def test_a_new_text_asks_again_with_the_last_choice_filled_in_and_the_new_answer_counts(bobs, study, bob):
    from feedback.people.models import ConsentText

    agree(bobs, study, words="on")
    ConsentText.objects.create(version=1000, body="New words.")

    page = bobs.get(reverse("consent", args=[study.slug])).content.decode()
    agree(bobs, study)

    assert "checked" in page.split('id="words"')[1].split(">")[0]
    assert not people.shares_words(rater=bob.rater)


def test_who_has_agreed_to_nothing_has_nothing_to_change(bobs, study, bob):
    people.rater_of(user=bob)

    assert bobs.post(reverse("words"), {"words": "on"}).status_code == 404
    assert not people.shares_words(rater=bob.rater)


def test_sentences_of_simulated_raters_are_nobodys_and_those_of_imported_people_stay():
    simulated = people.simulated_rater(origin="here", label="1")
    Rater.objects.create(kind="person", origin="elsewhere", label="w1")

    assert list(Rater.objects.sharing_words()) == [simulated]
