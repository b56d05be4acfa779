"""The pairs that train."""

import pytest

from feedback.datasets.terms import ReleaseRefused
from feedback.judging.models import Comparison, Judgement
from feedback.people.actions import rater_of
from feedback.studies.models import Criterion
from feedback.works.models import Clearance
from tests import make
from tests.datasets.panel import answer_next, freeze, images, judge_all, rows, study_of
from tests.datasets.telling import told, values

pytestmark = pytest.mark.django_db

HOSTILE = "\"quoted\" \\ back\u2028line\u2029para\x85next\r\nCRLF\ttab \u202eRTL \u05d0\u05d1\u202c 🎭👩‍🎨 \x1b[31m <script>&amp; '--'"


def test_the_majority_decides_and_ties_count_half_a_vote(alice, bob, charlie, tmp_path):
    study = study_of(make.work("a"), make.work("b"), make.work("c"), overlap=3)
    judge_all(study, alice, {"a": 1, "b": 2, "c": 1})
    judge_all(study, bob, {"a": 1, "b": 2, "c": 3})
    judge_all(study, charlie, {"a": 2, "b": 1, "c": 2})

    found = {(row["chosen_work"], row["rejected_work"]): row for row in rows(study, tmp_path / "out")}

    # a:b is 2 to 1. a:c is 1 to 0 and two ties. b:c is 2 to 1 (Bob and Charlie against Alice).
    assert set(found) == {("a", "b"), ("a", "c"), ("b", "c")}
    ab, ac = found["a", "b"], found["a", "c"]
    assert (ab["n_judgements"], ab["n_ties"], ab["p_chosen"]) == (3, 0, 0.666667)
    assert (ac["n_judgements"], ac["n_ties"], ac["p_chosen"]) == (3, 2, 0.666667)
    pair_id = ab.pop("pair_id")
    assert len(pair_id) == 32
    assert list(ab.items()) == [
        ("prompt_id", "p1"),
        ("prompt", "The prompt p1.\n"),
        ("chosen", "The text of a."),
        ("rejected", "The text of b."),
        ("chosen_work", "a"),
        ("rejected_work", "b"),
        ("criterion", "lighting"),
        ("n_judgements", 3),
        ("n_ties", 0),
        ("p_chosen", 0.666667),
    ]


def test_ties_are_left_out_and_counted(alice, bob, tmp_path):
    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    judge_all(study, alice, {"a": 1, "b": 2, "c": 3})
    judge_all(study, bob, {"a": 2, "b": 1, "c": 3})

    release = freeze(study)

    assert release.rows == 2
    assert release.manifest["ties"] == 1
    assert release.manifest["pairs_left_out"] == [
        {"reason": "as many raters for one work as for the other", "count": 1}
    ]


def test_two_works_with_the_same_words_teach_nothing(bob):
    study = study_of(make.work("a", text="Alike."), make.work("b", text="Alike."), make.work("c"))
    judge_all(study, bob, {"a": 1, "b": 2, "c": 3})

    rows, dropped, _ = told(study)

    assert [(row.values["chosen_work"], row.values["rejected_work"]) for row in rows] == [("a", "c"), ("b", "c")]
    assert [one.reason for one in dropped] == ["both works are the same text"]


def test_a_set_gives_each_of_its_pairs_once_per_judgement(alice, bob, tmp_path):
    study = study_of(*(make.work(name) for name in "abcd"), form="set", set_size=4)
    judge_all(study, alice, {"a": 1, "b": 2, "c": 2, "d": 4})
    judge_all(study, bob, {"a": 1, "b": 2, "c": 3, "d": 4})

    found = {row["chosen_work"] + row["rejected_work"]: row["n_judgements"] for row in rows(study, tmp_path / "out")}

    assert found == dict.fromkeys(["ab", "ac", "ad", "bc", "bd", "cd"], 2)


def test_each_pair_has_one_row_per_criterion_and_an_id_of_its_own(bob, tmp_path):
    study = make.study(prompts=3)
    judge_all(study, bob, {f"p{prompt}-{work}": work for prompt in (1, 2, 3) for work in (1, 2, 3)})

    found = rows(study, tmp_path / "out")

    assert len(found) == 3 * 3 * 3
    assert len({row["pair_id"] for row in found}) == len(found)


def test_the_chosen_work_does_not_depend_on_which_work_is_the_first_entry(bob, tmp_path):
    study = make.study(prompts=6, works=4)
    judge_all(study, bob, {f"p{prompt}-{work}": work for prompt in range(1, 7) for work in range(1, 5)})

    found = rows(study, tmp_path / "out")

    assert {row["chosen_work"][-1] < row["rejected_work"][-1] for row in found} == {True}
    stored = [tuple(one.entries.values_list("work__external_id", flat=True)) for one in Comparison.objects.all()]
    assert {first < second for first, second in stored} == {True, False}


def test_a_comparison_that_could_not_be_judged_gives_no_pair(bob):
    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    make.make_rater(study, bob)
    answer_next(study, bob, outcome=Judgement.Outcome.CANNOT_JUDGE)
    answer_next(study, bob, outcome=Judgement.Outcome.SKIPPED)
    make.judgement(study, bob)

    release = freeze(study)

    assert release.rows == 1
    assert release.manifest["judgements"] == {
        "live": 3,
        "used": 1,
        "left_out": [
            {"reason": "the rater could not judge", "count": 1},
            {"reason": "the rater skipped it", "count": 1},
        ],
    }


@pytest.mark.parametrize("purpose", ["gold", "training"])
def test_what_is_asked_to_check_raters_gives_no_pair(bob, purpose):
    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    judge_all(study, bob, {"a": 1, "b": 2, "c": 3})
    Comparison.objects.filter(pk=Comparison.objects.first().pk).update(purpose=purpose)

    release = freeze(study)

    assert release.rows == 2
    assert release.manifest["judgements"]["left_out"] == [
        {"reason": "asked to train or to check the rater", "count": 1}
    ]


def test_answers_to_an_earlier_wording_give_no_pair(bob):
    study = study_of(make.work("a"), make.work("b"))
    judge_all(study, bob, {"a": 1, "b": 2})
    Criterion.objects.create(study=study, slug="lighting", version=2, name="Lighting")

    with pytest.raises(ReleaseRefused, match="on an earlier wording"):
        freeze(study)


def test_a_work_that_is_not_cleared_stays_and_the_manifest_counts_why(bob, tmp_path):
    study = study_of(
        make.work("a"),
        make.work("b"),
        make.work("shown-only", purposes=frozenset({"show"})),
        make.work("no-basis-yet", licence="", consent=""),
    )
    judge_all(study, bob, {"a": 1, "b": 2, "shown-only": 3, "no-basis-yet": 4})

    found = rows(study, tmp_path / "out")

    assert [(row["chosen_work"], row["rejected_work"]) for row in found] == [("a", "b")]
    manifest = freeze(study).manifest
    assert [(one["reason"], one["count"]) for one in manifest["works_left_out"]] == [
        ("no licence or consent is stated", 1),
        ("not cleared for export, train-reward-model", 1),
    ]
    assert manifest["pairs_left_out"] == [{"reason": "one of the works is not cleared", "count": 2}]
    assert b"shown-only" not in b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*.*"))


def test_a_work_leaves_only_for_the_purpose_it_is_cleared_for(bob):
    study = study_of(make.work("a"), make.work("b", purposes=frozenset({"show", "export", "train-reward-model"})))
    judge_all(study, bob, {"a": 1, "b": 2})

    freeze(study, purpose="train-reward-model")
    with pytest.raises(ReleaseRefused, match="name export and train-generator"):
        freeze(study, purpose="train-generator")


def test_a_clearance_that_ended_keeps_the_work_back(bob):
    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    judge_all(study, bob, {"a": 1, "b": 2, "c": 3})
    of_c = Clearance.objects.filter(work__external_id="c")
    of_c.update(valid_until=of_c.get().stated_at)

    release = freeze(study)

    assert release.rows == 1
    assert release.manifest["works_left_out"][0]["reason"] == "its clearance has ended"


def test_images_stay_out_of_the_pairs_of_a_mixed_study(bob, tmp_path):
    study = study_of(make.work("a"), make.work("b"), *images(tmp_path, "one", "two"))
    judge_all(study, bob, {"a": 1, "b": 2, "one": 3, "two": 4})

    release = freeze(study, preset="trl")

    assert release.rows == 1
    assert release.manifest["pairs_left_out"] == [{"reason": "one of the works is not a text", "count": 5}]


@pytest.mark.parametrize(
    ("preset", "told"),
    [
        ("", r"not a text.*read text alone.*--view pairs_soft"),
        ("trl", r"trl takes text alone.*image.*pairs_soft"),
        ("nemo-rl", r"nemo-rl takes text alone.*image.*pairs_soft.*imagereward or hpdv2 or pickapic"),
    ],
)
def test_a_study_of_images_has_no_pairs_and_the_refusal_names_the_remedy(bob, tmp_path, preset, told):
    study = study_of(*images(tmp_path, "one", "two"))
    judge_all(study, bob, {"one": 1, "two": 2})

    with pytest.raises(ReleaseRefused, match=told):
        freeze(study, preset=preset)


def test_ratings_give_no_pairs(bob):
    study = study_of(make.work("a"), make.work("b"), form="rating", set_size=1)
    make.make_rater(study, bob)
    answer_next(study, bob, score=4.0)

    with pytest.raises(ReleaseRefused, match=r"it scores one work.*--view ratings"):
        freeze(study)


def test_a_study_nobody_judged_is_refused(bob):
    with pytest.raises(ReleaseRefused, match="no judgement on lighting yet"):
        freeze(make.study(), criterion="lighting")


def test_hostile_text_comes_through_one_line_a_row(bob, tmp_path):
    study = study_of(make.work("a", text=HOSTILE), make.work("b", text="plain"), prompt=HOSTILE, title=HOSTILE)
    judge_all(study, bob, {"a": 1, "b": 2})

    (row,) = rows(study, tmp_path / "out")

    assert row["chosen"] == HOSTILE
    assert row["prompt"] == HOSTILE + "\n"
    (file,) = (tmp_path / "out").glob("data/pairs/*")
    assert file.read_bytes().count(b"\n") == len(file.read_text().splitlines()) == 1


def test_a_prompt_that_ends_in_a_newline_gets_no_second_one(bob, tmp_path):
    study = study_of(make.work("a"), make.work("b"), prompt="Tell.\n")
    judge_all(study, bob, {"a": 1, "b": 2})

    assert rows(study, tmp_path / "out")[0]["prompt"] == "Tell.\n"


def test_the_chat_preset_has_messages_and_no_newline_after_the_prompt(bob, tmp_path):
    study = study_of(make.work("a"), make.work("b"))
    judge_all(study, bob, {"a": 1, "b": 2})

    (row,) = rows(study, tmp_path / "out", preset="trl-chat")

    assert row["prompt"] == [{"role": "user", "content": "The prompt p1."}]
    assert row["chosen"] == [{"role": "assistant", "content": "The text of a."}]
    assert row["rejected"] == [{"role": "assistant", "content": "The text of b."}]


def test_no_preset_has_a_margin_or_an_image_column(bob, tmp_path):
    study = study_of(make.work("a"), make.work("b"))
    judge_all(study, bob, {"a": 1, "b": 2})

    for preset in ("", "trl", "trl-chat"):
        (row,) = rows(study, tmp_path / f"out{preset}", preset=preset)
        assert not {"margin", "margin_se", "image", "images", "chat_template_kwargs"} & row.keys()


def test_the_other_forms_hold_the_same_pairs(bob):
    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    judge_all(study, bob, {"a": 1, "b": 2, "c": 2})

    plain, chat, whole = (values(study, view) for view in ("pairs", "pairs_conversational", "pairs_implicit"))
    dropped = [told(study, view)[1] for view in ("pairs", "pairs_conversational", "pairs_implicit")]

    assert [row["pair_id"] for row in plain] == [row["pair_id"] for row in chat] == [row["pair_id"] for row in whole]
    assert [one["chosen"][-1]["content"] for one in chat] == [one["chosen"] for one in plain]
    assert [[said["role"] for said in one["rejected"]] for one in whole] == [["user", "assistant"]] * 2
    assert [one["rejected"][-1]["content"] for one in whole] == [one["rejected"] for one in plain]
    assert not any("prompt" in one for one in whole)
    assert [[(one.view, one.key) for one in of] for of in dropped] == [
        [(view, dropped[0][0].key)] for view in ("pairs", "pairs_conversational", "pairs_implicit")
    ]


def test_pairs_name_no_generator_and_nobody(alice, bob, tmp_path):
    study = make.study(lead=alice, prompts=8)
    judge_all(study, bob, {f"p{prompt}-{work}": work for prompt in range(1, 9) for work in (1, 2, 3)})

    rows(study, tmp_path / "out")

    rater = rater_of(user=bob)
    everything = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*.*"))
    for secret in ("maker-1", "Alice", "Bob", rater.public_id.hex, str(rater.public_id), bob.public_id.hex):
        assert secret.encode() not in everything


def test_a_retracted_answer_gives_no_pair_but_a_late_extra_one_does(alice, bob):
    from feedback.judging.actions import retract
    from feedback.judging.models import Submission

    study = study_of(make.work("a"), make.work("b"), make.work("c"))
    judge_all(study, bob, {"a": 1, "b": 2, "c": 3})
    retract(study=study, rater=rater_of(user=bob), key=make.uuid.uuid4())
    Submission.objects.filter(pk=Submission.objects.order_by("pk").first().pk).update(late=True, extra=True)

    release = freeze(study)

    assert release.rows == 2
    assert release.manifest["judgements"]["live"] == 2
