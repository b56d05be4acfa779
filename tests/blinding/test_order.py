"""Sides, addresses and ids are drawn without a look at the maker."""

import itertools
import re
from collections import Counter

import pytest
from django.urls import reverse

from feedback.judging.models import Assignment, Entry
from tests.blinding.crawl import judge_all
from tests.blinding.violations import CHANCE, chance, orders

pytestmark = pytest.mark.django_db


def test_sides_are_balanced_and_independent_of_the_maker(judged):
    for seen in (*judged, judged[0] | judged[1]):
        first = Counter(makers[0] for makers in seen.values())
        met = Counter(maker for makers in seen.values() for maker in makers)

        assert len(seen) in {105, 210}
        assert len(met) == 3
        for maker, number in met.items():
            assert chance(first[maker], number) > CHANCE
            assert abs(first[maker] / number - 0.5) < 0.15

    pairs = Counter(tuple(makers) for seen in judged for makers in seen.values())
    for one, other in {tuple(sorted(pair)) for pair in pairs}:
        assert chance(pairs[one, other], pairs[one, other] + pairs[other, one]) > CHANCE


def test_the_side_in_one_comparison_says_nothing_of_the_next(judged):
    for seen in judged:
        sides = [makers[0] < makers[1] for makers in seen.values()]
        changes = sum(one != other for one, other in itertools.pairwise(sides))

        assert chance(changes, len(sides) - 1) > CHANCE


def test_ids_are_random_and_no_bit_of_them_tells_a_maker(judged):
    ids = [int(id_.replace("-", ""), 16) for seen in judged for id_ in seen]
    makers = [makers[0] for seen in judged for makers in seen.values()]
    ascents = sum(one < other for one, other in itertools.pairwise(ids))

    assert len(set(ids)) == len(ids) == 210
    assert 0.5 < ascents / len(ids) + 0.25 < 1.0
    for maker in set(makers):
        mine = [id_ for id_, first in zip(ids, makers, strict=True) if first == maker]
        for bit in range(128):
            assert chance(sum(id_ >> bit & 1 for id_ in mine), len(mine)) > CHANCE / 128


def test_an_address_of_a_work_is_new_for_every_assignment_and_made_of_chance(telling, visitor):
    told = telling(pictures=1, texts=0, makers=3)
    panel = [visitor(told.slug, name) for name in ("Bob", "Charlie")]

    seen = [[picture for task in judge_all(rater, told.slug) for picture in task.pictures] for rater in panel]

    assert len(set(seen[0] + seen[1])) == 2 * 3 * 2
    for address in seen[0] + seen[1]:
        assert re.fullmatch(r"/assignments/[0-9a-f-]{36}/works/[01]/", address)


@pytest.mark.parametrize(("form", "size"), [("pair", 2), ("set", 3)])
def test_works_stand_on_the_page_in_the_order_that_is_stored(telling, visitor, form, size):
    told = telling(pictures=1, texts=1, form=form, set_size=size)
    bob = visitor(told.slug)
    judge_all(bob, told.slug)

    seen = orders(bob.responses, told)

    assert len(seen) == {2: 12, 3: 8}[size]
    for assignment in Assignment.objects.filter(public_id__in=seen):
        entries = {entry.index: entry.work for entry in Entry.objects.filter(comparison=assignment.comparison_id)}
        stored = [entries[index] for index in assignment.shown_order]
        assert seen[str(assignment.public_id)] == [
            work.generator.name if work.generator else work.maker for work in stored
        ]


def test_pages_name_no_row_of_the_database(telling, visitor):
    told = telling(pictures=1, texts=1)
    bob = visitor(told.slug)
    judge_all(bob, told.slug)
    bob.get(reverse("studies"))

    links = {link for response in bob.responses for link in response.links if not link.startswith("/static/")}

    numbered = [
        link for link in links if re.search(r"\d", re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", link))
    ]
    assert len(links) > 20
    assert [link for link in numbered if not link.endswith(("/works/0/", "/works/1/"))] == []
