"""A rater kept out of the scores by a lead, with a reason; and counted again."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from feedback.people.actions import rater_of
from feedback.people.models import AuditEntry, Rater
from feedback.results.actions import fit, refresh
from feedback.results.audit import actions
from feedback.results.audit.answers import pseudonym
from feedback.results.models import Estimate, Exclusion, Report
from feedback.results.standings import stale_studies
from feedback.studies.actions import add_member
from feedback.studies.models import Study
from tests import make
from tests.datasets.panel import judge_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(alice, bob, charlie, client) -> Study:
    """Bob and Charlie judged the same three pairs, Charlie all of them the other way round."""
    study = make.study(lead=alice, rater=bob, works=3)
    make.make_rater(study, charlie)
    judge_all(study, bob, {"p1-1": 1, "p1-2": 2, "p1-3": 3})
    judge_all(study, charlie, {"p1-1": 3, "p1-2": 2, "p1-3": 1})
    client.force_login(alice)
    return study


@pytest.fixture
def charlies(charlie) -> Rater:
    return rater_of(user=charlie)


def address(name: str, study: Study, rater: Rater) -> str:
    return reverse(name, args=[study.slug, rater.pk])


def values(study: Study) -> list[float]:
    rows = Estimate.objects.filter(fit__in=fit(study=study), generator=None).order_by("fit", "work")
    return list(rows.values_list("value", flat=True))


def test_only_with_a_reason_and_in_the_trail(client, study, charlies):
    refused = client.post(address("exclude", study, charlies), {"reason": "  "})
    client.post(address("exclude", study, charlies), {"reason": "Answers by side alone."})
    again = client.post(address("exclude", study, charlies), {"reason": "Something else."})

    assert refused.status_code == 422
    assert again.status_code == 302
    [exclusion] = Exclusion.objects.all()
    assert (exclusion.reason, exclusion.by.name) == ("Answers by side alone.", "Alice")
    [entry] = AuditEntry.objects.filter(action="exclude rater")
    assert entry.detail == {"rater": charlies.pk, "reason": "Answers by side alone."}
    assert "Answers by side alone." in client.get(address("rater", study, charlies)).content.decode()


def test_from_the_next_fit_on_nothing_counts_and_lifted_all_of_it_does(client, study, charlies, alice):
    together = values(study)
    assert stale_studies() == []

    actions.exclude(study=study, rater=charlies, reason="Reversed.", by=alice)
    stale, alone = stale_studies(), values(study)
    actions.lift(study=study, rater=charlies, by=alice)
    stale_again, lifted = stale_studies(), values(study)

    assert stale == stale_again == [study]
    assert max(map(abs, together)) < 0.01
    assert max(map(abs, alone)) > 0.5
    assert lifted == pytest.approx(together)
    assert study.submissions.count() == 6
    assert AuditEntry.objects.filter(action="lift exclusion").count() == 1


def test_the_report_tells_the_scores_with_and_without(client, study, charlies, alice):
    actions.exclude(study=study, rater=charlies, reason="Reversed.", by=alice)
    refresh(study=study)

    [line] = [one for one in Report.objects.latest("pk").told["raters"] if one["rater"] == charlies.pk]
    page = client.get(address("rater", study, charlies)).content.decode()

    rows = line["without"]["lighting"]
    assert max(abs(whole) for _, whole, _ in rows) < 0.5 < max(abs(rest) for *_, rest in rows)
    assert "What would change without them?" in page
    assert page.count("maker-") >= 3


def test_who_does_not_lead_excludes_nobody(client, study, charlies, bob):
    erin = make.user("Erin")
    add_member(study=study, user=erin, role="engineer", by=None)
    codes = set()
    for person in (bob, erin, make.user("Mallory")):
        client.force_login(person)
        codes |= {client.post(address(name, study, charlies)).status_code for name in ("exclude", "lift_exclusion")}
        codes.add(client.get(address("rater", study, charlies)).status_code)
        with pytest.raises(PermissionDenied):
            actions.exclude(study=study, rater=charlies, reason="No.", by=person)

    assert codes == {404}
    assert not Exclusion.objects.exists()


def test_a_rater_who_was_never_here_has_no_page(client, study):
    elsewhere = rater_of(user=make.user("Elsewhere"))

    assert client.get(address("rater", study, elsewhere)).status_code == 404


def test_the_page_tells_what_goes_against_the_scores_to_who_may_see_it(client, study, charlies, alice):
    refresh(study=study)
    add_member(study=study, user=alice, role="rater", by=None)

    page = client.get(address("rater", study, charlies)).content.decode()

    assert pseudonym(study, charlies.pk).capitalize() in page
    assert "Charlie" not in page
    assert "answers stay hidden while it is open" in page
    assert "/judged/" not in page
    assert "maker-" not in page
