"""What the lead's page says of real sets, held against their raw counts, what is known of them, and their authors."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from feedback.results.actions import refresh
from feedback.results.models import Fit, Report
from feedback.studies.models import Study
from feedback.works.models import Generator
from tests.real import hanna, lightfield, tonemapping, tournesol
from tests.real.beside import SETS, alike, mean_ratings, page, scores, shown
from tests.real.folder import CRITERION, run

pytestmark = pytest.mark.django_db
BY_SLUG = {one.slug: one for one in SETS}


def reported(folder):
    slug = run("import_study", folder)["study"]
    study = Study.objects.get(slug=slug)
    refresh(study=study)
    return study, Report.objects.get(study=study).told


def board(told, criterion=CRITERION):
    """The rows of the board by the generators' names."""
    names = dict(Generator.objects.values_list("pk", "name"))
    return {names[row["id"]]: row for row in told["by"][criterion]["best"]["generators"]["rows"]}


def test_operators_stand_in_the_order_of_their_choices_and_what_is_close_is_said_to_be(real_data, tmp_path):
    """Every two operators were compared about equally often, so that the share of choices won is fair."""
    study, told = reported(tonemapping.study_of(real_data, tmp_path / "tones"))
    raw = BY_SLUG["tone-mapping"].raw(real_data)[CRITERION]

    assert alike(raw, scores(study, CRITERION, Fit.Level.GENERATORS)) == 1
    rows = board(told)
    assert next(iter(rows)) == max(raw, key=raw.get) == "irawan05"
    assert rows["hateren06"]["rank"] == [7, 7]
    assert rows["irawan05"]["rank"][1] > 1, "18 observers cannot be sure of the first"
    trust = told["by"][CRITERION]["trust"]
    assert trust["reliability"]["light"] == "grey"
    assert "imported" in trust["reliability"]["why"]
    assert told["findings"] == []


def test_a_light_field_gets_worse_by_degrees_though_the_raw_counts_hide_it(real_data, tmp_path):
    """Observers were mostly asked about neighbours in degree, so that of a share of wins little can be learnt."""
    study, told = reported(lightfield.study_of(real_data, tmp_path / "fields", scenes=("Blob", "Corner", "Bikes")))
    raw = BY_SLUG["light-field"].raw(real_data)[CRITERION]

    ours = scores(study, CRITERION, Fit.Level.GENERATORS)

    assert board(told)[lightfield.REFERENCE]["rank"][0] == 1
    kinds = {name.split()[0] for name in ours} - {"Reference"}
    by_degree, by_share = ([_falls(kind, told) for kind in sorted(kinds)] for told in (ours, raw))
    assert max(by_degree) < -0.9
    assert np.mean(by_share) > np.mean(by_degree) + 0.3


def _falls(kind, told):
    """How far what is told of the works of one kind falls with their degree: -1 always."""
    degrees = {int(name.split()[1]): value for name, value in told.items() if name.split()[0] == kind}
    return spearmanr(list(degrees), list(degrees.values())).statistic


def test_stories_by_people_lead_on_every_criterion_as_their_mean_ratings_do(real_data, tmp_path):
    study, told = reported(hanna.study_of(real_data, tmp_path / "hanna", prompts=10))

    for criterion, raw in mean_ratings(hanna.ratings(real_data, prompts=10)).items():
        assert alike(raw, scores(study, criterion, Fit.Level.GENERATORS)) > 0.85
        assert next(iter(board(told, criterion))) == max(raw, key=raw.get) == "Human"
        assert page(study, criterion)["best"].startswith("Human")


def test_one_person_s_videos_stand_as_the_project_s_own_scores_have_them(real_data, tmp_path):
    study, told = reported(tournesol.study_of(real_data, tmp_path / "videos"))

    for criterion in tournesol.QUESTIONS:
        own = tournesol.own_scores(real_data, tournesol.RATER, criterion)
        ours = scores(study, criterion, Fit.Level.WORKS)
        assert len(own.keys() & ours.keys()) > 1000
        assert alike(own, ours) > 0.8
        assert told["by"][criterion]["best"]["generators"] is None
        assert told["by"][criterion]["differ"]["pairwise"]["value"] is None, "there is nobody to agree with"


def test_rankings_of_pictures_by_nobody_known_are_told_without_a_leader(real_data, tmp_path):
    study = shown(BY_SLUG["imagereward"], real_data, tmp_path / "pictures")

    raw = BY_SLUG["imagereward"].raw(real_data)[CRITERION]
    told = Report.objects.get(study=study).told
    assert alike(raw, scores(study, CRITERION, Fit.Level.WORKS)) > 0.9
    assert told["by"][CRITERION]["best"]["generators"] is None
    assert told["by"][CRITERION]["trust"]["coverage"]["works"]["judged"] == 1328
