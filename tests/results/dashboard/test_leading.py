"""docs/leading.md says what the page says."""

import re
from pathlib import Path

import pytest

from feedback.results.dashboard import sentences
from feedback.results.dashboard.facts import facts_of
from feedback.results.dashboard.sentences.differ import ENOUGH_REPEATS, VERDICTS
from feedback.results.dashboard.sentences.trust import LIGHTS
from feedback.results.management.commands.report import Command
from feedback.results.measures.reliability import FEWEST_FOR_GREEN
from tests.results.dashboard.told import NAMES, told

PAGE = (Path(__file__).parents[3] / "docs/leading.md").read_text()
PROSE = " ".join(PAGE.split())


def rows_under(heading: str) -> list[list[str]]:
    part = PAGE.split(f"## {heading}")[1].split("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("| ")
    ][1:]


def test_the_lights_are_those_of_the_page():
    assert [row[1] for row in rows_under("Can I trust it?")] == [
        LIGHTS[light] for light in ("green", "amber", "red", "never", "assumed", "grey")
    ]
    assert f"{FEWEST_FOR_GREEN} judgements or more" in PROSE


@pytest.mark.parametrize(("row", "firsts", "parts"), [(0, 1, 1), (1, 2, 1), (2, 5, 1), (3, 7, 1), (4, 1, 2)])
def test_the_leading_sentences_are_what_such_numbers_give(row, firsts, parts):
    shown = told()
    board = shown["by"]["lighting"]["best"]["generators"]
    for at, one in enumerate(board["rows"]):
        one |= {"rank": [1 if at < firsts else at + 1, 7], "component": at % parts}

    assert str(sentences.best(facts_of(shown, "lighting", NAMES))) == rows_under("Who is best?")[row][1]


def test_the_verdicts_are_those_of_the_page():
    assert {row[0]: row[1] for row in rows_under("Where do raters differ?")} == VERDICTS
    assert f"after {ENOUGH_REPEATS} hidden repeats" in PROSE


def test_the_command_takes_what_the_page_says():
    options = Command().create_parser("manage.py", "report")
    words = re.search(r"`python manage.py (report STUDY --out FILE)`", PAGE)[1].split()

    assert vars(options.parse_args([*words[1:], "--without-names"]))["without_names"] is True


def test_the_five_questions_stand_in_the_pages_order():
    from feedback.results.dashboard.page import sections

    questions = [section.question for section in sections(facts_of({}, "lighting", NAMES))]

    assert [line[3:] for line in PAGE.splitlines() if line.startswith("## ")][:5] == questions
