"""raters.jsonl says of what kind those are who answered, and with whom they judge; or is refused with every fault."""

import pytest

from feedback.intake.actions import store_study
from feedback.intake.brought import Brought
from feedback.people.models import Rater
from feedback.results.gathering import gather
from tests.intake.test_reading import ONE, TWO, answer, faults, read, rows, write

ANSWERS = rows(answer(), answer(rater="judge-7b"), answer(rater="r3"))
RATERS = rows({"rater": "judge-7b", "kind": "machine"}, {"rater": "r1", "cohort": "composers"})


def folder(tmp_path, raters=RATERS):
    return write(tmp_path / "study", works=rows(ONE, TWO), judgements=ANSWERS, raters=raters)


@pytest.mark.django_db
def test_kinds_and_cohorts_come_along_and_machines_count_in_no_score(tmp_path):
    study = store_study(plan=read(folder(tmp_path))).study

    told = set(Rater.objects.values_list("label", "kind", "cohort"))
    assert told == {("r1", "person", "composers"), ("judge-7b", "machine", ""), ("r3", "person", "")}
    sample = gather(study)
    assert sample.scored.tolist() == (sample.raters.kind[sample.rater] == "person").tolist()
    assert sample.scored.sum() == 2


def test_what_is_said_of_raters_is_part_of_the_study_and_waits_with_it(tmp_path):
    told = read(folder(tmp_path))
    other = read(folder(tmp_path / "other", rows({"rater": "r1", "cohort": "painters"})))

    assert told.digest != other.digest
    assert Brought.from_json(Brought.by(told).as_json()) == Brought.by(told)


@pytest.mark.parametrize(
    ("row", "field", "why"),
    [
        ({"rater": "r1", "kind": "robot"}, "kind", 'expected "person", "machine" or "simulated"'),
        ({"rater": "judge-7c"}, "rater", 'did you mean "judge-7b"?'),
        ({"kind": "machine"}, "rater", "missing"),
        ({"rater": "r1", "cohorts": "composers"}, "cohorts", 'did you mean "cohort"?'),
        ({"rater": "judge-7b"}, "rater", "already at line 1"),
    ],
)
def test_a_row_that_says_nothing_sound_is_refused_with_its_place(tmp_path, row, field, why):
    [told] = faults(folder(tmp_path, rows({"rater": "judge-7b", "kind": "machine"}, row)))

    assert told.startswith(f"raters.jsonl:2 {field}: ")
    assert why in told
