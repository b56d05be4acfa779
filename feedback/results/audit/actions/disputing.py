"""What is disputed, worked out by the worker and kept: pages read it."""

from collections.abc import Iterable, Iterator
from itertools import batched

from django.db import transaction

from feedback.judging.models import Entry, Purpose
from feedback.results.audit.disputes import Disputed, most_disputed
from feedback.results.audit.scores import fits_of_works, scored_by
from feedback.results.models import Dispute
from feedback.results.sample import Sample
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Study

MOST = 500  # comparisons kept for each criterion: more than anybody looks through
NO_QUESTION = (Purpose.GOLD, Purpose.TRAINING, Purpose.REPEAT)
AT_ONCE = 2000


def keep_disputes(*, study: Study, sample: Sample) -> int:
    """Put what is disputed now in the place of what was; how many comparisons that is, each on its criterion."""
    fits = fits_of_works(study)
    found = {
        criterion: most_disputed(
            sample, sample.criteria[criterion.slug], scored_by(fits.get(criterion.pk), sample.works), MOST
        )
        for criterion in criteria_of(study)
        if criterion.slug in sample.criteria
    }
    comparisons = dict(_comparisons(study, (one for disputed in found.values() for one in disputed)))
    rows = [
        Dispute(
            study=study,
            criterion=criterion,
            comparison_id=comparisons[one.works],
            value=one.value,
            answers=one.answers,
        )
        for criterion, disputed in found.items()
        for one in disputed
        if one.works in comparisons
    ]
    with transaction.atomic():
        Dispute.objects.filter(study=study).delete()
        Dispute.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _comparisons(study: Study, disputed: Iterable[Disputed]) -> Iterator[tuple[frozenset[int], int]]:
    """The first comparison of each set of works.

    Entries are looked up by work alone: told the study too, SQLite tries every work on each of its comparisons.
    """
    wanted = {one.works for one in disputed}
    of_comparison = [f"comparison__{name}" for name in ("study", "repeats", "purpose", "size")]
    held: dict[tuple[int, int], set[int]] = {}
    for works in batched(sorted(set().union(*wanted)), AT_ONCE):
        rows = Entry.objects.filter(work__in=works).order_by().values_list("work", "comparison", *of_comparison)
        for work, comparison, asked_in, repeats, purpose, size in rows.iterator():
            if asked_in == study.pk and repeats is None and purpose not in NO_QUESTION:
                held.setdefault((comparison, size), set()).add(work)
    for (comparison, size), found in sorted(held.items(), reverse=True):
        if len(found) == size and found in wanted:
            yield frozenset(found), comparison
