"""What was asked: comparisons, the works in them, and what is known of those."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from django.db.models import F
from django.db.models.functions import Coalesce, Length
from numpy.typing import NDArray

from feedback.judging.models import Comparison, Entry
from feedback.results.gathering.columns import AT_ONCE, Numbers, Small, Table, find, table
from feedback.results.sample import NOBODY, Floats, Ints, Works
from feedback.studies.models import Study
from feedback.works.models import Asset, Clearance, Work

TARGET = -23.0  # LUFS: what sounds are levelled to


@dataclass(frozen=True, eq=False)
class Asked:
    """Comparisons by number: shape (n,) each, unless said otherwise.

    `works_at` (n, K) holds the work of each entry, NOBODY behind the last and where it is withdrawn. `same_works` is the
    same number for the same works.
    """

    ids: Ints
    purpose: NDArray[np.str_]
    repeats: Ints
    works_at: Ints
    same_works: Ints
    keys: Mapping[int, Mapping[str, list[int]]]  # what experts expect, by the comparison's number
    works: Works
    prompts: Ints
    generators: Ints

    @classmethod
    def of(cls, study: Study) -> Self:
        purposes = Numbers()
        rows = (
            Comparison.objects.filter(study=study)
            .order_by("id")
            .values_list("id", "purpose", Coalesce("repeats_id", -1))
            .iterator(AT_ONCE)
        )
        told = table(
            ((one, purposes[purpose], other) for one, purpose, other in rows), id="i8", purpose="i4", other="i8"
        )
        entries = _entries(study)
        used = np.unique(entries["work"])
        works, prompts, generators, withdrawn = _works(study, used)
        works_at = _works_at(told["id"], entries, works.ids)
        return cls(
            ids=told["id"],
            purpose=np.array([*purposes, ""])[told["purpose"]],
            repeats=find(told["id"], told["other"]),
            same_works=_same(np.sort(works_at, axis=1), len(works.ids)),
            works_at=np.where(withdrawn[works_at] & (works_at != NOBODY), NOBODY, works_at),
            keys=_keys(study, told["id"]),
            works=works,
            prompts=prompts,
            generators=generators,
        )

    def expected(self, slug: str) -> Small:
        """The expert's ranks of the entries on this criterion, 0 where there is no key: (n, K)."""
        ranks = np.zeros(self.works_at.shape, np.int8)
        for comparison, key in self.keys.items():
            if slug in key:
                ranks[comparison, : len(key[slug])] = key[slug]
        return ranks


def _entries(study: Study) -> Table:
    rows = Entry.objects.filter(comparison__study=study).order_by().values_list("comparison_id", "index", "work_id")
    return table(rows.iterator(AT_ONCE), comparison="i8", index="i4", work="i8")


def _works_at(comparisons: Ints, entries: Table, works: Ints) -> Ints:
    width = int(entries["index"].max(initial=0)) + 1
    at = np.full((len(comparisons), width), NOBODY)
    at[find(comparisons, entries["comparison"]), entries["index"]] = find(works, entries["work"])
    return at


def _same(works: Ints, n_works: int) -> Ints:
    """One number for equal rows."""
    number = np.zeros(len(works), np.int64)
    for column in works.T:
        number = np.unique(number * (n_works + 1) + column + 1, return_inverse=True)[1]
    return number


def _keys(study: Study, comparisons: Ints) -> dict[int, dict[str, list[int]]]:
    rows = list(
        Comparison.objects.filter(study=study, expected__isnull=False).order_by("id").values_list("id", "expected")
    )
    numbers = find(comparisons, [comparison for comparison, _ in rows])
    return {int(number): key for number, (_, key) in zip(numbers, rows, strict=True) if key}


def _works(study: Study, used: Ints) -> tuple[Works, Ints, Ints, NDArray[np.bool_]]:
    """The works that stand in comparisons, their prompts and generators, and which of them are withdrawn."""
    rows = (
        Work.objects.filter(collection__studies=study)
        .order_by("id")
        .values_list("id", "prompt_id", Coalesce("generator_id", NOBODY))
    )
    told = table(rows.iterator(AT_ONCE), id="i8", prompt="i8", generator="i8")
    told = told[find(used, told["id"]) >= 0]
    prompts, prompt = np.unique(told["prompt"], return_inverse=True)
    generators = np.unique(told["generator"][told["generator"] != NOBODY])
    of_study = Clearance.objects.withdrawing().filter(work__collection__studies=study)
    withdrawn = np.fromiter(of_study.values_list("work_id", flat=True), np.int64)
    works = Works(
        ids=told["id"].copy(),
        prompt=prompt,
        generator=find(generators, told["generator"]),
        covariates=_covariates(study, told["id"]),
    )
    return works, prompts, generators, np.isin(told["id"], withdrawn)


def _covariates(study: Study, works: Ints) -> dict[str, Floats]:
    """What might sway raters beside quality, of what they were shown; only what is known of some work."""
    rows = Asset.objects.filter(work__collection__studies=study, role=Asset.Role.SHOWN).values_list(
        "work_id", Length("text"), F("width") * F("height"), "facts__duration", "facts__gain"
    )
    kinds = {"length": "f8", "resolution": "f8", "duration": "f8", "gain": "f8"}
    told = table(rows.iterator(AT_ONCE), work="i8", **kinds)
    told = told[find(works, told["work"]) >= 0]
    covariates = {name: np.full(len(works), np.nan) for name in ("length", "duration", "loudness", "resolution")}
    at = find(works, told["work"])
    for name in ("length", "duration", "resolution"):
        covariates[name][at] = np.log(told[name], where=told[name] > 0, out=np.full(len(told), np.nan))
    heard = told["gain"] != 0  # a film without sound has a gain of nothing
    covariates["loudness"][at[heard]] = TARGET - told["gain"][heard]
    return {name: values for name, values in covariates.items() if np.isfinite(values).any()}
