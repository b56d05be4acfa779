"""Everything in a release was so at one moment, and reading it keeps nobody from judging."""

import threading

import pytest
from django.db import connection, transaction

from feedback.datasets.actions import freeze_release
from feedback.judging.models import Judgement, Submission
from feedback.snapshot import snapshot
from tests import make
from tests.datasets.panel import asked

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(work) -> None:
    """Do it on a connection of its own, and wait for it."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as failure:  # noqa: BLE001 - raised again below
            failures.append(failure)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive(), "Whoever writes has to wait for the reader."
    if failures:
        raise failures[0]


def test_a_judgement_given_meanwhile_is_stored_at_once_and_is_in_the_next_release():
    bob = make.user("Bob")
    study = make.study(prompts=4, rater=bob)
    for _ in range(6):
        make.judgement(study, bob)
    given = []

    def judge_meanwhile(stage: str, done: int, total: int) -> None:
        assert (stage != "reading") or done <= total == 18
        if stage == "reading" and not given:
            elsewhere(lambda: given.append(make.judgement(study, bob)))
            assert Submission.objects.filter(study=study).count() == 6

    terms = asked(study, view="judgements")
    during = freeze_release(terms=terms, progress=judge_meanwhile).release
    after = freeze_release(terms=terms).release

    assert len(given) == 1
    assert (during.rows, after.rows) == (18, 21)


def test_a_snapshot_sees_one_moment():
    bob = make.user("Bob")
    study = make.study(rater=bob)

    with snapshot():
        before = Judgement.objects.count()
        elsewhere(lambda: make.judgement(study, bob))
        during = Judgement.objects.count()

    assert before == during == 0
    assert Judgement.objects.count() == 3


def test_a_snapshot_inside_a_transaction_sees_what_the_transaction_sees():
    bob = make.user("Bob")
    study = make.study(rater=bob)

    with transaction.atomic():
        make.judgement(study, bob)
        with snapshot():
            assert Judgement.objects.count() == 3


def test_writing_transactions_are_as_before_after_a_snapshot():
    usual = getattr(connection, "transaction_mode", None)

    with snapshot():
        Judgement.objects.count()

    assert getattr(connection, "transaction_mode", None) == usual
    make.user("Bob")
