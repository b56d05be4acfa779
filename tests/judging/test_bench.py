"""The bench as a browser without scripts meets it: plain pages and forms."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from feedback.judging.models import Assignment, Judgement, Submission
from feedback.people.models import ConsentText
from feedback.studies.actions import close_study
from tests import make

pytestmark = pytest.mark.django_db
SLUGS = ("lighting", "narrative-arc", "emotional-resonance")


def fields_of(page) -> dict[str, str]:
    """The hidden fields of the form on the page."""
    return dict(re.findall(r'<input type="hidden" name="(key|replaces)" value="([^"]*)"', page.content.decode()))


def action_of(page) -> str:
    return re.search(r'class="task" method="post" action="([^"]+)"', page.content.decode())[1]


def choose(step: int | str) -> dict[str, str]:
    return {f"answer.{slug}": str(step) for slug in SLUGS}


def signed_in(client: Client, person) -> Client:
    client.force_login(person)
    return client


def test_a_rater_is_asked_for_consent_once_per_version(client, bob):
    study = make.study()
    make.add_member(study=study, user=bob, role="rater", by=None)
    signed_in(client, bob)
    asked = client.get(reverse("judge", args=[study.slug]))

    agreed = client.post(asked["Location"], {"version": "2"})
    again = client.get(agreed["Location"])
    ConsentText.objects.create(version=1000, body="New words.")
    later = client.get(reverse("judge", args=[study.slug]))

    assert asked["Location"] == later["Location"] == reverse("consent", args=[study.slug])
    assert again.status_code == 200


def test_a_page_shows_the_prompt_the_works_and_every_criterion(client, bob):
    study = make.study(rater=bob)

    page = signed_in(client, bob).get(reverse("judge", args=[study.slug])).content.decode()

    assert "The prompt p1." in page
    assert page.count("The text of p1-") == 2
    assert page.count('role="radiogroup"') == 3


def test_an_answer_is_stored_for_the_work_and_not_for_the_side(client, bob):
    study = make.study(works=2, rater=bob)
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))
    assignment = Assignment.objects.get()

    client.post(action_of(page), fields_of(page) | choose(1))

    left = assignment.shown_order[0]
    for judgement in Judgement.objects.all():
        assert judgement.ranks[left] == 1
        assert sorted(judgement.ranks) == [1, 2]


@pytest.mark.parametrize(("key", "leaning"), [(1, 3), (2, 2), (3, 1), (4, 0), (5, -1), (6, -2), (7, -3)])
def test_a_strength_favours_the_side_it_names(client, bob, key, leaning):
    study = make.study(works=2, rater=bob, scale="strength")
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))
    turned = 1 if Assignment.objects.get().shown_order[0] == 0 else -1

    client.post(action_of(page), fields_of(page) | choose(key))

    judgement = Judgement.objects.first()
    assert judgement.strength == leaning * turned
    assert (judgement.ranks[0] < judgement.ranks[1]) == (judgement.strength > 0)


def test_a_tie_gives_equal_ranks(client, bob):
    study = make.study(works=2, rater=bob)
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))

    client.post(action_of(page), fields_of(page) | choose(2))

    assert {tuple(judgement.ranks) for judgement in Judgement.objects.all()} == {(1, 1)}


def test_cannot_judge_is_an_outcome_and_not_a_tie(client, bob):
    study = make.study(works=2, rater=bob)
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))

    client.post(action_of(page), fields_of(page) | choose(1) | {"answer.lighting": "0"})

    judgement = Judgement.objects.get(criterion__slug="lighting")
    assert (judgement.outcome, judgement.ranks) == ("cannot_judge", None)


def test_below_acceptable_and_excellent_leave_the_ranks(client, bob):
    study = make.study(works=2, rater=bob)
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))
    verdicts = {"acceptable.lighting": "none", "acceptable.narrative-arc": "all"}

    client.post(action_of(page), fields_of(page) | choose(2) | verdicts)

    stored = dict(Judgement.objects.values_list("criterion__slug", "acceptable"))
    assert stored == {"lighting": [False, False], "narrative-arc": [True, True], "emotional-resonance": None}
    assert Judgement.objects.filter(ranks=[1, 1]).count() == 3


def test_a_set_is_ranked_whole_with_ties(client, bob):
    study = make.study(works=3, rater=bob, form="set", set_size=3)
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))
    order = Assignment.objects.get().shown_order
    ranks = {f"rank.{slug}.{position}": str(rank) for slug in SLUGS for position, rank in enumerate((2, 1, 2))}

    client.post(action_of(page), fields_of(page) | ranks)

    stored = Judgement.objects.first().ranks
    assert [stored[entry] for entry in order] == [2, 1, 2]


def test_an_untouched_order_cannot_be_submitted(client, bob):
    study = make.study(works=3, rater=bob, form="set", set_size=3)
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))

    refused = client.post(action_of(page), fields_of(page))

    assert refused.status_code == 422
    assert "give each of the 3 works a rank" in refused.content.decode()
    assert not Submission.objects.exists()


def test_a_work_is_rated_alone_where_the_study_asks_for_ratings(client, bob):
    study = make.study(works=2, rater=bob, form="rating", set_size=1)
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))

    client.post(action_of(page), fields_of(page) | choose(6))

    assert page.content.decode().count("The text of p1-") == 1
    assert {judgement.score for judgement in Judgement.objects.all()} == {6.0}


def test_a_required_reason_is_required_by_the_server(client, bob):
    study = make.study(works=2, rater=bob, rationale="required")
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))

    refused = client.post(action_of(page), fields_of(page) | choose(1) | {"rationale": "  \n "})
    taken = client.post(action_of(page), fields_of(page) | choose(1) | {"rationale": "The shadow agrees."})

    assert refused.status_code == 422
    assert "say why, in a sentence" in refused.content.decode()
    assert taken.status_code == 302
    assert Submission.objects.get().rationale.text == "The shadow agrees."


def test_a_refused_answer_keeps_what_was_said(client, bob):
    study = make.study(works=2, rater=bob)
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))

    refused = client.post(
        action_of(page), fields_of(page) | {"answer.lighting": "3", "rationale": "Half-way <b>there</b>"}
    ).content.decode()

    assert re.search(r'name="answer.lighting" value="3"[^>]*checked', refused)
    assert "Half-way &lt;b&gt;there&lt;/b&gt;" in refused


def test_undo_brings_answers_and_text_back(client, bob):
    study = make.study(works=3, rater=bob)
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))
    client.post(action_of(page), fields_of(page) | choose(3) | {"rationale": "The light in B."})

    client.post(reverse("undo", args=[study.slug]), {"key": uuid.uuid4()})
    back = client.get(reverse("judge", args=[study.slug]))

    assert action_of(back) == action_of(page)
    assert back.content.decode().count("checked") >= 3
    assert "The light in B." in back.content.decode()
    assert not Judgement.objects.live().exists()


def test_what_was_undone_can_be_judged_again(client, bob):
    study = make.study(works=2, rater=bob)
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))
    client.post(action_of(page), fields_of(page) | choose(3))
    client.post(reverse("undo", args=[study.slug]), {"key": uuid.uuid4()})
    back = client.get(reverse("judge", args=[study.slug]))

    client.post(action_of(back), fields_of(back) | choose(1))

    assert Judgement.objects.live().count() == 3
    assert Submission.objects.count() == 3


def test_a_second_tab_is_told_that_the_comparison_is_judged(client, bob):
    study = make.study(works=3, rater=bob)
    signed_in(client, bob)
    one, other = (client.get(reverse("judge", args=[study.slug])) for _ in range(2))
    client.post(action_of(one), fields_of(one) | choose(1))

    conflict = client.post(action_of(other), fields_of(other) | choose(3))

    assert conflict.status_code == 409
    assert "already judged" in conflict.content.decode().lower()
    assert Submission.objects.count() == 1


def test_the_end_says_thank_you(client, bob):
    study = make.study(works=2, rater=bob)
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))
    client.post(action_of(page), fields_of(page) | choose(1))

    end = client.get(reverse("judge", args=[study.slug]), follow=True)

    assert end.redirect_chain[-1][0] == reverse("thanks", args=[study.slug])
    assert "Thank you." in end.content.decode()


def test_a_closed_study_says_so_kindly(client, alice, bob):
    study = make.study(lead=alice, rater=bob)
    close_study(study=study, by=alice)

    end = signed_in(client, bob).get(reverse("judge", args=[study.slug]), follow=True)

    assert "The study is closed." in end.content.decode()


def test_nobody_can_answer_for_somebody_else(client, bob, charlie):
    study = make.study(rater=bob)
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))
    make.make_rater(study, charlie)

    stolen = signed_in(client, charlie).post(action_of(page), fields_of(page) | choose(1))

    assert stolen.status_code == 404
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    "field",
    [
        {"key": "not a key"},
        {"replaces": "-1"},
        {"answer.lighting": "4"},
        {"answer.lighting": "²"},
        {"acceptable.lighting": "some"},
        {"dwell_ms": "NaN"},
        {"rationale": "x" * 4001},
        {"rationale": "nul \0 inside"},
    ],
)
def test_hostile_fields_are_refused_with_a_reason(client, bob, field):
    study = make.study(works=2, rater=bob)
    page = signed_in(client, bob).get(reverse("judge", args=[study.slug]))

    refused = client.post(action_of(page), fields_of(page) | choose(1) | field)

    assert refused.status_code == 422
    assert not Submission.objects.exists()


def test_hostile_text_is_shown_literally(client, bob):
    study = make.study(
        each=[
            make.work("p1-1", text="<script>alert(1)</script> & \u202e gnp"),
            make.work("p1-2", text="{{ study }} {% now 'Y' %}"),
        ],
        rater=bob,
    )

    page = signed_in(client, bob).get(reverse("judge", args=[study.slug])).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;  gnp" in page  # nor does a hidden character turn the line round
    assert "{{ study }} {% now &#x27;Y&#x27; %}" in page


def test_letter_keys_can_be_switched_off_for_good(client, bob):
    study = make.study(rater=bob)
    signed_in(client, bob).post(reverse("letter_keys"), {"on": "0"})

    page = client.get(reverse("judge", args=[study.slug])).content.decode()

    assert "data-letter-keys>" not in page
    assert "data-letter-keys\n" not in page
