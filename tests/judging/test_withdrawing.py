"""Raters and works taken back: at once, everywhere, and with a trail."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.urls import reverse

from feedback.judging.actions import NotRestored, hand_out, restore_rater, resume, retract, withdraw_rater
from feedback.judging.models import Assignment, Comparison, Judgement, Mark, Rationale, Submission
from feedback.judging.withdrawals import Withdrawal
from feedback.people.models import AuditEntry
from feedback.works.actions import NotGivenBack, give_work_back, withdraw_work
from feedback.works.models import Asset, Clearance, Work
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(alice, bob):
    return make.study(lead=alice, rater=bob)


def places(study):
    return Comparison.objects.filter(study=study).aggregate(taken=Sum("places_taken"))["taken"]


def sent(client, assignment, **more):
    """Bob's page sends an answer."""
    answers = {f"answer.{one.slug}": "1" for one in assignment.study.criteria.all()}
    form = {"key": str(uuid.uuid4()), "replaces": "0", **answers, **more}
    return client.post(reverse("answer", args=[assignment.public_id]), form)


def test_a_withdrawn_raters_answers_are_live_nowhere_and_their_places_are_free_again(study, alice, bob):
    first = make.judgement(study, bob)
    make.assignment(study, bob)

    withdraw_rater(study=study, rater=bob.rater, reason="quality", by=alice)

    assert not Judgement.objects.live().filter(submission__study=study).exists()
    assert places(study) == 0
    assert Submission.objects.get() == first, "the answer itself is kept"
    trail = AuditEntry.objects.get(action="withdraw rater")
    assert (trail.by, trail.detail) == (alice, {"rater": bob.rater.public_id.hex, "reason": "quality"})


def test_a_withdrawn_rater_is_handed_nothing_and_told_so(client, study, alice, bob):
    in_hand = make.assignment(study, bob)
    client.force_login(bob)
    withdraw_rater(study=study, rater=bob.rater, reason="quality", by=alice)

    assert hand_out(study=study, rater=bob.rater) is None
    assert resume(study=study, rater=bob.rater) is None
    late = sent(client, in_hand)
    ahead = sent(client, in_hand, ahead="1")
    page = client.get(reverse("judge", args=[study.slug]), follow=True).content.decode()

    assert (late.status_code, ahead.status_code) == (409, 409)
    assert b"are withdrawn" in ahead.content
    assert "are withdrawn: they count nowhere" in page
    assert not Submission.objects.exists()
    assert client.get(reverse("shown_work", args=[in_hand.public_id, 0])).status_code == 404


def test_undoing_a_withdrawal_brings_back_what_counted_and_no_more(study, alice, bob):
    make.judgement(study, bob)
    make.judgement(study, bob)
    retract(study=study, rater=bob.rater, key=uuid.uuid4())
    before = set(Judgement.objects.live().values_list("pk", flat=True))

    withdraw_rater(study=study, rater=bob.rater, reason="quality", by=alice)
    restore_rater(study=study, rater=bob.rater, by=alice)

    assert set(Judgement.objects.live().values_list("pk", flat=True)) == before
    assert len(before) == 3
    assert places(study) == 1
    assert resume(study=study, rater=bob.rater) is not None
    assert Withdrawal.objects.get().restored_by == alice
    assert AuditEntry.objects.filter(action="restore rater", by=alice).count() == 1


def test_a_place_that_somebody_else_took_meanwhile_stays_theirs(alice, bob, charlie):
    study = make.study(lead=alice, rater=bob, works=2, overlap=1)
    make.judgement(study, bob)
    withdraw_rater(study=study, rater=bob.rater, reason="quality", by=alice)
    make.make_rater(study, charlie)
    make.judgement(study, charlie)

    restore_rater(study=study, rater=bob.rater, by=alice)

    assert places(study) == 1
    assert Assignment.objects.answered().count() == 2


def test_an_erasure_takes_the_sentences_along_and_cannot_be_undone(study, alice, bob):
    make.judgement(study, bob, rationale="Because of the light.")

    withdraw_rater(study=study, rater=bob.rater, reason="erasure", by=alice)

    assert not Rationale.objects.exists()
    assert not Mark.objects.exclude(note="").exists()
    with pytest.raises(NotRestored):
        restore_rater(study=study, rater=bob.rater, by=alice)
    assert not Judgement.objects.live().exists()


def test_raters_may_withdraw_themselves_and_only_they_may_undo_that(study, alice, bob):
    make.judgement(study, bob)

    withdraw_rater(study=study, rater=bob.rater, reason="withdrawn", by=bob)

    with pytest.raises(NotRestored):
        restore_rater(study=study, rater=bob.rater, by=alice)
    restore_rater(study=study, rater=bob.rater, by=bob)
    assert Judgement.objects.live().count() == 3


def test_a_rater_cannot_undo_what_the_lead_withdrew(study, alice, bob):
    make.judgement(study, bob)
    withdraw_rater(study=study, rater=bob.rater, reason="quality", by=alice)

    withdraw_rater(study=study, rater=bob.rater, reason="withdrawn", by=bob)

    with pytest.raises(NotRestored):
        restore_rater(study=study, rater=bob.rater, by=bob)


@pytest.mark.parametrize("reason", ["quality", "erasure"])
def test_no_rater_passes_judgement_on_answers_and_no_stranger_withdraws_anybody(study, bob, charlie, reason):
    with pytest.raises(PermissionDenied):
        withdraw_rater(study=study, rater=bob.rater, reason=reason, by=bob)
    with pytest.raises(PermissionDenied):
        withdraw_rater(study=study, rater=bob.rater, reason="withdrawn", by=charlie)
    with pytest.raises(PermissionDenied):
        restore_rater(study=study, rater=bob.rater, by=charlie)


def test_comparisons_that_came_with_an_import_do_not_open_when_their_rater_withdraws(alice, bob):
    told = make.JudgementPlan(
        line=1, rater="w1", prompt="p1", works=("p1-1", "p1-2"), criterion="lighting", ranks=(1, 2)
    )
    study = make.study(lead=alice, rater=bob, works=2, criteria=("lighting",), judgements=(told,))
    imported = Comparison.objects.get(study=study, purpose="imported")
    rater = imported.assignments.get().rater

    withdraw_rater(study=study, rater=rater, reason="quality", by=alice)
    asked = hand_out(study=study, rater=bob.rater)
    assert asked.comparison != imported
    assert hand_out(study=study, rater=bob.rater) is None
    restore_rater(study=study, rater=rater, by=alice)

    imported.refresh_from_db()
    assert (imported.places, imported.places_taken) == (1, 1)
    assert Judgement.objects.live().count() == 1


# Works


def works_on(assignment):
    return [entry.work for entry in assignment.comparison.entries.all()]


def test_a_withdrawn_work_leaves_the_queue_and_the_bench_at_once(client, study, alice, bob):
    in_hand = make.assignment(study, bob)
    gone = works_on(in_hand)[0]
    client.force_login(bob)

    withdraw_work(work=gone, reason="withdrawn", by=alice)

    following = resume(study=study, rater=bob.rater)
    assert gone not in works_on(following)
    assert hand_out(study=study, rater=bob.rater) is None, "of three pairs two hold the work"
    assert client.get(reverse("shown_work", args=[in_hand.public_id, 0])).status_code == 404


def test_an_answer_on_its_way_is_taken_and_waits_unused(client, study, alice, bob):
    in_hand = make.assignment(study, bob)
    client.force_login(bob)
    withdraw_work(work=works_on(in_hand)[0], reason="withdrawn", by=alice)

    assert sent(client, in_hand).status_code == 302
    assert Submission.objects.count() == 1


def test_undo_does_not_bring_a_withdrawn_work_back_to_the_screen(study, alice, bob):
    first, second = make.judgement(study, bob), make.judgement(study, bob)
    only_second = set(works_on(second.assignment)) - set(works_on(first.assignment))
    withdraw_work(work=only_second.pop(), reason="withdrawn", by=alice)

    assert retract(study=study, rater=bob.rater, key=uuid.uuid4()) == first.assignment


def test_a_work_given_back_is_permitted_what_it_was(study, alice):
    work = Work.objects.first()
    before = work.clearances.get()

    withdraw_work(work=work, reason="licence_expired", by=alice)
    assert not Work.objects.cleared("show").filter(pk=work.pk).exists()
    give_work_back(work=work, by=alice)

    after = work.clearances.get(replaced_at=None)
    assert Work.objects.cleared("show", "export", "train-reward-model", "commercial").filter(pk=work.pk).exists()
    assert (after.licence, after.consent) == (before.licence, before.consent)
    trail = AuditEntry.objects.filter(by=alice, action__in=["withdraw work", "give work back"]).order_by("pk")
    assert [entry.detail for entry in trail] == [
        {"work": work.external_id, "reason": "licence_expired"},
        {"work": work.external_id},
    ]


def test_an_erased_work_is_gone_for_good_and_copies_of_it_are_not(
    study, alice, tmp_path, django_capture_on_commit_callbacks
):
    from feedback.works.models import derivatives, originals
    from tests.datasets.panel import images

    pictures = make.study(lead=alice, works=0, each=images(tmp_path, "p1-1", "p1-2"))
    work, other = Work.objects.filter(collection__studies=pictures).order_by("external_id")
    files = list(Asset.objects.filter(work=work).values_list("original", "derivative"))
    kept = list(Asset.objects.filter(work=other).values_list("original", "derivative"))

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_work(work=work, reason="erasure", by=alice)

    assert not Asset.objects.filter(work=work).exists()
    assert not any(
        storage.exists(name)
        for row in files
        for name, storage in zip(row, (originals(), derivatives()), strict=True)
        if name
    )
    assert all(
        storage.exists(name)
        for row in kept
        for name, storage in zip(row, (originals(), derivatives()), strict=True)
        if name
    )
    with pytest.raises(NotGivenBack):
        give_work_back(work=work, by=alice)


def test_asking_twice_changes_nothing_and_an_erasure_goes_further(study, alice):
    work = Work.objects.first()

    first = withdraw_work(work=work, reason="withdrawn", by=alice)
    again = withdraw_work(work=work, reason="withdrawn", by=alice)
    erased = withdraw_work(work=work, reason="erasure", by=alice)
    after = withdraw_work(work=work, reason="quality", by=alice)

    assert first == again
    assert erased == after
    assert Clearance.objects.withdrawing().get().withdrawn == "erasure"


def test_only_a_lead_of_a_study_that_draws_on_it_withdraws_a_work(study, bob, charlie):
    make.study(lead=charlie)
    work = Work.objects.filter(collection__studies=study).first()

    for person in (bob, charlie):
        with pytest.raises(PermissionDenied):
            withdraw_work(work=work, reason="quality", by=person)
        with pytest.raises(PermissionDenied):
            give_work_back(work=work, by=person)


def test_reasons_are_named(study, alice, bob):
    with pytest.raises(ValueError, match="Reasons are withdrawn, licence_expired, erasure, quality"):
        withdraw_work(work=Work.objects.first(), reason="mood", by=alice)
    with pytest.raises(ValueError, match="Reasons are withdrawn, erasure, quality"):
        withdraw_rater(study=study, rater=bob.rater, reason="licence_expired", by=alice)
