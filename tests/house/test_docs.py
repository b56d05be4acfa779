"""What the documents say is so: their commands run, their Python runs, their keys exist."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def commands(text: str) -> list[str]:
    """The management commands in the shell blocks, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith(".venv/bin/python manage.py")]


def outputs(path: Path) -> None:
    """Two texts for each of some prompts, one line each, as the README describes them."""
    rows = [
        {
            "id": f"{prompt}-{maker}",
            "prompt": f"Opening {prompt}.",
            "generator": maker,
            "text": f"{maker} begins {prompt}.",
        }
        | {"licence": "CC0-1.0", "purposes": ["show", "export", "train-reward-model"]}
        for prompt in range(20)
        for maker in ("plain", "turning")
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_the_commands_of_the_readme_lead_from_an_example_to_a_release(tmp_path):
    environment = os.environ | {"DATA_DIR": str(tmp_path / "data")}
    environment.pop("DATABASE_URL", None)

    def run(line: str) -> "subprocess.CompletedProcess[str]":
        words = [sys.executable, str(ROOT / "manage.py"), *shlex.split(line)[2:]]
        return subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    (tmp_path / "data").mkdir()
    run(".venv/bin/python manage.py migrate --verbosity 0")
    found = commands(README)
    outputs(tmp_path / "outputs.jsonl")
    for line in found:
        done = run(line)
        assert done.returncode == 0, f"{line}\n{done.stderr}"

    assert len(found) == 8
    assert (tmp_path / "release" / "manifest.json").is_file()


def test_the_python_of_the_readme_runs():
    blocks = [block for block in re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL) if "rankings" in block]

    for block in blocks:
        done = subprocess.run([sys.executable, "-c", block], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert len(blocks) == 1


def letters_of_the_bench() -> set[str]:
    keyboard = (ROOT / "static/js/bench/keyboard.js").read_text()
    block = keyboard[keyboard.index("const LETTERS") : keyboard.index("};")]
    return set(re.findall(r'^\s+"?(.)"?: "', block, flags=re.MULTILINE))


def test_the_bench_document_tells_every_letter_of_the_bench_and_no_other():
    table = (ROOT / "docs/bench.md").read_text().split("## The works")[0]
    keys = re.findall(r"`([^`\s]+)`", table)
    told = {key for key in keys if len(key) == 1 and not key.isdigit() and key not in "←→↑↓"}

    assert told == letters_of_the_bench()


def test_the_desk_moves_every_letter_of_the_bench():
    from feedback.judging.desk import ACTS

    assert set(ACTS) == letters_of_the_bench()


@pytest.mark.parametrize("key", ["x", "g", "u", "r", "m", "?"])
def test_every_letter_key_of_the_readme_is_a_key_of_the_bench(key):
    assert f"`{key}`" in README
    assert key in letters_of_the_bench()


def test_every_link_in_the_documents_leads_somewhere():
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    broken = [
        f"{document.name}: {target}"
        for document in documents
        for target in re.findall(r"\]\((?!http)([^)#]+)", document.read_text())
        if not (document.parent / target).exists()
    ]

    assert broken == []


def test_the_import_document_names_every_key_that_is_read():
    text = (ROOT / "docs/import.md").read_text()
    keys = [
        "slug",
        "title",
        "brief",
        "collection",
        "form",
        "set_size",
        "scale",
        "overlap",
        "rationale",
        "judged_at",
        "acceptable",
    ]

    assert [key for key in keys if f"`{key}`" not in text] == []
