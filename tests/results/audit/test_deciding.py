"""What a lead decides about a comparison: settled, asked again, made a check, taken into the golden set, taken back."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from feedback.judging.actions import hand_out, queue
from feedback.judging.models import Comparison, Purpose
from feedback.people.actions import rater_of
from feedback.people.models import AuditEntry, User
from feedback.results.audit import actions
from feedback.results.models import Resolution
from feedback.studies.actions import add_member, close_study
from feedback.studies.models import Study
from tests import make

pytestmark = pytest.mark.django_db
HOLDS = {"lighting": [2, 1]}


@pytest.fixture
def study(alice, bob, charlie, client) -> Study:
    """Two works that Bob and Charlie judged the opposite ways; Alice, who leads, is signed in."""
    study = make.study(lead=alice, rater=bob, works=2)
    make.make_rater(study, charlie)
    make.judgement(study, bob, ranks=[1, 2], rationale="Bob’s own words")
    make.judgement(study, charlie, ranks=[2, 1])
    client.force_login(alice)
    return study


@pytest.fixture
def disputed(study) -> Comparison:
    return study.comparisons.get()


def post(client, disputed: Comparison, decision: str, **fields: object):
    address = reverse("decide", args=[disputed.study.slug, disputed.pk])
    return client.post(address, {"decision": decision} | fields)


def page(client, disputed: Comparison) -> str:
    return client.get(reverse("audit", args=[disputed.study.slug, disputed.pk])).content.decode()


def trail(study: Study) -> list[tuple[str, str]]:
    rows = AuditEntry.objects.filter(subject=f"Study {study}", action__in=["decide", "undo decision"]).order_by("id")
    return [(row.action, row.detail["decision"]) for row in rows]


def waiting_for(study: Study, user: User) -> list[tuple[str, int | None]]:
    found = queue(study=study, rater=rater_of(user=user))
    return list(found.values_list("purpose", "only_for"))


def test_what_holds_is_stored_told_and_taken_back(client, study, disputed):
    answer = post(client, disputed, "resolved", **{"answer.lighting": "B"}, note="The lamp is out.")

    resolution = Resolution.objects.live().get()
    assert answer.status_code == 302
    assert (resolution.kind, resolution.ranks, resolution.by.name) == ("resolved", HOLDS, "Alice")
    for told in ("Settled", "Lighting: B over A", "The lamp is out."):
        assert told in page(client, disputed)

    client.post(reverse("undo_decision", args=[study.slug, disputed.pk]), {"decision": resolution.pk})

    assert not Resolution.objects.live().exists()
    assert "The lamp is out." not in page(client, disputed)
    assert trail(study) == [("decide", "resolved"), ("undo decision", "resolved")]


def test_settled_anew_the_former_word_does_not_stand(alice, disputed):
    for ranks in ([1, 2], [1, 1]):
        actions.settle(comparison=disputed, ranks={"lighting": ranks}, note="", by=alice)

    assert [one.ranks for one in Resolution.objects.live()] == [{"lighting": [1, 1]}]
    assert Resolution.objects.count() == 2


@pytest.mark.parametrize("decision", ["resolved", "gold", "golden"])
def test_without_a_word_on_what_holds_nothing_is_decided(client, disputed, decision):
    answer = post(client, disputed, decision)

    assert answer.status_code == 422
    assert "Settle it on one criterion at least" in answer.content.decode()
    assert not Resolution.objects.exists()
    assert Comparison.objects.count() == 1


def test_others_are_asked_and_those_who_know_it_are_not(client, study, disputed, bob, charlie):
    dave = make.user("Dave")
    make.make_rater(study, dave)
    assert waiting_for(study, dave) == []

    post(client, disputed, "sent-back", others="1")

    assert waiting_for(study, dave) == [(Purpose.INFORMATIVE, None)]
    assert waiting_for(study, bob) == waiting_for(study, charlie) == []
    disputed.refresh_from_db()
    assert (disputed.places, disputed.purpose) == (2, Purpose.UNIFORM)  # what chance drew stays as it was drawn
    make.judgement(study, dave, ranks=[2, 1])
    assert page(client, disputed).count("B over A") >= 2


def test_the_same_raters_are_asked_the_other_way_round(client, study, disputed, bob):
    before = disputed.assignments.get(rater__user=bob).shown_order

    post(client, disputed, "sent-back", others="0")

    again = hand_out(study=study, rater=rater_of(user=bob))
    assert again is not None
    assert (again.comparison.purpose, again.comparison.repeats_id) == (Purpose.REPEAT, disputed.pk)
    assert again.shown_order == before[::-1]
    assert set(study.comparisons.filter(purpose=Purpose.REPEAT).values_list("only_for__user__name", flat=True)) == {
        "Bob",
        "Charlie",
    }


def test_a_second_answer_stands_beside_the_first_in_the_letters_of_the_page(client, study, disputed, bob):
    post(client, disputed, "sent-back", others="0")
    make.judgement(study, bob, ranks=[2, 1])

    told = page(client, disputed)

    assert "asked again" in told
    assert told.count("B over A") > told.count("A over B")


def test_a_check_is_hidden_among_what_others_judge(client, study, disputed, bob):
    post(client, disputed, "gold", **{"answer.lighting": "B"})

    check = study.comparisons.get(purpose=Purpose.GOLD)
    assert (check.expected, check.repeats_id) == (HOLDS, disputed.pk)
    assert list(check.entries.values_list("work", flat=True)) == list(disputed.entries.values_list("work", flat=True))
    assert waiting_for(study, bob) == []
    assert {one.kind for one in Resolution.objects.live()} == {"resolved", "gold"}


def test_what_a_decision_opened_is_asked_no_more_once_it_is_taken_back(alice, study, disputed):
    dave = make.user("Dave")
    make.make_rater(study, dave)
    gold = actions.make_gold(comparison=disputed, ranks=HOLDS, note="", by=alice)
    sent = actions.ask_again(comparison=disputed, others=3, note="", by=alice)
    make.judgement(study, dave)

    for resolution in (gold, sent):
        actions.undo(resolution=resolution, by=alice)
        actions.undo(resolution=resolution, by=alice)

    erin = make.user("Erin")
    make.make_rater(study, erin)
    assert waiting_for(study, erin) == []
    assert study.submissions.count() == 3  # what was answered stays
    assert trail(study).count(("undo decision", "sent-back")) == 1


def test_the_golden_set_is_listed_and_leaves_as_lines(client, study, disputed):
    post(client, disputed, "golden", **{"answer.lighting": "B", "answer.narrative-arc": "="}, note="Agreed by three.")

    listed = client.get(reverse("golden", args=[study.slug])).content.decode()
    [line] = client.get(reverse("golden_file", args=[study.slug])).content.decode().splitlines()

    works = list(disputed.entries.values_list("work__external_id", flat=True))
    told = json.loads(line)
    assert "Lighting: B over A" in listed
    assert (told["prompt"], told["works"], told["note"]) == ("p1", works, "Agreed by three.")
    assert told["ranks"] == HOLDS | {"narrative-arc": [1, 1]}


def test_sets_are_settled_by_a_rank_for_each_work(client, alice, bob):
    study = make.study(lead=alice, rater=bob, form="set", set_size=3, overlap=1)
    disputed = make.judgement(study, bob).assignment.comparison
    client.force_login(alice)
    ranks = {f"rank.lighting.{letter}": rank for letter, rank in zip("ABC", (3, 1, 3), strict=True)}

    halfway = post(client, disputed, "resolved", **{"rank.lighting.A": 1})
    post(client, disputed, "resolved", **ranks)

    assert "give every work a rank, or none" in halfway.content.decode()
    assert Resolution.objects.get().ranks == {"lighting": [2, 1, 2]}


def test_a_lead_who_may_yet_be_asked_decides_nothing(client, study, disputed, alice):
    add_member(study=study, user=alice, role="rater", by=None)

    codes = {post(client, disputed, "resolved", **{"answer.lighting": "A"}).status_code}
    codes |= {client.get(reverse("golden_file", args=[study.slug])).status_code}
    with pytest.raises(PermissionDenied):
        actions.settle(comparison=disputed, ranks=HOLDS, note="", by=alice)
    close_study(study=study, by=alice)

    assert codes == {404}
    assert post(client, disputed, "resolved", **{"answer.lighting": "A"}).status_code == 302


def test_raters_never_see_what_others_answered(client, study, disputed):
    dave = make.user("Dave")
    make.make_rater(study, dave)
    client.force_login(make.user("Alice’s friend"))
    actions.ask_again(
        comparison=disputed, others=1, note="Bob is wrong here", by=study.memberships.get(role="lead").user
    )
    client.force_login(dave)

    bench = client.get(reverse("judge", args=[study.slug]))
    number = [study.slug, disputed.pk]
    pages = [client.get(reverse(name, args=number)) for name in ("audit", "decide", "undo_decision")]
    pages += [client.get(reverse(name, args=[study.slug])) for name in ("judged", "golden", "golden_file", "results")]
    pages += [client.get(reverse("rater", args=[study.slug, disputed.assignments.earliest("pk").rater_id]))]

    assert bench.status_code == 200
    assert 'form class="task"' in bench.content.decode()
    for told in ("Bob", "Charlie", "own words", "rater "):
        assert told not in bench.content.decode().split("<h1", 1)[1].split('<dialog class="help', 1)[0]
    assert {one.status_code for one in pages} <= {404, 405}
