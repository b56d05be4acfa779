"""Rules of the house that no other tool holds."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "update",
    "delete",
    "get_or_create",
    "update_or_create",
    "add",
}
WRITERS = ("actions", "models.py", "migrations")


def modules(folder: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_only_actions_and_models_write():
    """A call on a manager or row that writes, anywhere but in the rooms for it."""
    strays = []
    for path in modules("feedback"):
        if any(writer in str(path.relative_to(ROOT)) for writer in WRITERS):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                text = ast.unparse(node.func)
                if ".objects." in text or text.endswith("self.save"):
                    strays.append(f"{path.relative_to(ROOT)}:{node.lineno} {text}")

    assert strays == []


def test_no_module_has_grown_beyond_a_glance():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in [*modules("feedback"), *modules("rankings")]
        if (lines := len(path.read_text().splitlines())) > 320
    }

    assert long == {}


def test_there_is_no_drawer_for_odds_and_ends():
    names = {path.stem for path in tracked()} | {part for path in tracked() for part in path.parts}

    assert not names & {"utils", "helpers", "common", "core", "misc"}


def test_every_setting_from_the_environment_is_in_the_readme():
    names = set(re.findall(r'os\.environ(?:\.get\(|\[)"([A-Z_]+)"', (ROOT / "feedback/settings.py").read_text()))

    assert {name for name in names if f"`{name}`" not in README.read_text()} == set()
    assert len(names) >= 7


def test_every_make_target_is_in_the_readme():
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)) - {"help"}

    assert {target for target in targets if f"make {target}" not in README.read_text()} == set()
    assert targets >= {"setup", "run", "test", "check", "bench", "demo", "sign-in", "screenshots"}


def test_every_command_of_ours_is_in_the_readme():
    commands = {path.stem for path in (ROOT / "feedback").glob("*/management/commands/*.py")} - {"__init__"}
    inner = {"demo", "prepare", "run", "work", "sign_in"}  # behind make's targets

    assert {name for name in commands - inner if name not in README.read_text()} == set()


def test_no_package_registry_and_no_machine_is_named():
    forbidden = re.compile(
        r"py[p]i\.org|pythonhos[t]ed\.org|npm[j]s\.(?:org|com)|deb\.debi[a]n\.org|/roo[t]/|/hom[e]/\w+/"
    )
    named = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix not in {".png", ".woff2"} and forbidden.search(path.read_text(errors="replace"))
    ]

    assert named == []


def test_locks_hold_hashes_and_no_addresses():
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        assert "://" not in text
        assert text.count("==") <= text.count("--hash=sha256:")


def test_every_dependency_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text()
    listed = re.findall(r'^  "([a-z][^"]+)",(.*)$', text, flags=re.MULTILINE)

    assert [name for name, rest in listed if "#" not in rest and ">=" in name] == []


@pytest.mark.parametrize(
    "module",
    ["rankings", "feedback.client", "feedback.intake.reading", "feedback.intake.demonstration", "feedback.works.media"],
)
def test_what_computes_loads_without_django(module):
    code = f"import {module}, sys; sys.exit('django' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ, check=False)

    assert done.returncode == 0


def test_third_party_front_end_files_are_not_committed():
    assert [path for path in tracked() if "vendor" in path.parts or "node_modules" in path.parts] == []
