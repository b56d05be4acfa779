"""Fits: what they find, what they refuse to compare, when they are stale."""

import json
import math
import uuid

import pytest
from django.core.management import call_command
from django.urls import reverse

from feedback.intake.simulation import simulate
from feedback.judging.actions import hand_out, retract, submit
from feedback.judging.models import Purpose, Round
from feedback.people.actions import rater_of
from feedback.results.actions import fit
from feedback.results.models import Fit
from feedback.results.standings import as_json, stale_studies
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
        "best": None,
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

    rows = board(study)["generators"]
    assert [row["component"] for row in rows] == [0, 0, 1, 1]
    assert sum(row["value"] for row in rows[:2]) == pytest.approx(0, abs=1e-6)


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
    assert standings == 403
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


def test_a_liking_for_what_stands_first_is_told_and_not_credited_to_the_works():
    study = make.study(works=4, prompts=2, overlap=10)
    judge_by_place(study, 10, first_wins=8)

    fit(study=study)

    position = board(study)["position"]
    assert position["value"] == pytest.approx(math.log(8 / 2), abs=3 * position["standard_error"])
    assert 0.1 < position["standard_error"] < 0.4


def test_without_such_a_liking_its_interval_covers_nought():
    study = make.study(works=4, prompts=2, overlap=10)
    judge_by_place(study, 10, first_wins=5)

    fit(study=study)

    position = board(study)["position"]
    assert abs(position["value"]) < 1.96 * position["standard_error"]


def test_sets_and_an_order_that_was_imported_have_no_position_effect(bob):
    sets = make.study(slug="sets", form="set", set_size=3, works=3, rater=bob)
    make.judgement(sets, bob)
    past = make.study(slug="past")
    simulate(study=past, raters=2, judgements=12, seed=1)
    past.comparisons.update(purpose=Purpose.IMPORTED)

    for study in (sets, past):
        fit(study=study)

        assert board(study)["position"] is None


def picked(ranking, *, works, **ranks_of):
    """A set study in which every rater says the same: `ranks_of` maps a maker to its rank."""
    study = make.study(
        prompts=2, works=works, form="set", set_size=works, ranking=ranking, criteria=("lighting",), overlap=3
    )
    for number in range(3):
        person = make.user(f"Rater {number}")
        rater = make.make_rater(study, person)
        while assignment := hand_out(study=study, rater=rater):
            makers = assignment.comparison.entries.order_by("index").values_list("work__generator__name", flat=True)
            told = make.answers(assignment, ranks=[ranks_of[maker.replace("-", "_")] for maker in makers])
            submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=told)
    return study


def test_the_best_of_each_set_is_fitted_as_a_choice_and_the_rest_as_never_compared():
    study = picked("best", works=3, maker_1=2, maker_2=1, maker_3=2)

    works, _ = fit(study=study)

    values = {row.work.external_id: row.value for row in works.estimates.select_related("work")}
    assert works.model == "plackett-luce on the best of each set"
    assert works.tie == 0
    assert values["p1-2"] > values["p1-1"] == pytest.approx(values["p1-3"], abs=1e-6)


def test_best_and_worst_are_fitted_by_best_worst_scaling():
    study = picked("best-worst", works=4, maker_1=2, maker_2=1, maker_3=2, maker_4=3)

    works, generators = fit(study=study)

    values = {row.work.external_id: row.value for row in works.estimates.select_related("work")}
    assert {works.model, generators.model} == {"best-worst"}
    assert values["p1-2"] > values["p1-1"] == pytest.approx(values["p1-3"], abs=1e-6)
    assert values["p1-1"] > values["p1-4"]
    assert values["p1-2"] == pytest.approx(-values["p1-4"], abs=1e-6)


def test_a_set_whose_best_was_made_by_hand_says_nothing_of_the_generators_left():
    each = [make.work("p1-1"), make.work("p1-2"), make.work("p1-3", generator="", maker="Ann")]
    study = make.study(each=each, form="set", set_size=3, ranking="best", criteria=("lighting",), overlap=1)
    rater = make.make_rater(study, make.user())
    assignment = hand_out(study=study, rater=rater)
    works = list(assignment.comparison.entries.order_by("index").values_list("work__external_id", flat=True))
    told = make.answers(assignment, ranks=[1 if work == "p1-3" else 2 for work in works])
    submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=told)

    of_works, of_generators = fit(study=study)

    assert (of_works.judgements, of_generators.judgements) == (1, 0)
