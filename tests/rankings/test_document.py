"""docs/rankings.md: its Python runs and gives the numbers it says, its commands too, and its pictures are up to date."""

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import rankings
from tests.rankings.pictures import FOLDER, PICTURES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/rankings.md").read_text()
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


def kept(value, promised):
    """Whether a value is what a comment says, up to half a unit of the last digit; where it says nothing, anything is."""
    if isinstance(value, str):
        return value.startswith(promised)
    told = NUMBER.findall(re.split(r", (?:where|for) ", promised)[0])
    given, expected = np.ravel(value) if told else [], np.array(told, dtype=float)
    slack = [0.5001 * 10.0 ** -len(number.partition(".")[2]) for number in told]
    return len(given) == len(expected) and bool((np.abs(given - expected) <= slack).all())


def test_the_python_runs_and_gives_what_it_says():
    session, broken = {}, []
    for block in blocks("python"):
        lines = block.splitlines()
        for node in ast.parse(block).body:
            if isinstance(node, ast.Expr):
                value = eval(ast.unparse(node), session)
                if not kept(value, lines[node.end_lineno - 1].partition("# → ")[2]):
                    broken.append(f"{ast.unparse(node)}: {value}")
            else:
                exec(ast.unparse(node), session)

    assert not broken, "\n".join(broken)
    assert PAGE.count("# → ") >= 20


def test_the_commands_run(tmp_path):
    (tmp_path / "judgements.csv").write_text(blocks("csv")[0])
    rows = [("x", "y"), ("y", "x"), ("x", "y")]
    told = [f'{{"chosen": "{a}", "rejected": "{b}", "criterion": "lighting"}}' for a, b in rows]
    (tmp_path / "pairs.jsonl").write_text("\n".join(told))
    commands = blocks("sh")[0].splitlines()
    for line in commands:
        words = line.replace("python -m", f"{shlex.quote(sys.executable)} -m")
        done = subprocess.run(
            words,
            check=False,
            shell=True,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
    assert len(commands) >= 3


def test_every_public_name_is_explained():
    assert [name for name in rankings.__all__ if name not in PAGE] == []


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_up_to_date(name):
    """Up to what other processors' last digits may move: a fifth of a pixel, but where they choose what is asked."""
    there, drawn = (FOLDER / f"rankings-{name}.svg").read_text(), str(PICTURES[name]())
    numbers = (np.array(NUMBER.findall(text), float) for text in (there, drawn))

    assert f"(pictures/rankings-{name}.svg)" in PAGE
    assert NUMBER.sub("", there) == NUMBER.sub("", drawn)
    np.testing.assert_allclose(*numbers, atol=8 if name == "asking" else 0.2)
