"""docs/api.md says what is so."""

import re
from pathlib import Path

import pytest
from PIL import Image

from feedback.api.docs import described
from feedback.people.models import SCOPES, User
from feedback.works.models import Work
from tests.api.caller import secret_of

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/api.md").read_text()


def test_the_table_names_every_operation_and_no_other():
    told = set(re.findall(r"^\| `([A-Z]+ /api/v1/[^`]*)`", TEXT, flags=re.MULTILINE))
    there = {f"{method.upper()} {path}" for path, methods in described()["paths"].items() for method in methods}

    assert told == there


def test_the_allowances_and_caps_are_those_of_the_settings(settings):
    rows = re.findall(r"^\| (\w+) \| (\d+) \| (\d+) minutes? \|", TEXT, flags=re.MULTILINE)
    told = {kind: (int(most), int(minutes) * 60) for kind, most, minutes in rows}

    assert told == {kind: (most, window.total_seconds()) for kind, (most, window) in settings.API_ALLOWANCES.items()}
    assert f"at most {settings.API_BODY // 2**20} MiB" in TEXT
    assert f"at most {settings.API_PART // 2**20} MiB" in TEXT
    assert f"{settings.API_UPLOADS // 2**30} GiB of one" in TEXT


def test_the_scopes_are_told():
    assert re.findall(r"^\| `(\w+)` \|", TEXT, flags=re.MULTILINE) == list(SCOPES)


@pytest.mark.usefixtures("worker")
def test_the_python_of_the_document_runs(live_server, study, tmp_path, monkeypatch, capsys):
    (tmp_path / "outputs").mkdir()
    Image.effect_noise((32, 32), 50).save(tmp_path / "outputs" / "dawn.png")
    monkeypatch.chdir(tmp_path)
    code = "\n".join(re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL))
    said = {
        "https://salon.example": live_server.url,
        "salon_…": secret_of(User.objects.get(name="Alice")),
        "my-study": study.slug,
    }
    for placeholder, meant in said.items():
        assert placeholder in code
        code = code.replace(placeholder, meant)

    exec(compile(code, "docs/api.md", "exec"), {})

    assert (tmp_path / "release" / "manifest.json").is_file()
    assert Work.objects.filter(external_id__in=["dawn-a", "dawn-b"]).count() == 2
    assert len(re.findall(r"^\['p.*\] \[[12], [12]\]$", capsys.readouterr().out, flags=re.MULTILINE)) == 6
