"""`manage.py export_release`."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests import make
from tests.datasets.panel import files, images, judge_all, study_of

pytestmark = pytest.mark.django_db


def test_the_summary_says_what_was_written_and_what_stayed_and_why(bob, tmp_path, capsys):
    study = study_of(
        make.work("a"), make.work("b"), make.work("c", purposes=frozenset({"show"})), *images(tmp_path, "one")
    )
    judge_all(study, bob, {"a": 1, "b": 2, "c": 3, "one": 4})

    call_command("export_release", study.slug, "--out", str(tmp_path / "out"), "--preset", "trl")

    said, progress = capsys.readouterr()
    assert f"1 rows (1 train, 0 validation, 0 test) in {tmp_path / 'out'}" in said
    assert "No rows in validation and test" in said
    assert "3 pairs: one of the works is not cleared" in said
    assert "2 pairs: one of the works is not a text" in said
    assert (
        "1 works: not cleared for export, train-reward-model; "
        "add export, train-reward-model to `purposes`, if the maker agrees: c" in said
    )
    assert "reading: 6 of 6" in progress


def test_json_is_one_object_on_one_line_of_stdout(bob, tmp_path, capsys):
    study = study_of(make.work("a"), make.work("b"), make.work("c", licence="", consent=""))
    judge_all(study, bob, {"a": 1, "b": 2, "c": 3})

    call_command("export_release", study.slug, "--out", str(tmp_path / "out"), "--json")

    said = capsys.readouterr().out
    assert said.count("\n") == 1
    summary = json.loads(said)
    assert summary["directory"] == str(tmp_path / "out")
    assert (summary["rows"], summary["ties"], summary["preset"], summary["views"]) == (1, 0, None, {"pairs": 1})
    assert summary["splits"] == {"train": 1, "validation": 0, "test": 0}
    assert summary["empty_splits"] == ["validation", "test"]
    assert summary["works_left_out"] == [
        {
            "reason": "no licence or consent is stated",
            "remedy": "state `licence` or `consent` and import again",
            "count": 1,
            "works": ["c"],
        }
    ]
    assert summary["release"] == json.loads((tmp_path / "out" / "manifest.json").read_text())["release"]


def test_every_preset_and_view_can_be_written(bob, tmp_path):
    study = make.study(rater=bob)
    make.judgement(study, bob)

    for number, options in enumerate(
        [["--preset", "trl"], ["--preset", "trl-chat"], ["--view", "judgements", "--with-rationales"], []]
    ):
        call_command("export_release", study.slug, "--out", str(tmp_path / str(number)), *options, "--json")
        assert {"README.md", "manifest.json"} < files(tmp_path / str(number)).keys()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--preset", "nemo"], "There is no preset 'nemo'. There is: trl, trl-chat"),
        (["--view", "items"], "There is no view 'items'. There is: pairs, "),
        (["--criterion", "taste"], "There is: lighting, narrative-arc, emotional-resonance."),
        (["--purpose", "show"], "There is: export, train-reward-model"),
        (["--preset", "trl"], "has no judgement yet. Have it judged first."),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_line_and_leaves_nothing(db, tmp_path, options, says):
    study = make.study()

    with pytest.raises(CommandError) as refused:
        call_command("export_release", study.slug, "--out", str(tmp_path / "out"), *options)

    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_study_is_refused_with_the_studies_there_are(db, tmp_path):
    study = make.study()

    with pytest.raises(CommandError, match=f"no study 'nowhere'. There is: {study.slug}"):
        call_command("export_release", "nowhere", "--out", str(tmp_path / "out"))


def test_a_foreign_folder_is_refused_before_any_work_is_done(bob, tmp_path, capsys):
    study = make.study(rater=bob)
    make.judgement(study, bob)
    (tmp_path / "precious.txt").write_text("Precious.")

    with pytest.raises(CommandError, match="is no release"):
        call_command("export_release", study.slug, "--out", str(tmp_path))

    assert files(tmp_path) == {"precious.txt": b"Precious."}
    assert "reading" not in capsys.readouterr().err
