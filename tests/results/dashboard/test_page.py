"""The lead's page: five answers in order, live, by table, as files, and blind where it must be."""

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from feedback.results.actions import Moved, fit, keep_live
from feedback.results.dashboard.page import PICTURES, TABLES
from feedback.results.models import Fit, Report
from feedback.studies.actions import add_member, close_study
from tests import make
from tests.results.dashboard.shown import study_told, tell
from tests.results.dashboard.told import MAKERS, told

pytestmark = pytest.mark.django_db
QUESTIONS = (
    "Can I trust it?",
    "Who is best?",
    "Where do raters differ?",
    "Who needs help?",
    "When am I done?",
)
HTMX = {"hx-request": "true"}


@pytest.fixture
def study(client, alice):
    """Told, and Alice is looking at it."""
    client.force_login(alice)
    return study_told(lead=alice)


def look(client, study, name="results", *args, **query):
    return client.get(reverse(name, args=[study.slug, *args]), query)


def read(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()).replace("\u00a0", " ")


def test_five_questions_are_answered_in_order(client, study):
    page = read(look(client, study))

    places = [page.index(question) for question in QUESTIONS]
    assert places == sorted(places)
    for sentence in (
        "Yes for lighting.",
        "Kodiak 3 and Aurora v5 lead; nobody can tell them apart.",
        "Two schools, and one rater whose answers look random.",
        "Gus, and perhaps Cleo.",
        "Lighting is done.",
    ):
        assert sentence in page


def test_each_criterion_has_its_tab_and_its_numbers(client, study):
    page = look(client, study, criterion="narrative-arc").content.decode()

    assert re.search(r'id="tab-narrative-arc"[^>]*aria-current="page"', page)
    assert page.count('aria-current="page"') == 1
    assert ".52 today" in page.replace("\u00a0", " ") or ".52 ± .11 today" in page.replace("\u00a0", " ")


def test_a_criterion_that_there_is_none_of_is_the_first(client, study):
    assert re.search(r'id="tab-lighting"[^>]*aria-current', look(client, study, criterion="moon").content.decode())


def test_a_tab_is_swapped_without_the_page_around_it(client, study):
    address = reverse("results", args=[study.slug]) + "?criterion=narrative-arc"

    part = client.get(address, headers=HTMX).content.decode()
    restored = client.get(address, headers=HTMX | {"hx-history-restore-request": "true"}).content.decode()

    assert part.lstrip().startswith('<div id="dashboard">')
    assert "<html" in restored


def test_every_picture_has_its_table_and_its_files_beside_it(client, study):
    page = look(client, study).content.decode()

    for chart in ("reliability", "generators", "agreement", "timeline"):
        assert reverse("chart_table", args=[study.slug, chart]) in page
        assert reverse("chart_svg", args=[study.slug, chart]) in page
        assert reverse("chart_csv", args=[study.slug, chart]) in page


def test_every_table_stands_at_an_address_of_its_own(client, study):
    for chart in (*PICTURES, *TABLES):
        whole = look(client, study, "chart_table", chart).content.decode()
        part = client.get(reverse("chart_table", args=[study.slug, chart]), headers=HTMX).content.decode()

        assert "<html" in whole
        assert "<html" not in part
        assert '<th scope="col"' in part


def test_every_picture_and_every_table_can_be_kept(client, study):
    for chart in PICTURES:
        kept = look(client, study, "chart_svg", chart)
        assert kept["Content-Type"] == "image/svg+xml"
        assert kept["Content-Disposition"] == f'attachment; filename="{study.slug}-lighting-{chart}.svg"'
        ET.fromstring(kept.content)
    for chart in (*PICTURES, *TABLES):
        kept = look(client, study, "chart_csv", chart)
        assert len(list(csv.reader(io.StringIO(kept.content.decode("utf-8-sig"))))) > 1


def test_there_is_no_chart_of_another_name(client, study):
    codes = [look(client, study, name, "moon").status_code for name in ("chart_table", "chart_svg", "chart_csv")]

    assert codes == [404, 404, 404]


def test_a_table_of_many_raters_is_told_a_page_at_a_time(client, study):
    row = Report.objects.get(study=study)
    row.told["raters"] *= 14
    row.save()

    first = look(client, study, "chart_table", "raters").content.decode()
    last = look(client, study, "chart_table", "raters", page=3).content.decode()

    assert first.count('<th scope="row">') == 50
    assert "Page 1 of 3" in first
    assert last.count('<th scope="row">') == 9 * 14 - 100


def test_from_the_last_question_one_plans_prints_and_takes_away(client, study):
    page = look(client, study).content.decode()

    assert f'href="{reverse("desk_settings", args=[study.slug])}#group-5">Plan the next round' in page
    assert f'href="{reverse("report", args=[study.slug])}?print"' in page
    settings = look(client, study, "desk_settings").content.decode()
    assert re.search(r'id="group-5">Which comparisons come next', settings)
    printed = client.get(reverse("report", args=[study.slug]) + "?print")
    assert "Content-Disposition" not in printed
    assert "<style>" not in printed.content.decode()  # which the browser would refuse on a page of the site
    assert 'rel="stylesheet"' in printed.content.decode()


def test_machines_stand_beside_the_experts_where_there_are_any(client, study):
    row = Report.objects.get(study=study)
    row.told["by"]["narrative-arc"]["differ"]["machine"] = []
    row.save()

    with_one, with_none = (read(look(client, study, criterion=slug)) for slug in ("lighting", "narrative-arc"))

    assert "Machine judges against the experts" in with_one
    assert "310 .64 ± .04 .70 ± .03 +5 (−1 to +11) length +12 (+6 to +18) 1: 58 %" in with_one
    assert "Machine judges" not in with_none


def test_a_paused_study_is_called_paused_everywhere(client, study, alice):
    from feedback.studies.actions import pause_study

    pause_study(study=study, by=alice)
    for name in ("results", "releases", "withdrawals"):
        page = look(client, study, name).content.decode()
        assert re.search(r'eyebrow">[A-Z][a-z]+ · paused<', page), name


def test_overall_says_that_it_stands_as_of_the_last_fit(client, study):
    row = Report.objects.get(study=study)
    row.told["by"]["overall"] = {"best": row.told["by"]["lighting"]["best"]}
    row.save()

    assert "Overall stands as of the last fit" in read(look(client, study, criterion="overall"))
    assert "Overall stands" not in read(look(client, study))


def test_every_picture_says_how_it_is_read(client, study):
    page = look(client, study).content.decode()

    assert page.count("<figure>") == page.count("<figcaption") == 5


# ── Live ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def seen(client, study) -> str:
    return re.search(r"seen=([\d.-]+)", look(client, study).content.decode())[1]


def test_where_nothing_is_new_nothing_is_sent(client, study, django_assert_max_num_queries):
    version = seen(client, study)

    with django_assert_max_num_queries(6):
        answer = look(client, study, "leaderboard", criterion="lighting", seen=version)

    assert (answer.status_code, answer.content) == (204, b"")


def test_a_new_report_renews_every_answer(client, study):
    version = seen(client, study)
    tell(study, told(), {at: rater.pk for at, rater in enumerate(study_raters(study), start=1)})

    part = look(client, study, "leaderboard", criterion="lighting", seen=version).content.decode()

    assert re.findall(r'id="([a-z]+)-answer"', part) == ["trust", "best", "differ", "help", "done"]
    assert part.count("hx-swap-oob") == 10
    assert seen(client, study) in part


def study_raters(study):
    from feedback.people.models import Rater

    return Rater.objects.filter(user__memberships__study=study, user__memberships__role="rater").order_by("pk")


def test_a_judgement_renews_the_board_alone(client, study, bob):
    make.make_rater(study, bob)
    make.judgement(study, bob)
    fit(study=study)
    board = Fit.objects.filter(study=study, level="generators").order_by("criterion__position").first()
    version = seen(client, study)

    keep_live([Moved(board, 2, {board.estimates.first().generator_id: 9.0})], cutoff=7)
    part = look(client, study, "leaderboard", criterion="lighting", seen=version).content.decode()

    assert re.findall(r'id="([a-z]+)-answer"', part) == ["best"]
    assert "The board has 2 judgements" in " ".join(part.split())
    top = board.estimates.first().generator.name
    assert re.search(rf'aria-label="[^"]*{top} stands first', part)


def test_before_the_first_report_the_board_stands_alone(client, alice, bob):
    study = make.study(lead=alice, rater=bob)
    client.force_login(alice)
    make.judgement(study, bob)
    fit(study=study)

    page = read(look(client, study))

    assert "Who is best? Nobody leads yet" in page or "leads." in page
    assert "The curve is drawn from comparisons that chance alone chose" in page
    assert "Too early to say." in page


def test_an_empty_study_says_what_is_missing_and_how_to_get_it(client, alice):
    study = make.study(lead=alice)
    client.force_login(alice)

    page = read(look(client, study))

    assert "Nothing to rank yet." in page
    assert "Intervals appear with the first judgements: invite raters, and open the study." in page
    assert "once two raters have judged the same comparisons" in page
    assert "30 more hidden repeats; none so far" in page
    assert "Nobody has judged enough to say." in page


# ── Whom it is for ─────────────────────────────────────────────────────────────────────────────────────────────────


ADDRESSES = [
    ("results",),
    ("leaderboard",),
    ("results_json",),
    ("report",),
    ("works_in_prompts",),
    *[("chart_table", name) for name in (*PICTURES, *TABLES)],
    *[("chart_svg", name) for name in PICTURES],
    *[("chart_csv", name) for name in (*PICTURES, *TABLES)],
]


def test_a_lead_who_rates_meets_no_name_anywhere_until_the_study_is_closed(client, alice, study):
    add_member(study=study, user=alice, role="rater", by=None)

    told_to_her = {address: look(client, study, *address).content.decode() for address in ADDRESSES}
    close_study(study=study, by=alice)

    assert {address for address, page in told_to_her.items() if any(name in page for name in MAKERS)} == set()
    assert "Generator 1" in told_to_her["results",]
    assert "Kodiak 3" in look(client, study).content.decode()


def test_nobody_but_a_lead_meets_it(client, study, bob, charlie):
    add_member(study=study, user=bob, role="rater", by=None)
    for person in (bob, charlie):
        client.force_login(person)
        assert {look(client, study, *address).status_code for address in ADDRESSES} == {404}


# ── Whole ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_as_json_with_names_and_sentences(client, study):
    whole = json.loads(look(client, study, "results_json").content)

    assert set(whole["names"]["generators"].values()) == set(MAKERS)
    assert whole["answers"]["lighting"]["best"]["headline"].startswith("Kodiak 3 and Aurora v5 lead")
    assert list(whole["answers"]) == ["lighting", "narrative-arc", "emotional-resonance"]
    assert whole["report"]["by"]["lighting"]["trust"]["reliability"]["value"] == 0.8


def test_the_report_needs_no_other_file(study, tmp_path):
    out = tmp_path / "report.html"

    call_command("report", study.slug, "--out", str(out), stdout=io.StringIO())
    page = out.read_text()

    assert page.count("Can I trust it?") == 3
    assert all(name in page for name in ("Lighting", "Narrative arc", "Emotional resonance"))
    assert re.findall(r'(?:src|href)="[^"]*"|url\((?!data:)[^)]*\)|@import', page) == []
    assert "Newsreader" in page
    assert "<script" not in page


def test_the_report_may_leave_names_out(study, tmp_path):
    out = tmp_path / "report.html"

    call_command("report", study.slug, "--out", str(out), "--without-names", stdout=io.StringIO())

    assert not any(name in out.read_text() for name in MAKERS)


def test_the_report_of_no_study_names_those_there_are(study, tmp_path):
    with pytest.raises(CommandError, match=study.slug):
        call_command("report", "moon", "--out", str(tmp_path / "x.html"))


def test_the_browser_is_given_the_same_report(client, study):
    kept = look(client, study, "report")

    assert kept["Content-Disposition"] == f'attachment; filename="{study.slug}-report.html"'
    assert kept.content.decode().count("Can I trust it?") == 3


def test_works_stand_beside_the_others_of_their_prompt(client, alice, bob):
    study = make.study(lead=alice, rater=bob, prompts=12, works=3)
    client.force_login(alice)
    for _ in range(20):
        make.judgement(study, bob)
    fit(study=study)

    first = look(client, study, "works_in_prompts", criterion="lighting").content.decode()
    second = look(client, study, "works_in_prompts", criterion="lighting", page=2).content.decode()

    assert first.count("<h2") == 10
    assert second.count("<h2") >= 1
    assert re.search(r"p\d+-[123]\b", first)


# ── Speed ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_takes_the_same_few_queries_however_much_was_judged(client, study, django_assert_max_num_queries):
    row = Report.objects.get(study=study)
    row.told["raters"] *= 40
    row.save()
    look(client, study)

    with django_assert_max_num_queries(15):
        look(client, study)


def test_the_styles_are_those_that_are_served():
    built = Path(__file__).parents[3] / "static/vendor/css/site.css"

    assert ".chart" in built.read_text()
