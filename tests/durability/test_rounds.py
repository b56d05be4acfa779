"""Sixteen raters at the same time, while rounds are planned: every place is given once, nobody starves, works rest."""

import itertools
import sys
import time
from collections import Counter, defaultdict
from functools import partial

import pytest

from tests.durability.checks import HANDED_OUT, at_once
from tests.durability.site import Site
from tests.durability.studies import STUDIES
from tests.durability.visitor import Visitor

pytestmark = pytest.mark.xdist_group("durability")
STUDY, EACH, GIVE_UP_AFTER = "rounds", 20, 90.0
IN_ORDER = """
    SELECT a.rater_id, e.work_id, a.id, c.purpose FROM judging_assignment a JOIN judging_comparison c ON
    c.id = a.comparison_id JOIN judging_entry e ON e.comparison_id = c.id JOIN studies_study t ON t.id = c.study_id
    WHERE t.slug = ? ORDER BY a.rater_id, a.handed_out_at, a.id
"""
OVER = "SELECT c.id, COUNT(*) FROM judging_assignment a JOIN judging_comparison c ON c.id = a.comparison_id WHERE "
OVER += "a.holds_place GROUP BY c.id, c.places HAVING COUNT(*) > c.places"
ROUNDS = (
    "SELECT COUNT(*) FROM judging_round r JOIN studies_study t ON t.id = r.study_id WHERE t.slug = ? AND r.purpose = ?"
)


def judge(visitor: Visitor) -> int:
    """Judge a fixed number; how many there were to be had."""
    deadline, reply, done = time.monotonic() + GIVE_UP_AFTER, None, 0
    while done < EACH and time.monotonic() < deadline:
        task = reply.task if reply else None
        if task is None:
            reply = visitor.request("GET", f"/studies/{STUDY}/judge/")
            if reply.task is None:
                time.sleep(0.1)
            continue
        reply = visitor.submit(task.answered("123"[done % 3]))
        done += 1
    return done


def test_sixteen_raters_at_once_while_rounds_are_planned(cast):
    site: Site = cast()
    planner = site.spawn([sys.executable, "-m", "tests.durability.rounds", STUDY])
    site.start(workers=2, threads=8)
    while "ready" not in site.log.read_text():
        assert planner.poll() is None, site.log.read_text()[-2000:]
        time.sleep(0.1)
    visitors = site.visitors(STUDY, STUDIES[STUDY].raters)

    done = at_once([partial(judge, visitor) for visitor in visitors])

    assert done == [EACH] * STUDIES[STUDY].raters, "nobody starves"
    assert site.rows(OVER) == [], "overlap is never exceeded"
    assert max(Counter(site.rows(HANDED_OUT, STUDY)).values()) == 1, "nobody has a comparison twice"
    assert site.value(ROUNDS, STUDY, "informative") >= 2, "rounds were opened meanwhile"
    assert _twice_in_a_row(site) == []
    assert planner.poll() is None, "the planner went on to the end"


def _twice_in_a_row(site: Site) -> list[tuple[int, int]]:
    """Rater and assignment wherever a work was in the assignment before."""
    works: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for rater, work, assignment, _ in site.rows(IN_ORDER, STUDY):
        works[rater][assignment].add(work)
    return [
        (rater, later)
        for rater, mine in works.items()
        for (_, one), (later, other) in itertools.pairwise(mine.items())
        if one & other
    ]
