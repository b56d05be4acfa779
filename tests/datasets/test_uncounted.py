"""Raters whom the lead excludes, and machines: their rows leave as they were given, and count in no other."""

import pytest

from feedback.judging.actions import Answer, Answers, PastAnswer, bring_along
from feedback.people.actions import machine_rater, rater_of
from feedback.results.audit.actions import exclude
from feedback.studies.actions import add_member
from feedback.works.models import Work
from tests import make
from tests.datasets.panel import judge_all, study_of
from tests.datasets.telling import values

pytestmark = pytest.mark.django_db
VIEWS = ("pairs_soft", "rankings")


@pytest.fixture
def study(alice, bob, charlie):
    """Bob and Charlie judged one pair, and so did a machine, as Charlie did."""
    study = study_of(make.work("a"), make.work("b"))
    add_member(study=study, user=alice, role="lead", by=None)
    judge_all(study, bob, {"a": 1, "b": 2})
    judge_all(study, charlie, {"a": 2, "b": 1})
    works = tuple(Work.objects.order_by("external_id").values_list("pk", flat=True))
    answers = Answers(each=[Answer(criterion=study.criteria.get(), ranks=[2, 1])])
    machine = machine_rater(origin=study.slug, label="judge-1")
    bring_along(study=study, past=[PastAnswer(machine, Work.objects.first().prompt_id, works, answers)])
    return study


def counted(study) -> dict[str, float]:
    [row] = values(study, "pairs_soft")
    return {row["work_0"]: row["label_0"], row["work_1"]: row["label_1"], "n": row["n_judgements"], "p": row["p_0"]}


def test_a_machine_is_told_and_counts_in_no_pair(study):
    kinds = [row["rater_kind"] for row in values(study, "judgements")]

    assert sorted(kinds) == ["machine", "person", "person"]
    assert counted(study) == {"a": 0.5, "b": 0.5, "n": 2, "p": 0.5}


def test_an_excluded_rater_is_told_as_one_and_counts_in_no_pair(study, alice, charlie):
    before = values(study, "judgements")
    exclude(study=study, rater=rater_of(user=charlie), reason="Reversed.", by=alice)

    after = values(study, "judgements")

    assert [row["ranks"] for row in after] == [row["ranks"] for row in before]
    assert [row["excluded"] for row in after].count(True) == 1
    assert {row["excluded"] for row in before} == {None}
    found = counted(study)
    assert (found["a"], found["n"]) == (1, 1)
    assert abs(found["p"] - 0.5) > 0.02
    assert len(values(study, "rankings")) == 1
