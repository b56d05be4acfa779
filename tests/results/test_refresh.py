"""The refresh: when it is due, what it leaves behind, and what changed since."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.core.management import call_command
from django.utils.timezone import now

from feedback.intake.simulation import simulate
from feedback.judging.models import Submission
from feedback.results import pace, thinning
from feedback.results.actions import fit, refresh, thin
from feedback.results.models import Exclusion, Fit, Report
from feedback.results.moves import Standing, changes_since, moves_between
from feedback.results.standings import stale_studies
from tests import make


def of_a_kind(moments):
    return [(number, at, "lighting") for number, at in reversed(list(enumerate(moments)))]


def test_rest_grows_with_what_a_refresh_costs_up_to_ten_minutes():
    assert [pace.rest_after(seconds).total_seconds() for seconds in (0.01, 5, 60, 1e6)] == [2, 20, 240, 600]


def test_of_the_last_hour_every_fit_is_kept_and_the_older_the_farther_apart_they_stand():
    minutes = [now() - timedelta(minutes=minute) for minute in range(3 * 24 * 60, -1, -1)]

    gone = set(thinning.superfluous(of_a_kind(minutes)))

    left = [at for number, at in enumerate(minutes) if number not in gone]
    ages = [(now() - at).total_seconds() / 3600 for at in left]
    assert sum(age < 0.99 for age in ages) == 60
    assert 135 <= sum(1.01 < age < 23.9 for age in ages) <= 142
    assert 8 <= sum(age > 24.1 for age in ages) <= 11
    assert {0, len(minutes) - 1}.isdisjoint(gone)


def test_what_has_been_thinned_out_once_leaves_the_same_the_next_time():
    minutes = [now() - timedelta(minutes=minute) for minute in range(2000, -1, -1)]
    first = set(thinning.superfluous(of_a_kind(minutes)))

    again = thinning.superfluous(row for row in of_a_kind(minutes) if row[0] not in first)

    assert again == []


def test_kinds_are_thinned_each_by_itself():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [(number, at, kind) for number, kind in enumerate(["lighting", "arc"] * 3)][::-1]

    assert thinning.superfluous(rows) == [3, 2]


def standing(values, errors=0.1, *, ids=None, parts=None):
    n = len(values)
    return Standing(
        np.arange(n) if ids is None else np.array(ids),
        np.array(values, float),
        np.full(n, errors),
        np.zeros(n, np.int64) if parts is None else np.array(parts),
    )


def test_what_moved_by_more_than_chance_is_told_and_a_newcomer_moves_nobody():
    before = standing([1.0, 0.0, -1.0], errors=0.2)
    shifted = standing([0.5, -0.5, -1.5, 1.5], errors=0.15)
    turned = standing([0.0, 1.0, -1.0], errors=0.15)

    assert moves_between(before, shifted) == ()
    assert [(move.id, round(move.before), round(move.now)) for move in moves_between(before, turned)] == [
        (0, 1, 0),
        (1, 0, 1),
    ]


def test_chance_alone_rarely_counts_as_a_move():
    chance = np.random.default_rng(0)
    told = 0
    for _ in range(300):
        old = chance.normal(0, 0.3, 8)
        new = (old + chance.normal(0, 0.3, 8)) / 2  # twice the judgements
        told += bool(moves_between(standing(old, 0.3), standing(new, 0.3 / 2**0.5)))

    assert told / 300 <= 0.08


def test_parts_that_were_joined_have_nothing_to_compare():
    apart = standing([1, -1, 1, -1], parts=[0, 0, 1, 1])
    joined = standing([3, 1, -1, -3])

    assert moves_between(apart, joined) == ()


@pytest.mark.django_db
def test_a_stale_study_is_due_when_its_rest_is_over_however_much_is_judged(bob):
    study = make.study(works=4, prompts=3, rater=bob)
    make.judgement(study, bob)
    assert pace.due_of(stale_studies()) == [study]
    refresh(study=study)
    report = Report.objects.get()

    make.judgement(study, bob)
    assert pace.due_of(stale_studies()) == []
    Report.objects.filter(pk=report.pk).update(made_at=now() - timedelta(seconds=601))
    make.judgement(study, bob)

    assert pace.due_of(stale_studies()) == [study]


@pytest.mark.django_db
def test_the_watch_knows_what_is_stale_and_counts_only_where_nothing_simpler_tells(bob, django_assert_num_queries):
    study, watch = make.study(works=4, prompts=3, rater=bob), pace.Watch()
    assert watch.stale() == []
    make.judgement(study, bob)
    assert watch.stale() == [study] == stale_studies()
    fit(study=study)
    assert watch.stale() == []
    with django_assert_num_queries(1):
        watch.stale()

    Exclusion.objects.create(study=study, rater=bob.rater, reason="asleep")
    assert watch.stale() == [study]
    fit(study=study)
    early = Submission.objects.get()
    assert watch.stale() == []
    early.pk, early.key, early.number = 0, uuid.uuid4(), 2
    early.save(force_insert=True)  # committed out of turn
    watch.forget()

    assert watch.stale() == [study]


@pytest.mark.django_db
def test_an_exclusion_makes_the_scores_stale_and_lifting_it_does_too(bob, alice):
    study = make.study(lead=alice, rater=bob)
    make.judgement(study, bob)
    fit(study=study)
    exclusion = Exclusion.objects.create(study=study, rater=bob.rater, reason="asleep", by=alice)
    excluded = stale_studies()
    fit(study=study)
    nothing = Fit.objects.order_by("pk").last().judgements

    Exclusion.objects.filter(pk=exclusion.pk).update(lifted_at=now())

    assert (excluded, nothing, stale_studies()) == ([study], 0, [study])


@pytest.mark.django_db
def test_old_fits_go_and_the_first_and_the_newest_of_each_criterion_stay(bob):
    study = make.study(criteria=("lighting",), rater=bob)
    make.judgement(study, bob)
    for _ in range(5):
        refresh(study=study)
    Fit.objects.update(fitted_at=now() - timedelta(days=100))
    Report.objects.update(made_at=now() - timedelta(days=100))

    gone = thin(study=study)

    assert gone > 0
    assert (Fit.objects.count(), Report.objects.count()) == (4, 2)


@pytest.mark.django_db
def test_the_command_prints_the_boards_by_name(bob, capsys):
    study = make.study(prompts=2, overlap=3, criteria=("lighting", "arc"))
    simulate(study=study, raters=3, judgements=36, seed=1)

    call_command("fit", study.slug, "--json")

    told = json.loads(capsys.readouterr().out)
    rows = told["criteria"][0]["best"]["generators"]["rows"]
    assert {row["generator"] for row in rows} == {"maker-1", "maker-2", "maker-3"}
    assert [row["value"] for row in rows] == [row["value"] for row in told["criteria"][0]["generators"]]
    assert "id" not in json.dumps(told["overall"])
    assert len(told["overall"]["generators"]["rows"]) == 3


@pytest.mark.django_db
def test_changes_since_a_moment_are_those_since_the_last_fit_before_it():
    study = make.study(prompts=6, overlap=8, criteria=("lighting",))
    works = study.collections.get().works.all()
    likes = {
        (work.external_id, "lighting"): {"maker-1": 2, "maker-2": 0, "maker-3": -2}[work.generator.name]
        for work in works
    }
    simulate(study=study, raters=3, judgements=40, seed=1, truth=likes)
    fit(study=study)
    Fit.objects.update(fitted_at=now() - timedelta(days=3))
    simulate(study=study, raters=5, judgements=104, seed=2, truth={one: -value for one, value in likes.items()})
    fit(study=study)
    criterion = study.criteria.get()

    then, moves = changes_since(study, criterion, now() - timedelta(days=2))

    assert then.fitted_at < now() - timedelta(days=2)
    assert {move.id for move in moves} >= {works.filter(generator__name="maker-1").first().generator_id}
    assert changes_since(study, criterion, now() - timedelta(days=9)) is None
