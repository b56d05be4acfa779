"""What an auditor may look for and decide."""

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Any

from django import forms
from django.http import QueryDict

from feedback.judging.models import Comparison
from feedback.results.audit.listing import DISPUTED, NEWEST, Wanted
from feedback.results.models import Dispute, Resolution
from feedback.studies.models import Criterion, Study

PAIR = {"A": [1, 2], "=": [1, 1], "B": [2, 1]}
MOST_OTHERS = 20
LONGEST_NOTE = 2000


class WantedForm(forms.Form):
    """Which judged comparisons; what cannot be read is not asked for."""

    order = forms.ChoiceField(choices=[(DISPUTED, "the most disputed"), (NEWEST, "the newest")], required=False)
    criterion = forms.SlugField(required=False)
    rater = forms.IntegerField(min_value=1, required=False)
    prompt = forms.CharField(max_length=200, required=False)
    marks = forms.BooleanField(required=False)
    flags = forms.BooleanField(required=False)
    missed = forms.BooleanField(required=False)
    undecided = forms.BooleanField(required=False)


def wanted_of(study: Study, asked: QueryDict) -> Wanted:
    """What is asked for; without a word the disputed ones, if anything is."""
    form = WantedForm(asked)
    form.is_valid()
    told: dict[str, Any] = {name: value for name, value in form.cleaned_data.items() if value}
    if "order" not in told:
        bare = not told and Dispute.objects.filter(study=study).exists()
        told["order"] = DISPUTED if bare else NEWEST
    if "missed" in told:
        told["order"] = NEWEST  # checks are in no dispute: they have their answer
    return Wanted(**told)


class DecisionForm(forms.Form):
    """What holds on each criterion, in the letters of the page, and what follows."""

    decision = forms.ChoiceField(choices=Resolution.Kind)
    note = forms.CharField(max_length=LONGEST_NOTE, required=False, strip=True)
    others = forms.IntegerField(min_value=0, max_value=MOST_OTHERS, required=False)

    def __init__(self, comparison: Comparison, criteria: Sequence[Criterion], data: QueryDict) -> None:
        super().__init__(data)
        self.size, self.criteria = comparison.size, criteria
        for criterion in criteria:
            for name in self._names(criterion):
                self.fields[name] = self._field()

    def clean(self) -> dict[str, Any]:
        """`ranks` holds those of the criteria that are settled."""
        told = dict(super().clean() or {})
        told["ranks"] = {}
        for criterion in self.criteria:
            given: list[Any] = [told.get(name) for name in self._names(criterion)]
            if given and all(given):
                told["ranks"][criterion.slug] = PAIR[given[0]] if self.size == 2 else _dense(given)
            elif any(given):
                self.add_error(None, f"{criterion.name}: give every work a rank, or none.")
        return told

    def _names(self, criterion: Criterion) -> list[str]:
        if self.size == 1:
            return []
        if self.size == 2:
            return [f"answer.{criterion.slug}"]
        return [f"rank.{criterion.slug}.{letter}" for letter in ascii_uppercase[: self.size]]

    def _field(self) -> forms.Field:
        if self.size == 2:
            return forms.ChoiceField(choices=[(one, one) for one in PAIR], required=False)
        return forms.IntegerField(min_value=1, max_value=self.size, required=False)


def _dense(ranks: Sequence[int]) -> list[int]:
    """1 for the best, equal for a tie, and no rank left out."""
    order = sorted(set(ranks))
    return [order.index(rank) + 1 for rank in ranks]


class ExclusionForm(forms.Form):
    """Why a rater is kept out."""

    reason = forms.CharField(max_length=LONGEST_NOTE, strip=True)
