"""A judgement moves the scores within two seconds, by a worker that is a process of its own."""

import time

import pytest

from tests.durability.checks import wait_for

pytestmark = pytest.mark.xdist_group("durability")

FITS = "SELECT COUNT(*) FROM results_fit f JOIN studies_study t ON t.id = f.study_id WHERE t.slug = 'releases'"
LIVE = "SELECT COALESCE(MAX(l.cutoff), 0) FROM results_live l"
NEWEST = "SELECT MAX(id) FROM judging_submission"


def test_a_judgement_moves_the_scores_within_two_seconds(cast):
    site = cast()
    site.start()
    rater = site.visitor("releases")
    site.spawn(site.command("work"))
    wait_for(lambda: site.value(FITS), within=60)

    waited = []
    for _ in range(5):
        reply = rater.submit(rater.bench("releases").answered())
        assert reply.status in {200, 302}, reply.text
        begun, newest = time.monotonic(), site.value(NEWEST)
        wait_for(lambda newest=newest: site.value(LIVE) >= newest)
        waited.append(time.monotonic() - begun)

    assert sorted(waited)[1] < 2, f"seconds: {waited}; the first reads everything, and others may meet a busy machine"
