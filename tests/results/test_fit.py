"""Fits: what they find, what they refuse to compare, when they are stale."""

import json
import math
import uuid

import pytest
from django.core.management import call_command
from django.urls import reverse

from feedback.intake.simulation import simulate
from feedback.judging.actions import retract, submit
from feedback.judging.models import Purpose, Round
from feedback.people.actions import rater_of
from feedback.results.actions import fit
from feedback.results.models import Fit
from feedback.results.standings import as_json, leaderboards, stale_studies
from feedback.results.tasks import refit
from feedback.studies.actions import add_member, close_study
from tests import make

pytestmark = pytest.mark.django_db


def truth_of(study, strengths):
    """The same strength for a maker's works on every criterion."""
    works = study.collections.get().works.all()
    return {
        (work.external_id, criterion.slug): strengths[work.generator.name]
        for work in works
        for criterion in study.criteria.all()
    }


def board(study, criterion="lighting"):
    told = as_json(study)
    return next(one for one in told["criteria"] if one["criterion"] == criterion)


def test_generators_come_out_in_their_true_order_with_intervals_that_cover():
    study = make.study(slug="covered", prompts=12, works=4, overlap=4)
    strengths = {"maker-1": 1.5, "maker-2": 0.5, "maker-3": -0.5, "maker-4": -1.5}
    simulate(study=study, raters=4, judgements=10_000, seed=3, truth=truth_of(study, strengths))

    fit(study=study)

    covered = []
    for criterion in ("lighting", "narrative-arc", "emotional-resonance"):
        rows = board(study, criterion)["generators"]
        assert [row["generator"] for row in rows] == list(strengths)
        covered += [row["low"] < strengths[row["generator"]] < row["high"] for row in rows]
    assert sum(covered) >= 10, "of twelve intervals at 95 % two may miss"


def test_values_are_mean_zero_in_each_part_and_prompts_are_parts_of_their_own():
    study = make.study(prompts=3, works=3, overlap=1)
    simulate(study=study, raters=2, judgements=1000, seed=1)

    fit(study=study)

    rows = board(study)["works"]
    for prompt in ("p1", "p2", "p3"):
        values = [row["value"] for row in rows if row["prompt"] == prompt]
        assert len(values) == 3
        assert math.isclose(sum(values), 0, abs_tol=1e-5)
        assert len({row["component"] for row in rows if row["prompt"] == prompt}) == 1
    assert len({row["component"] for row in rows}) == 3


def test_an_undefeated_work_has_a_wide_interval_rather_than_an_error(bob):
    study = make.study(works=2, rater=bob)
    make.judgement(study, bob)

    fit(study=study)

    best = board(study)["works"][0]
    assert 0 < best["value"] < 2
    assert best["high"] - best["low"] > 2


def test_ties_alone_leave_everybody_equal(bob):
    study = make.study(works=2, rater=bob)
    make.judgement(study, bob, ranks=[1, 1])

    fit(study=study)

    assert [row["value"] for row in board(study)["works"]] == pytest.approx([0, 0], abs=1e-9)


def test_a_study_without_judgements_fits_to_nothing():
    study = make.study()

    fit(study=study)

    assert board(study) == {
        "criterion": "lighting",
        "judgements": 0,
        "position": None,
        "generators": [],
        "works": [],
    }


def test_sets_are_fitted_whole():
    study = make.study(prompts=10, works=3, form="set", set_size=3, overlap=6)
    strengths = {"maker-1": 1.0, "maker-2": 0.0, "maker-3": -1.0}
    simulate(study=study, raters=6, judgements=10_000, seed=5, truth=truth_of(study, strengths))

    fit(study=study)

    assert board(study)["judgements"] == 60
    assert [row["generator"] for row in board(study)["generators"]] == list(strengths)


def test_ratings_become_each_raters_order_within_a_prompt():
    study = make.study(prompts=10, works=3, form="rating", set_size=1, overlap=4)
    strengths = {"maker-1": 2.0, "maker-2": 0.0, "maker-3": -2.0}
    simulate(study=study, raters=4, judgements=10_000, seed=5, truth=truth_of(study, strengths))

    fit(study=study)

    assert board(study)["judgements"] == 40
    assert [row["generator"] for row in board(study)["generators"]] == list(strengths)


def test_a_retracted_answer_and_what_is_for_training_or_gold_do_not_count(bob):
    study = make.study(works=3, rater=bob)
    make.judgement(study, bob)
    make.judgement(study, bob)
    retract(study=study, rater=rater_of(user=bob), key=make.uuid.uuid4())
    fit(study=study)
    counted = board(study)["judgements"]

    Round.objects.get(study=study).comparisons.update(purpose=Purpose.GOLD)
    fit(study=study)

    assert (counted, board(study)["judgements"]) == (1, 0)


def test_a_new_judgement_or_an_undo_makes_the_fit_stale_and_a_refit_cures_it(bob):
    study = make.study(rater=bob)
    make.judgement(study, bob)
    stale = study in stale_studies()
    refit.func(study.pk)
    fresh = study not in stale_studies()

    retract(study=study, rater=rater_of(user=bob), key=make.uuid.uuid4())

    assert (stale, fresh, study in stale_studies()) == (True, True, True)


def test_a_refit_that_is_not_needed_stores_nothing(bob):
    study = make.study(rater=bob)
    make.judgement(study, bob)

    first, again = refit.func(study.pk), refit.func(study.pk)

    assert (first, again) == (6, 0)
    assert Fit.objects.count() == 6


def test_the_command_prints_the_stated_json(bob, capsys):
    study = make.study(rater=bob)
    make.judgement(study, bob)

    call_command("fit", study.slug, "--json")

    told = json.loads(capsys.readouterr().out)
    assert told["study"] == study.slug
    row = told["criteria"][0]["generators"][0]
    assert {"generator", "version", "value", "standard_error", "low", "high", "judgements"} <= set(row)
    assert {"work", "prompt", "value"} <= set(told["criteria"][0]["works"][0])


def test_the_sentence_names_the_leader_only_where_the_intervals_part():
    clear = make.study(prompts=12, works=3, overlap=4)
    simulate(
        study=clear,
        raters=4,
        judgements=9000,
        seed=2,
        truth=truth_of(clear, {"maker-1": 3, "maker-2": 0, "maker-3": -3}),
    )
    unclear = make.study(prompts=2, works=3, overlap=1)
    simulate(
        study=unclear,
        raters=1,
        judgements=18,
        seed=2,
        truth=truth_of(unclear, {"maker-1": 0, "maker-2": 0, "maker-3": 0}),
    )
    for study in (clear, unclear):
        fit(study=study)

    sentences = [leaderboards(study, named=True)[0].sentence for study in (clear, unclear)]

    assert sentences == ["maker-1 leads.", "Nobody leads yet: all intervals overlap."]


def test_generators_that_never_met_are_not_ranked_together(bob):
    each = [
        make.work("p1-1", "p1", generator="north"),
        make.work("p1-2", "p1", generator="south"),
        make.work("p2-1", "p2", generator="east"),
        make.work("p2-2", "p2", generator="west"),
    ]
    study = make.study(prompts=2, each=each, rater=bob)
    make.judgement(study, bob)
    make.judgement(study, bob)

    fit(study=study)

    shown = leaderboards(study, named=True)[0]
    assert shown.parts == 2
    assert "each part stands alone" in shown.sentence
    assert not any(
        one.tied_above and shown.rows[at - 1].estimate.component != one.estimate.component
        for at, one in enumerate(shown.rows)
    )


def test_a_lead_who_rates_sees_no_names_while_the_study_is_open(client, alice, bob):
    study = make.study(lead=alice, rater=bob)
    add_member(study=study, user=alice, role="rater", by=None)
    make.judgement(study, bob)
    fit(study=study)
    client.force_login(alice)

    blind = client.get(reverse("results", args=[study.slug])).content.decode()
    standings = client.get(reverse("standings", args=[study.slug])).status_code
    close_study(study=study, by=alice)
    named = client.get(reverse("results", args=[study.slug])).content.decode()

    assert "maker-" not in blind
    assert standings == 404
    assert "maker-" in named


def test_the_leads_page_takes_a_constant_number_of_queries(client, alice, bob, django_assert_max_num_queries):
    study = make.study(prompts=10, lead=alice, rater=bob)
    client.force_login(alice)
    for _ in range(3):
        make.judgement(study, bob)
    fit(study=study)
    simulate(study=study, raters=3, judgements=60, seed=1)
    fit(study=study)

    with django_assert_max_num_queries(16):
        client.get(reverse("results", args=[study.slug]))


def judge_by_place(study, raters, *, first_wins):
    """Each rater prefers what stood first in so many of ten comparisons, whatever it was."""
    for number in range(raters):
        rater = make.user(f"rater-{number}")
        make.make_rater(study, rater)
        for turn in range(study.comparisons.count()):
            given = make.assignment(study, rater)
            wins = (number + 3 * turn) % 10 < first_wins
            ranks = [1, 2] if (given.shown_order[0] == 0) == wins else [2, 1]
            submit(assignment=given, key=uuid.uuid4(), replaces=0, answers=make.answers(given, ranks=ranks))


def test_a_liking_for_what_stands_first_is_told_and_not_credited_to_the_works(client, alice):
    study = make.study(works=4, prompts=2, overlap=10, lead=alice)
    judge_by_place(study, 10, first_wins=8)

    fit(study=study)

    position = board(study)["position"]
    assert position["value"] == pytest.approx(math.log(8 / 2), abs=3 * position["standard_error"])
    assert 0.1 < position["standard_error"] < 0.4
    client.force_login(alice)
    assert "Being shown first adds +1." in client.get(reverse("results", args=[study.slug])).content.decode()


def test_without_such_a_liking_its_interval_covers_nought():
    study = make.study(works=4, prompts=2, overlap=10)
    judge_by_place(study, 10, first_wins=5)

    fit(study=study)

    low, high = leaderboards(study, named=True)[0].position[1:]
    assert low < 0 < high


def test_sets_and_an_order_that_was_imported_have_no_position_effect(bob):
    sets = make.study(slug="sets", form="set", set_size=3, works=3, rater=bob)
    make.judgement(sets, bob)
    past = make.study(slug="past")
    simulate(study=past, raters=2, judgements=12, seed=1)
    past.comparisons.update(purpose=Purpose.IMPORTED)

    for study in (sets, past):
        fit(study=study)

        assert board(study)["position"] is None
        assert leaderboards(study, named=True)[0].position is None
