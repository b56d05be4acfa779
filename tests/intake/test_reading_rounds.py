"""The table [rounds] of study.toml is read whole, or refused with its line and key."""

import pytest

from feedback.intake.actions import store_study
from tests.intake.test_reading import STUDY, faults, read, write

ROUNDS = b"""
[rounds]
selection = "swiss"
size = 12
uniform_share = 0.5
cohort_places = {writers = 2, composers = 1}
most_each = 40
price_hour = 60
"""


@pytest.mark.django_db
def test_rounds_are_stored_with_the_study_before_anything_is_asked(tmp_path):
    study = store_study(plan=read(write(tmp_path / "study", study=STUDY + ROUNDS))).study

    study.refresh_from_db()
    assert (study.selection, study.round_size, study.uniform_share) == ("swiss", 12, 0.5)
    assert study.cohort_places == {"composers": 1, "writers": 2}
    assert (study.most_each, study.most_judgements, study.price_hour) == (40, None, 60)
    assert (study.repeat_share, study.gold_share, study.target) == (0.05, 0.05, 0.8)


def test_defaults_leave_the_checksum_alone(tmp_path):
    plain = read(write(tmp_path / "plain"))
    spelled = read(write(tmp_path / "spelled", study=STUDY + b'[rounds]\nselection = "once"\n'))
    other = read(write(tmp_path / "other", study=STUDY + ROUNDS))

    assert plain.digest == spelled.digest != other.digest


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("uniform_share = 0.1", "expected a number from 0.2 to 1"),
        ('selection = "best"', 'expected "once", "information" or "swiss"'),
        ("cohort_places = {writers = 0}", "expected a table such as"),
        ("everyone_judges_all = 1", "expected true or false"),
        ("unifrom_share = 0.3", 'did you mean "uniform_share"?'),
    ],
)
def test_what_does_not_fit_is_a_fault_with_its_line_and_key(tmp_path, setting, why):
    study = STUDY + f"[rounds]\n{setting}\n".encode()

    (fault,) = faults(write(tmp_path / "study", study=study))

    line = study.decode().split("\n").index(setting) + 1
    assert fault.startswith(f"study.toml:{line} rounds.{setting.split(' ')[0]}")
    assert why in fault
