"""A release is frozen: what it says of itself, and that the same content is the same bytes."""

import hashlib
import json
import re
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.datasets.actions import write_release
from feedback.datasets.lines import moment
from feedback.datasets.models import Release, releases
from feedback.datasets.terms import ReleaseRefused
from feedback.judging.actions import retract
from feedback.people.actions import rater_of
from feedback.people.models import AuditEntry
from feedback.studies.actions import add_member, close_study
from tests import make
from tests.datasets.panel import by_places, files, freeze, judge_all, study_of

pytestmark = pytest.mark.django_db
yaml = pytest.importorskip("yaml")

SHAPES = [
    {},
    {"preset": "trl"},
    {"preset": "trl-chat"},
    {"view": "judgements"},
    {"view": "judgements", "rationales": True},
    {"criterion": "lighting"},
]


def places(prompts: int) -> dict[str, int]:
    return {f"p{prompt}-{work}": work for prompt in range(1, prompts + 1) for work in (1, 2, 3)}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_repeated_export_is_byte_identical(bob, tmp_path, shape):
    study = make.study(prompts=12)
    judge_all(study, bob, places(12), rationale="Because.")

    for name in ("once", "again"):
        write_release(freeze(study, **shape), tmp_path / name)

    assert files(tmp_path / "once") == files(tmp_path / "again")
    assert Release.objects.count() == 1


def test_the_same_content_gives_the_same_bytes_even_if_the_stored_archive_was_lost(bob, tmp_path):
    study = make.study(prompts=12)
    judge_all(study, bob, places(12))
    release = freeze(study, view="judgements")
    write_release(release, tmp_path / "once")
    releases().delete(release.archive.name)

    write_release(freeze(study, view="judgements"), tmp_path / "again")

    assert files(tmp_path / "once") == files(tmp_path / "again")
    assert Release.objects.get().archive_sha256 == release.archive_sha256


@pytest.mark.parametrize("shape", SHAPES)
def test_undo_brings_the_earlier_bytes_and_the_earlier_release_back(bob, tmp_path, shape):
    study = make.study(prompts=4, rater=bob)
    for _ in range(5):
        make.judgement(study, bob)
    earlier = freeze(study, **shape)
    write_release(earlier, tmp_path / "before")
    make.judgement(study, bob)
    between = freeze(study, **shape)
    retract(study=study, rater=rater_of(user=bob), key=uuid.uuid4())

    later = freeze(study, **shape)
    write_release(later, tmp_path / "after")

    assert between != earlier == later
    assert files(tmp_path / "before") == files(tmp_path / "after")


def test_a_tie_that_changes_no_row_is_still_another_release(alice, bob):
    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    judge_all(study, alice, {"a": 1, "b": 2, "c": 2})
    make.make_rater(study, bob)
    before = freeze(study)
    tied = next(
        assignment
        for assignment in (make.assignment(study, bob) for _ in range(3))
        if {"b", "c"} == set(assignment.comparison.entries.values_list("work__external_id", flat=True))
    )
    from feedback.judging.actions import submit

    submit(assignment=tied, key=uuid.uuid4(), replaces=0, answers=by_places(tied, {"b": 1, "c": 1}))

    after = freeze(study)

    assert after.rows == before.rows
    assert after != before


def test_other_settings_are_another_release_with_other_pseudonyms(bob):
    study = make.study(rater=bob)
    make.judgement(study, bob)

    made = {freeze(study, **shape) for shape in SHAPES}

    assert len(made) == len({release.pseudonym_key for release in made}) == len(SHAPES)


def test_the_manifest_lists_exactly_what_is_there(bob, tmp_path):
    study = make.study(prompts=30)
    judge_all(study, bob, places(30))
    release = freeze(study, preset="trl")

    write_release(release, tmp_path / "out")

    found = files(tmp_path / "out")
    manifest = json.loads(found.pop("manifest.json"))
    listed = {file["path"]: file for file in [*manifest["files"], *manifest["other"]]}
    assert listed.keys() == found.keys()
    for path, content in found.items():
        assert listed[path]["bytes"] == len(content)
        assert listed[path]["sha256"] == hashlib.sha256(content).hexdigest()
    for file in manifest["files"]:
        assert re.fullmatch(rf"data/pairs/{file['split']}-0000\d-of-00003\.jsonl", file["path"])
        lines = [json.loads(line) for line in found[file["path"]].splitlines()]
        assert file["rows"] == len(lines) > 0
        assert {line["criterion"] for line in lines} == {file["criterion"]}
    assert sum(file["rows"] for file in manifest["files"]) == manifest["rows"] == release.rows == 30 * 3 * 3
    assert manifest["release"] == str(release.public_id)
    assert manifest["schema_version"] == 2
    told = ("preset", "format", "purpose", "criterion", "version")
    assert [manifest[key] for key in told] == ["trl", "jsonl", "train-reward-model", None, "1.0.0"]
    assert [one["slug"] for one in manifest["studies"]] == [study.slug]
    assert [one["view"] for one in manifest["views"]] == ["pairs"]


def test_the_manifest_alone_tells_when_it_was_frozen(bob, tmp_path):
    study = make.study(rater=bob)
    submission = make.judgement(study, bob)

    release = freeze(study)
    write_release(release, tmp_path / "out")

    found = files(tmp_path / "out")
    snapshot = json.loads(found.pop("manifest.json"))["snapshot"]
    times = re.findall(rb"\d{4}-\d\d-\d\dT[\d:.]+Z?", b"".join(found.values()))
    assert set(times) == {submission.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode()}
    assert snapshot == {"judged_until": moment(submission.at), "frozen_at": moment(release.frozen_at)}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_card_types_every_column_of_every_config(bob, tmp_path, shape):
    title = 'A "title":\n# with --- \u2028 \x7f and 🎭'
    study = make.study(prompts=30, title=title, slug=f"judged-{len(str(shape))}")
    judge_all(study, bob, places(30), rationale="Because.")

    write_release(freeze(study, **shape), tmp_path / "out")

    text = (tmp_path / "out" / "README.md").read_text()
    front = yaml.safe_load(text.split("\n---\n")[0].removeprefix("---\n"))
    assert front["pretty_name"] == " ".join(title.split())
    assert front["license"] == "cc0-1.0"
    names = [config["config_name"] for config in front["configs"]]
    view = shape.get("view", "pairs")
    criteria = [] if "criterion" in shape else ["lighting", "narrative-arc", "emotional-resonance"]
    assert names == [view, *criteria]
    assert [config.get("default") for config in front["configs"]] == [True, *(None for _ in criteria)]
    assert [info["config_name"] for info in front["dataset_info"]] == names
    for config, info in zip(front["configs"], front["dataset_info"], strict=True):
        assert [one["split"] for one in config["data_files"]] == ["train", "validation", "test"]
        columns = [feature["name"] for feature in info["features"]]
        for one in config["data_files"]:
            patterns = one["path"] if isinstance(one["path"], list) else [one["path"]]
            found = [path for pattern in patterns for path in (tmp_path / "out").glob(pattern)]
            lines = [json.loads(line) for path in found for line in path.read_text().splitlines()]
            assert lines
            assert all(list(line) == columns for line in lines)
            wanted = (
                {config["config_name"]} if config["config_name"] in criteria else {line["criterion"] for line in lines}
            )
            assert {line["criterion"] for line in lines} == wanted


def test_a_criterion_that_is_called_like_the_view_has_a_config_of_its_own(bob, tmp_path):
    study = make.study(criteria=("pairs", "lighting"), rater=bob)
    make.judgement(study, bob)

    write_release(freeze(study), tmp_path / "out")

    text = (tmp_path / "out" / "README.md").read_text()
    front = yaml.safe_load(text.split("\n---\n")[0].removeprefix("---\n"))
    assert [config["config_name"] for config in front["configs"]] == ["pairs", "criterion-pairs", "lighting"]


def test_the_card_says_what_stayed_out_and_under_which_licences_the_rest_stands(bob, tmp_path):
    study = study_of(
        make.work("a"), make.work("b", licence="", consent="by letter"), make.work("c", purposes=frozenset({"show"}))
    )
    judge_all(study, bob, {"a": 1, "b": 2, "c": 3})

    write_release(freeze(study), tmp_path / "out")

    card = (tmp_path / "out" / "README.md").read_text()
    assert "- 1 works: not cleared for export, train-reward-model." in card
    assert "- 2 pairs: one of the works is not cleared." in card
    assert "| CC0-1.0 | 1 |" in card
    assert "| by consent alone | 1 |" in card
    assert 'license: "other"' in card


def test_freezing_asks_as_few_questions_of_ten_judgements_as_of_three_hundred(alice, bob):
    small, large = make.study(prompts=2, works=2), make.study(prompts=17, works=3)
    judge_all(small, alice, places(17))
    judge_all(large, alice, places(17))
    judge_all(large, bob, places(17))

    for shape in SHAPES:
        counts = []
        for study in (small, large):
            with CaptureQueriesContext(connection) as queries:
                freeze(study, **shape)
            counts.append(len(queries))
        assert counts[0] == counts[1] < 50


def test_a_new_release_leaves_an_audit_row_and_a_repeated_one_does_not(alice, bob):
    study = make.study(lead=alice, rater=bob)
    make.judgement(study, bob)

    release = freeze(study, by=alice)
    freeze(study, by=alice)

    (entry,) = AuditEntry.objects.filter(action="freeze release")
    assert (entry.by, entry.detail["release"]) == (alice, str(release.public_id))


def test_raters_and_strangers_cannot_freeze_a_release(alice, bob, charlie):
    study = make.study(lead=alice, rater=bob)
    make.judgement(study, bob)

    for person in (bob, charlie):
        with pytest.raises(PermissionDenied):
            freeze(study, by=person)


def test_a_lead_who_rates_waits_until_the_study_is_closed(alice):
    study = make.study(lead=alice, rater=alice)
    make.judgement(study, alice)

    with pytest.raises(PermissionDenied):
        freeze(study, by=alice)
    close_study(study=study, by=alice)
    study.refresh_from_db()

    assert freeze(study, by=alice).rows


def test_an_engineer_can_freeze_a_release(bob, charlie):
    study = make.study(rater=bob)
    add_member(study=study, user=charlie, role="engineer", by=None)
    make.judgement(study, bob)

    assert freeze(study, by=charlie).frozen_by == charlie


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"preset": "llama"}, "no preset 'llama'. There is: trl, trl-chat"),
        ({"view": "sides"}, "no view 'sides'. There is: pairs, "),
        ({"purpose": "show"}, "There is: export, train-reward-model, train-generator, commercial."),
        ({"criterion": "taste"}, "no criterion 'taste'. There is: lighting, narrative-arc, emotional-resonance."),
        ({"preset": "trl", "view": "judgements"}, "is a form of the view pairs: leave out the view"),
    ],
)
def test_unknown_settings_are_refused_with_what_there_is(asked, says, db):
    with pytest.raises(ReleaseRefused) as refused:
        freeze(make.study(), **asked)

    assert says in str(refused.value)
