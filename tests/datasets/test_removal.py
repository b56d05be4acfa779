"""What is taken back is in no later release, and releases that hold it are handed out no more."""

import io
import json
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now

from feedback.datasets.actions import write_release
from feedback.datasets.actions.withdrawing import withdraw_rater, withdraw_work
from feedback.datasets.models import Release, releases
from feedback.datasets.serving import key_for
from feedback.datasets.superseding import superseded
from feedback.datasets.terms import ReleaseRefused
from feedback.judging.actions import restore_rater
from feedback.judging.models import Rationale
from feedback.judging.withdrawals import Withdrawal
from feedback.people import actions as people
from feedback.people.models import Rater
from feedback.studies.actions import add_member
from feedback.works.actions import give_work_back
from feedback.works.models import Clearance, Work
from tests import make
from tests.datasets.panel import body, download_of, files, freeze
from tests.results.test_withdrawn import study_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel(alice, erin):
    """Three imported raters judged four works of each of two prompts in pairs; Alice leads, Erin takes releases."""
    made = study_of(lead=alice)
    add_member(study=made, user=erin, role="engineer", by=None)
    return made


def work(study, name="p1-4"):
    return Work.objects.get(collection__studies=study, external_id=name)


def rater(study, label="w3"):
    return Rater.objects.get(origin=study.slug, label=label)


class Never(Exception):
    """What was done is undone."""


def never(folder, view, **those):
    """The rows' files of a study of the same name that never had more than those."""
    with suppress(Never), transaction.atomic():
        write_release(freeze(study_of(**those, slug="panel"), view=view), folder)
        raise Never
    return rows_of(folder)


def rows_of(folder):
    return {path: written for path, written in files(folder).items() if path.startswith("data/")}


def told(written):
    """The rows, without the ids that are drawn anew for every study and release."""
    rows = [json.loads(line) for _, lines in sorted(written.items()) for line in lines.decode().splitlines()]
    for row in rows:
        for name in ("rater", "judgement_id", "comparison_id", "judged_at"):
            row.pop(name, None)
        for name, value in row.items():
            if isinstance(value, list) and value and isinstance(value[0], dict) and "verdict" in value[0]:
                row[name] = sorted(one["verdict"] for one in value)  # in the order of ids that are drawn
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


# Exactness


@pytest.mark.parametrize("view", ["pairs", "pairs_conversational"])
def test_the_files_without_a_rater_are_those_of_a_panel_without_them(alice, tmp_path, view):
    expected = never(tmp_path / "never", view, raters=("w1", "w2"))
    panel = study_of(lead=alice, slug="panel")

    withdraw_rater(study=panel, rater=rater(panel), reason="quality", by=alice)

    write_release(freeze(panel, view=view), tmp_path / "without")
    assert rows_of(tmp_path / "without") == expected != {}


@pytest.mark.parametrize("view", ["pairs", "pairs_conversational"])
@pytest.mark.parametrize("reason", ["withdrawn", "erasure"])
def test_the_files_without_a_work_are_those_of_a_study_without_it(alice, tmp_path, view, reason):
    expected = never(tmp_path / "never", view, works=("1", "2", "3"))
    panel = study_of(lead=alice, slug="panel")

    for name in ("p1-4", "p2-4"):
        withdraw_work(work=work(panel, name), reason=reason, by=alice)

    write_release(freeze(panel, view=view), tmp_path / "without")
    assert rows_of(tmp_path / "without") == expected != {}


@pytest.mark.parametrize("view", ["judgements", "works", "rankings", "pairs_ab", "pairs_soft"])
def test_every_view_says_the_same_as_if_it_had_never_been_there(alice, tmp_path, view):
    expected = never(tmp_path / "never", view, works=("1", "2", "3"), raters=("w1", "w2"))
    panel = study_of(lead=alice, slug="panel")

    withdraw_rater(study=panel, rater=rater(panel), reason="quality", by=alice)
    for name in ("p1-4", "p2-4"):
        withdraw_work(work=work(panel, name), reason="withdrawn", by=alice)

    write_release(freeze(panel, view=view), tmp_path / "without")
    assert told(rows_of(tmp_path / "without")) == told(expected) != []


def test_undoing_it_brings_the_earlier_release_back(panel, alice):
    before = freeze(panel)
    withdraw_rater(study=panel, rater=rater(panel), reason="quality", by=alice)
    withdraw_work(work=work(panel), reason="withdrawn", by=alice)
    without = freeze(panel)

    restore_rater(study=panel, rater=rater(panel), by=alice)
    give_work_back(work=work(panel), by=alice)

    assert without != before
    assert freeze(panel) == before
    assert superseded([before, without]) == {}


def test_a_study_of_which_all_was_taken_back_has_nothing_to_release(panel, alice):
    for label in ("w1", "w2", "w3"):
        withdraw_rater(study=panel, rater=rater(panel, label), reason="quality", by=alice)

    for view in ("pairs", "judgements", "rankings"):
        with pytest.raises(ReleaseRefused):
            freeze(panel, view=view)


# Superseded


@pytest.fixture
def release(panel):
    return freeze(panel)


@pytest.fixture
def engineer(client, erin):
    client.force_login(erin)
    return client


def take_back_a_work(study, by):
    withdraw_work(work=work(study), reason="withdrawn", by=by)


def take_back_a_rater(study, by):
    withdraw_rater(study=study, rater=rater(study), reason="quality", by=by)


def let_a_clearance_end(study, by):
    Clearance.objects.filter(work=work(study)).update(valid_until=now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    "taking",
    [
        (take_back_a_work, "it holds a work whose maker withdrew it"),
        (take_back_a_rater, "it holds judgements found unreliable"),
        (let_a_clearance_end, "it holds a work whose clearance has ended"),
    ],
)
def test_a_release_that_holds_what_was_taken_back_is_gone_and_says_why(engineer, panel, release, alice, taking):
    take_back, why = taking
    path = release.files.data().first().path
    addresses = [download_of(release), reverse("release_file", args=[release.public_id, path])]
    etag = {"If-None-Match": engineer.head(addresses[0]).headers["ETag"]}
    take_back(panel, alice)

    for address in addresses:
        for response in (engineer.get(address), engineer.get(address, headers=etag)):
            assert response.status_code == 410
            assert response.headers["Content-Type"] == "application/json"
            assert why in response.json()["detail"]
            assert response.json()["reasons"][0]["count"] == 1
        page = engineer.get(address, headers={"Accept": "text/html"})
        assert page.status_code == 410
        assert why in page.content.decode()
    assert engineer.head(addresses[0]).status_code == 410
    listed = engineer.get(reverse("releases", args=[panel.slug])).content.decode()
    own = engineer.get(reverse("release", args=[release.public_id])).content.decode()
    for text in (listed, own):
        assert why in text
    assert "Copy the lines" not in own
    assert f'href="http://localhost:8000{addresses[1]}"' not in own


def test_a_link_made_before_opens_it_no_more(client, panel, release, erin, alice):
    key = key_for(release, erin)
    take_back_a_work(panel, alice)

    assert client.get(download_of(release), {"key": key}).status_code == 410


def test_a_stranger_does_not_even_learn_that_it_is_gone(client, panel, release, alice, charlie):
    take_back_a_work(panel, alice)
    client.force_login(charlie)

    assert client.get(download_of(release)).status_code == 404


def test_a_release_without_it_is_handed_out(engineer, panel, release, alice):
    take_back_a_work(panel, alice)

    after = freeze(panel)

    assert after != release
    assert engineer.get(download_of(after)).status_code == 200


def test_undone_it_is_handed_out_again(engineer, panel, release, alice):
    take_back_a_work(panel, alice)
    take_back_a_rater(panel, alice)
    assert engineer.get(download_of(release)).status_code == 410

    give_work_back(work=work(panel), by=alice)
    restore_rater(study=panel, rater=rater(panel), by=alice)

    assert engineer.get(download_of(release)).status_code == 200


def test_a_rater_who_left_another_study_changes_nothing_here(panel, release, alice):
    other = make.study(lead=alice)
    withdraw_rater(study=other, rater=rater(panel), reason="quality", by=alice)

    assert superseded([release]) == {}


def test_a_work_that_is_in_no_row_changes_nothing(panel, alice):
    held = set(freeze(panel, criterion="lighting").works.values_list("external_id", flat=True))
    extra = make.study(each=[make.work("p1-9", "p1")], lead=alice)
    withdraw_work(work=work(extra, "p1-9"), reason="withdrawn", by=alice)

    assert "p1-9" not in held
    assert superseded(Release.objects.all()) == {}


def test_sentences_taken_back_take_the_releases_that_hold_them_along(alice, bob):
    study = make.study(lead=alice, rater=bob)
    people.set_words(rater=bob.rater, on=True)
    make.judgement(study, bob, rationale="Because of the light.")
    with_words = freeze(study, view="judgements", rationales=True)
    without = freeze(study, view="judgements")

    people.set_words(rater=bob.rater, on=False)

    assert list(superseded([with_words, without])) == [with_words.pk]
    people.set_words(rater=bob.rater, on=True)
    assert superseded([with_words]) == {}


def test_only_sentences_that_are_shared_leave(alice, bob, charlie, tmp_path):
    study = make.study(lead=alice, rater=bob)
    make.make_rater(study, charlie)
    people.set_words(rater=bob.rater, on=True)
    make.judgement(study, bob, rationale="Bob says the light.")
    make.judgement(study, charlie, rationale="Charlie says the line.")

    write_release(freeze(study, view="judgements", rationales=True), tmp_path / "out")

    written = b"".join(files(tmp_path / "out").values())
    assert b"Bob says the light." in written
    assert b"Charlie says the line." not in written
    assert Rationale.objects.count() == 2


@pytest.mark.parametrize("what", ["a work", "a rater"])
def test_an_erasure_deletes_the_archives_that_hold_it(
    engineer, panel, release, what, django_capture_on_commit_callbacks
):
    name = release.archive.name

    with django_capture_on_commit_callbacks(execute=True):
        if what == "a work":
            withdraw_work(work=work(panel), reason="erasure", by=None)
        else:
            withdraw_rater(study=panel, rater=rater(panel), reason="erasure", by=None)

    assert not releases().exists(name)
    assert engineer.get(download_of(release)).status_code == 410
    assert "are erased" in engineer.get(reverse("release", args=[release.public_id])).content.decode()


def test_many_releases_are_asked_about_at_once(panel, release, alice, django_assert_num_queries):
    others = [release, freeze(panel, criterion="lighting"), freeze(panel, view="judgements")]
    take_back_a_work(panel, alice)

    with django_assert_num_queries(4):
        assert len(superseded(others)) == 3


# The command line


def run(*words):
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_a_work_is_withdrawn_and_given_back_on_the_command_line(panel, release):
    told = run("withdraw_work", panel.slug, "p1-4", "--reason", "licence_expired")
    qualified = run("withdraw_work", panel.slug, f"{panel.slug}/p1-3", "--reason", "quality")

    assert "p1-4 is withdrawn (licence_expired)." in told
    assert "superseded now: 1" in told
    assert "p1-3 is withdrawn" in qualified
    assert "again as before" in run("withdraw_work", panel.slug, "p1-4", "--undo")
    assert not Clearance.objects.withdrawing().filter(work=work(panel)).exists()


def test_copies_elsewhere_are_named_and_stay(panel, alice):
    copy = make.study(each=[make.work("copy", "p1", text=work(panel).assets.get().text)])

    told = run("withdraw_work", panel.slug, "p1-4", "--reason", "withdrawn")

    assert f"The same content is in {copy.slug}/copy" in told
    assert Work.objects.cleared("show").filter(external_id="copy").exists()


def test_a_rater_is_withdrawn_and_restored_on_the_command_line(panel, release):
    by_label = run("withdraw_rater", panel.slug, "w3", "--reason", "quality")
    undone = run("withdraw_rater", panel.slug, rater(panel).public_id.hex, "--undo")

    assert "w3 is withdrawn" in by_label
    assert "superseded now: 1" in by_label
    assert "count again" in undone
    assert not Withdrawal.objects.live().exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("withdraw_work", "nowhere", "p1-4", "--reason", "quality"), "There is no study 'nowhere'"),
        (("withdraw_work", "{slug}", "p9", "--reason", "quality"), "has no work 'p9'"),
        (("withdraw_rater", "{slug}", "nobody", "--reason", "quality"), "has no rater 'nobody'"),
        (("withdraw_work", "{slug}", "p1-4"), "one of the arguments --reason --undo is required"),
    ],
)
def test_a_wrong_name_is_refused_with_what_is_wrong(panel, words, says):
    with pytest.raises(CommandError, match=says):
        run(*(word.format(slug=panel.slug) for word in words))


def test_an_erasure_is_not_undone(panel):
    run("withdraw_work", panel.slug, "p1-4", "--reason", "erasure")
    run("withdraw_rater", panel.slug, "w3", "--reason", "erasure")

    for command, name in (("withdraw_work", "p1-4"), ("withdraw_rater", "w3")):
        with pytest.raises(CommandError):
            run(command, panel.slug, name, "--undo")


# The lead's page


@pytest.fixture
def lead(client, alice):
    client.force_login(alice)
    return client


def test_a_lead_withdraws_and_gives_back_on_a_page(lead, panel, alice):
    page = reverse("withdrawals", args=[panel.slug])
    lead.post(reverse("withdraw_work", args=[panel.slug]), {"work": "p1-4", "reason": "quality"})
    lead.post(reverse("withdraw_rater", args=[panel.slug]), {"rater": rater(panel).public_id.hex, "reason": "quality"})

    told = lead.get(page).content.decode()

    assert "it was not fit for the study" in told
    assert told.count("by Alice") == 2
    assert Withdrawal.objects.live().get().by == alice
    lead.post(reverse("withdraw_work", args=[panel.slug]), {"work": "p1-4", "collection": panel.slug})
    lead.post(reverse("withdraw_rater", args=[panel.slug]), {"rater": rater(panel).public_id.hex})
    assert not Withdrawal.objects.live().exists()
    assert not Clearance.objects.withdrawing().exists()


def test_the_page_says_which_work_it_does_not_know(lead, panel):
    response = lead.post(reverse("withdraw_work", args=[panel.slug]), {"work": "p9", "reason": "quality"})

    assert response.status_code == 422
    assert "No work of this study has the id &#x27;p9&#x27;." in response.content.decode()


def test_an_erased_work_is_not_given_back_on_the_page(lead, panel, alice):
    withdraw_work(work=work(panel), reason="erasure", by=alice)

    response = lead.post(reverse("withdraw_work", args=[panel.slug]), {"work": "p1-4", "collection": panel.slug})

    assert response.status_code == 422
    assert "was erased" in response.content.decode()


def test_a_lead_who_rates_learns_no_work_there(lead, panel, alice):
    make.make_rater(panel, alice)
    withdraw_rater(study=panel, rater=rater(panel), reason="quality", by=alice)

    page = lead.get(reverse("withdrawals", args=[panel.slug])).content.decode()

    assert 'id="work"' not in page
    answer = lead.post(reverse("withdraw_work", args=[panel.slug]), {"work": "p1-4", "reason": "quality"})
    assert answer.status_code == 404


@pytest.mark.parametrize("who", ["nobody", "erin", "charlie"])
def test_for_all_but_leads_the_page_does_not_exist(client, panel, erin, charlie, who):
    if who != "nobody":
        client.force_login(erin if who == "erin" else charlie)

    assert client.get(reverse("withdrawals", args=[panel.slug])).status_code == 404
    for name in ("withdraw_work", "withdraw_rater"):
        assert client.post(reverse(name, args=[panel.slug]), {"work": "p1-4", "reason": "quality"}).status_code == 404


def test_what_is_not_named_is_refused(lead, panel):
    known = rater(panel).public_id.hex

    assert lead.post(reverse("withdraw_work", args=[panel.slug]), {"work": "p1-4", "reason": "mood"}).status_code == 404
    for form in ({"rater": known, "reason": "mood"}, {"rater": "x", "reason": "quality"}):
        assert lead.post(reverse("withdraw_rater", args=[panel.slug]), form).status_code == 404
    assert body(lead.get(reverse("withdrawals", args=[panel.slug])))
