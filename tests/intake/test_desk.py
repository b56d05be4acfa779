"""The lead's desk: stages, people, criteria, settings, the preview, and the list of studies."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.intake.actions import store_study
from feedback.intake.desk import actions
from feedback.judging.actions import hand_out
from feedback.judging.models import Assignment, Comparison, Judgement, Submission
from feedback.people import actions as people
from feedback.people.models import AuditEntry, Rater, SignInLink, User
from feedback.studies.actions import Wording, add_member
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Study
from feedback.studies.stages import WrongStage, stage_of
from tests import make

pytestmark = pytest.mark.django_db
PAGES = ("study_desk", "desk_people", "desk_criteria", "desk_settings", "desk_plan", "desk_preview")


@pytest.fixture
def lead(client, alice):
    client.force_login(alice)
    return client


def draft(lead: User, **fields) -> Study:
    """A study that its lead has yet to open."""
    return store_study(plan=make.plan(**fields), by=lead, opens=False).study


def act(client, study, name: str) -> str:
    client.post(reverse("desk_act", args=[study.slug]), {"act": name})
    study.refresh_from_db()
    return stage_of(study)


def trail(study) -> list[str]:
    return list(AuditEntry.objects.filter(study=study.slug).order_by("pk").values_list("action", flat=True))


def settings_of(client, study, **changes) -> dict[str, object]:
    """What the page of settings would post."""
    form = client.get(reverse("desk_settings", args=[study.slug])).context["form"]
    values = {field.name: field.value() for field in form if not field.field.disabled}
    return {name: value for name, value in (values | changes).items() if value is not None and value is not False}


def queries(client, url: str) -> int:
    """How often a page asks the database when it is opened again."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# Stages


def test_a_study_goes_through_its_stages_and_back_and_the_trail_tells_who(lead, alice):
    study = draft(alice)

    stages = [
        act(lead, study, name) for name in ("open", "pause", "resume", "close", "open", "close", "archive", "unarchive")
    ]

    assert stages == ["open", "paused", "open", "closed", "open", "closed", "archived", "closed"]
    assert trail(study) == [
        "import study", "open round", "open study", "pause study", "resume study", "close study", "open study",
        "close study", "archive study", "bring back study",
    ]  # fmt: skip
    assert study.rounds.count() == 1
    assert set(AuditEntry.objects.filter(study=study.slug).values_list("by", flat=True)) == {alice.pk}


@pytest.mark.parametrize("name", ["pause", "resume", "close", "unarchive", "destroy", ""])
def test_what_does_not_follow_from_a_draft_is_refused_in_words(lead, alice, name):
    study = draft(alice)

    answer = lead.post(reverse("desk_act", args=[study.slug]), {"act": name})

    assert answer.status_code == 409
    assert "cannot be asked" in answer.content.decode()
    assert stage_of(study) == "draft"


def test_a_study_without_a_work_that_may_be_shown_does_not_open(lead, alice):
    study = draft(alice, each=[make.work("a", licence="", consent=""), make.work("b", licence="", consent="")])

    answer = lead.post(reverse("desk_act", args=[study.slug]), {"act": "open"})

    assert answer.status_code == 409
    assert "No work of it may be shown" in answer.content.decode()
    assert "State its licence or consent" in answer.content.decode()


def test_nobody_but_a_lead_acts(alice, bob, client):
    study = draft(alice)
    add_member(study=study, user=bob, role="engineer", by=alice)
    client.force_login(bob)

    codes = [client.get(reverse(name, args=[study.slug])).status_code for name in PAGES]

    assert set(codes) == {404}
    assert client.post(reverse("desk_act", args=[study.slug]), {"act": "open"}).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.act(study=study, act="open", by=bob)


def test_names_of_works_are_hidden_from_a_lead_who_rates_while_it_is_open(lead, alice):
    works = [make.work("the-secret-work", licence="", consent=""), make.work("p1-1"), make.work("p1-2")]
    study = make.study(lead=alice, rater=alice, each=works)

    blind = lead.get(reverse("study_desk", args=[study.slug])).content.decode()
    act(lead, study, "pause")
    paused = lead.get(reverse("study_desk", args=[study.slug])).content.decode()
    act(lead, study, "close")

    assert "the-secret-work" not in blind + paused
    assert "No licence or consent is stated." in blind
    assert "the-secret-work" in lead.get(reverse("study_desk", args=[study.slug])).content.decode()


def test_the_trail_of_a_study_of_the_same_title_is_not_told(lead, alice, charlie):
    study = draft(alice, slug="one", title="Light")
    draft(charlie, slug="two", title="Light")

    page = lead.get(reverse("study_desk", args=[study.slug])).content.decode()

    assert page.count("Import study") == 1
    assert "Charlie" not in page


def test_what_is_for_everybody_is_asked_of_as_many_as_rate(lead, alice, bob):
    study = make.study(lead=alice, rater=bob, works=2)
    lead.post(reverse("desk_settings", args=[study.slug]), settings_of(lead, study, everyone_judges_all="on"))
    make.judgement(study, bob)

    way = lead.get(reverse("study_desk", args=[study.slug])).context["way"]

    assert (way.done, way.asked, way.percent) == (1, 1, 100)


# People


def test_many_are_invited_by_lines_each_with_a_link_that_works(lead, alice, client):
    study = make.study(lead=alice)
    lines = "Bob, rater, dancers\nCarla\tEngineer\n\nDora;; dancers\nEmil"

    page = lead.post(reverse("desk_invite_many", args=[study.slug]), {"lines": lines})

    invited = page.context["invited"]
    assert [(one.name, one.role, one.cohort) for one in invited] == [
        ("Bob", "rater", "dancers"),
        ("Carla", "engineer", ""),
        ("Dora", "rater", "dancers"),
        ("Emil", "rater", ""),
    ]
    assert Rater.objects.filter(cohort="dancers").count() == 2
    assert client.post(invited[0].link.replace("http://localhost:8000", "")).status_code == 302
    assert invited[1].link not in lead.get(reverse("desk_people", args=[study.slug])).content.decode()


@pytest.mark.parametrize("lines", ["Bob\nCarla, boss", "Bob\n, rater", "Bob, rater, a, b", "x" * 201, " \n"])
def test_with_a_fault_in_any_line_nobody_is_invited(lead, alice, lines):
    study = make.study(lead=alice)

    page = lead.post(reverse("desk_invite_many", args=[study.slug]), {"lines": lines})

    assert page.status_code == 422
    assert study.memberships.count() == 1
    assert SignInLink.objects.count() == 0


def test_a_new_link_ends_those_that_were_not_used(lead, alice, bob, client):
    study = make.study(lead=alice, rater=bob)
    old = people.make_sign_in_link(user=bob)

    page = lead.post(reverse("desk_person", args=[study.slug, bob.public_id]), {"act": "link"})
    new = page.context["invited"][0].link

    codes = [client.post("/" + link.split("/", 3)[3]).status_code for link in (old, new)]
    assert codes == [410, 302]


def test_a_role_is_given_and_taken_and_what_was_judged_stays(lead, alice, bob):
    study = make.study(lead=alice, rater=bob)
    make.judgement(study, bob)
    url = reverse("desk_person", args=[study.slug, bob.public_id])

    lead.post(url, {"act": "give", "role": "engineer"})
    lead.post(url, {"act": "take", "role": "rater"})

    assert set(study.memberships.filter(user=bob).values_list("role", flat=True)) == {"engineer"}
    assert Submission.objects.count() == 1
    assert trail(study)[-2:] == ["add member", "remove member"]
    assert "Bob as rater" in lead.get(reverse("study_desk", args=[study.slug])).content.decode()


def test_somebody_has_to_lead(lead, alice, bob):
    study = make.study(lead=alice)
    url = reverse("desk_person", args=[study.slug, alice.public_id])

    alone = lead.post(url, {"act": "take", "role": "lead"})
    add_member(study=study, user=bob, role="lead", by=None)
    together = lead.post(url, {"act": "take", "role": "lead"})

    assert (alone.status_code, together.status_code) == (422, 302)
    assert "give another person the role first" in alone.content.decode()
    assert list(study.memberships.values_list("user", flat=True)) == [bob.pk]


def test_nobody_is_reached_through_a_study_they_have_no_part_in(lead, alice, charlie):
    study = make.study(lead=alice)
    url = reverse("desk_person", args=[study.slug, charlie.public_id])

    codes = [lead.post(url, {"act": name, "role": "rater"}).status_code for name in ("link", "give", "cohort")]

    assert codes == [404, 404, 404]
    assert SignInLink.objects.count() == 0


def test_progress_and_pace_of_each_rater_are_told(lead, alice, bob):
    study = make.study(lead=alice, rater=bob, works=4)
    make.judgement(study, bob)
    make.judgement(study, bob)

    row = lead.get(reverse("desk_people", args=[study.slug])).context["people"][0]

    assert (row.user, row.done, row.today, row.ahead) == (bob, 2, 2, 4)


# Criteria


def wording(**changes) -> dict[str, str]:
    return {"name": "Light", "definition": "Where does it come from?", "strong": "One sun.", "weak": "Two."} | changes


def change(client, study, name: str, slug: str = "", /, **fields):
    url = reverse("desk_change_criterion", args=[study.slug])
    return client.post(url, {"act": name, "criterion": slug} | fields)


def test_a_criterion_nobody_has_judged_by_changes_in_place(lead, alice):
    study = draft(alice)

    change(lead, study, "save", "lighting", **wording())

    study.refresh_from_db()
    first = criteria_of(study)[0]
    assert (first.slug, first.version, first.name) == ("lighting", 1, "Light")
    assert study.criteria.count() == 3


def test_judged_wording_stays_and_a_change_makes_the_next_version(lead, alice, bob):
    study = make.study(lead=alice, rater=bob, works=3)
    first = make.judgement(study, bob)
    act(lead, study, "pause")

    change(lead, study, "save", "lighting", **wording())
    act(lead, study, "resume")
    page = lead.get(reverse("desk_criteria", args=[study.slug])).content.decode()
    asked = criteria_of(Study.objects.get(pk=study.pk))

    judged = Judgement.objects.get(submission=first, criterion__slug="lighting").criterion
    assert (judged.version, judged.name) == (1, "Lighting")
    assert [(one.slug, one.version) for one in asked] == [
        ("lighting", 2), ("narrative-arc", 1), ("emotional-resonance", 1),
    ]  # fmt: skip
    assert "How good is the lighting?" in page


def test_the_bench_asks_for_the_newest_wording_alone(lead, alice, bob, client):
    study = make.study(lead=alice, rater=bob, works=3)
    make.judgement(study, bob)
    act(lead, study, "pause")
    change(lead, study, "save", "lighting", **wording())
    act(lead, study, "resume")
    client.force_login(bob)

    page = client.get(reverse("judge", args=[study.slug])).content.decode()

    assert "Where does it come from?" in page
    assert "How good is the lighting?" not in page


def test_criteria_do_not_change_while_raters_are_at_work(lead, alice):
    study = make.study(lead=alice)

    codes = [
        change(lead, study, "save", "lighting", **wording()).status_code,
        change(lead, study, "add", **wording()).status_code,
        change(lead, study, "remove", "lighting").status_code,
        change(lead, study, "down", "lighting").status_code,
    ]

    assert codes == [409] * 4
    assert trail(study) == ["import study", "open round", "open study", "add member"]


def test_criteria_are_added_moved_and_removed(lead, alice):
    study = draft(alice)

    change(lead, study, "add", **wording(name="Lighting"))
    change(lead, study, "up", "lighting-2")
    change(lead, study, "remove", "narrative-arc")

    study.refresh_from_db()
    assert [one.slug for one in criteria_of(study)] == ["lighting", "lighting-2", "emotional-resonance"]


def test_a_judged_criterion_and_the_last_one_are_not_removed(lead, alice, bob):
    study = make.study(lead=alice, rater=bob, criteria=("lighting", "style"))
    make.judgement(study, bob)
    single = draft(alice, criteria=("lighting",))
    act(lead, study, "close")

    answers = [change(lead, study, "remove", "style"), change(lead, single, "remove", "lighting")]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "Somebody has judged by this criterion" in answers[0].content.decode()


def test_a_criterion_without_a_definition_is_refused_and_keeps_what_was_written(lead, alice):
    study = draft(alice)

    page = change(lead, study, "save", "lighting", **wording(definition=""))

    assert page.status_code == 422
    assert "One sun." in page.content.decode()


# Settings


def test_settings_are_kept_and_told_with_what_they_were(lead, alice):
    study = draft(alice)
    url = reverse("desk_settings", args=[study.slug])

    told = settings_of(lead, study, overlap=4, guide="Look twice.", tags="glow, shadow", cohort_places="composers 2")
    answer = lead.post(url, told)

    study.refresh_from_db()
    assert answer.status_code == 302, answer.context["form"].errors
    assert (study.overlap, study.guide, study.tags, study.cohort_places) == (
        4, "Look twice.", ["glow", "shadow"], {"composers": 2},
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="change settings")
    assert entry.detail["changed"]["overlap"] == [2, 4]
    assert set(entry.detail["changed"]) == {"overlap", "guide", "tags", "cohort_places"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("overlap", 0), ("uniform_share", 0.1), ("repeat_share", 0.5), ("target", 1), ("scale", "strange"),
        ("set_size", 99), ("qualify_pass", 3), ("cohort_places", "composers"), ("cohort_places", "a -1"),
        ("title", ""), ("marks", "strong"), ("ranking", "best"), ("price_hour", -1), ("tags", "x" * 101),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_beside_their_field(lead, alice, name, value):
    study = draft(alice)
    form = {"form": "set"} if name == "set_size" else {}

    answer = lead.post(reverse("desk_settings", args=[study.slug]), settings_of(lead, study, **{name: value}, **form))

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {name}
    assert not AuditEntry.objects.filter(action="change settings").exists()


def test_the_form_is_fixed_once_comparisons_are_made(lead, alice):
    study = draft(alice)
    lead.post(reverse("desk_settings", args=[study.slug]), settings_of(lead, study, form="rating", set_size=1))
    study.refresh_from_db()
    before = study.form
    act(lead, study, "open")

    lead.post(reverse("desk_settings", args=[study.slug]), settings_of(lead, study) | {"form": "pair"})

    study.refresh_from_db()
    assert (before, study.form, study.set_size) == ("rating", "rating", 1)
    assert set(Comparison.objects.values_list("size", flat=True)) == {1}


def test_a_new_overlap_holds_for_what_is_asked_already(lead, alice, bob, charlie):
    study = make.study(lead=alice, rater=bob, works=2, overlap=1)
    make.judgement(study, bob)
    make.make_rater(study, charlie)
    assert hand_out(study=study, rater=people.rater_of(user=charlie)) is None

    lead.post(reverse("desk_settings", args=[study.slug]), settings_of(lead, study, overlap=2))

    assert hand_out(study=Study.objects.get(pk=study.pk), rater=people.rater_of(user=charlie)) is not None


# The preview


def test_the_preview_shows_real_works_and_stores_nothing(lead, alice):
    study = draft(alice)
    before = {model: model.objects.count() for model in (Assignment, Comparison, Submission, Judgement, Rater)}

    page = lead.get(reverse("desk_preview", args=[study.slug])).content.decode()
    following = lead.post(reverse("desk_preview", args=[study.slug]), {"ahead": "1", "answer.lighting": "1"})

    assert "The text of p1-" in page
    assert "maker-" not in page
    assert '<form class="task"' in following.content.decode()
    assert {model: model.objects.count() for model in before} == before


@pytest.mark.parametrize(("form", "size"), [("pair", 2), ("set", 3), ("rating", 1)])
def test_the_preview_holds_as_many_works_as_a_comparison(lead, alice, form, size):
    study = draft(alice, form=form, set_size=size, works=4)

    task = lead.get(reverse("desk_preview", args=[study.slug])).context["task"]

    assert len(task.panes) == size


def test_a_study_without_enough_works_says_so(lead, alice):
    study = draft(alice, works=1)

    assert "nothing to show yet" in lead.get(reverse("desk_preview", args=[study.slug])).content.decode()


# The list of studies


def test_studies_are_listed_by_stage_with_what_waits(lead, alice, bob):
    make.study(lead=alice, rater=bob, title="Open one")
    draft(alice, title="Draft one")
    closed = make.study(lead=alice, title="Closed one")
    act(lead, closed, "close")

    groups = lead.get(reverse("studies")).context["groups"]

    told = [(group.stage, [(row.study.title, row.waits) for row in group.rows]) for group in groups]
    assert told == [
        ("open", [("Open one", ["no judgement yet"])]),
        ("draft", [("Draft one", ["nobody is invited yet"])]),
        ("closed", [("Closed one", [])]),
    ]


def test_raters_are_told_whether_there_is_more_to_judge(client, bob):
    study = make.study(rater=bob, works=2, overlap=1)
    client.force_login(bob)

    before = client.get(reverse("studies")).context["groups"][0].rows[0].waits
    make.judgement(study, bob)
    after = client.get(reverse("studies")).context["groups"][0].rows[0].waits

    assert before == ["more to judge"]
    assert after == ["1 judged by you", "nothing left for you now"]


def test_pages_ask_the_database_as_often_for_much_as_for_little(lead, alice, bob):
    small = make.study(lead=alice, rater=bob, works=2)
    few = {name: queries(lead, reverse(name, args=[small.slug])) for name in PAGES}
    home = queries(lead, reverse("studies"))
    large = make.study(lead=alice, prompts=4, works=5, criteria=("a", "b", "c", "d"))
    for number in range(6):
        person = make.user(f"Rater {number}")
        make.make_rater(large, person)
        make.judgement(large, person)

    many = {name: queries(lead, reverse(name, args=[large.slug])) for name in PAGES}

    assert many == few
    assert queries(lead, reverse("studies")) == home


def test_a_wrong_stage_is_an_error_of_its_own(alice):
    study = draft(alice)

    with pytest.raises(WrongStage, match="draft cannot be asked to pause"):
        actions.act(study=study, act="pause", by=alice)


def test_wording_in_the_same_words_changes_nothing(alice):
    study = draft(alice)
    criterion = criteria_of(study)[0]

    actions.reword(study=study, slug=criterion.slug, wording=Wording.of(criterion), by=alice)

    assert trail(study) == ["import study"]
