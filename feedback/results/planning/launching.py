"""What a study that is thought of will take: asked for by a lead in the browser, before launch or beside what runs."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import Count

from feedback.results.planning.forecasts import Launch
from feedback.studies import access
from feedback.studies.models import Membership, Study
from feedback.works.models import Prompt, Work

PANEL = 5  # raters, where no panel is invited yet
WORKS = 6  # of a prompt, where none are there yet


class LaunchForm(forms.Form):
    """What is known or guessed of a study; reckoned with again at every change."""

    works = forms.IntegerField(min_value=2, max_value=10_000, label="Works of each prompt")
    prompts = forms.IntegerField(min_value=1, max_value=10_000)
    raters = forms.IntegerField(min_value=1, max_value=1_000)
    spread = forms.FloatField(min_value=0.05, max_value=6, label="How far works differ")
    taste = forms.FloatField(min_value=0, max_value=6, label="How far tastes differ")
    ties = forms.FloatField(min_value=0, max_value=0.9, label="Share of ties")
    target = forms.FloatField(min_value=0.05, max_value=0.99, label="Reliability wanted")
    seconds = forms.FloatField(min_value=1, max_value=7_200, label="Seconds for a judgement")
    price = forms.FloatField(min_value=0, max_value=100_000, required=False, label="Price of an hour")

    SAYS: ClassVar[Mapping[str, str]] = {
        "works": "Only works of one prompt are compared.",
        "prompts": "Reliability is that of all differences within them.",
        "raters": "Hours and judgements are told for each of them too.",
        "spread": "In log-odds: 1 where works are close, 2 or 3 where one sees who wins.",
        "taste": "The same measure, of one rater from all: 0 where all want the same, .5 usual, 1 where it is taste.",
        "ties": "Of answers that say equal, 0 to .9; of two at a time and a plain choice alone.",
        "target": "Between 0 and 1; .8 is usual.",
        "seconds": "With all of its criteria: half a minute for pictures, minutes for films.",
        "price": "What an hour of a rater costs; empty for none.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs |= {"aria-describedby": f"says-{name}", "step": "any"}

    @property
    def settings(self) -> Sequence[tuple[forms.BoundField, str]]:
        """The fields, each with its line of help."""
        return [(field, self.SAYS[field.name]) for field in self]

    def launch(self, study: Study) -> Launch:
        """The study as it is asked for, with the answers this one takes."""
        told = self.cleaned_data
        form: Any = {"pair": "graded" if study.scale == Study.Scale.STRENGTH else "pair"}.get(
            study.form, study.set_size
        )
        return Launch(**{**told, "form": form, "ties": told["ties"] if form == "pair" else 0.0})


def expected_of(study: Study) -> dict[str, Any]:
    """What the form begins with: what is there already, and usual guesses for the rest."""
    works = Work.objects.filter(collection__studies=study)
    each = sorted(works.values_list("prompt").annotate(number=Count("pk")).values_list("number", flat=True))
    raters = Membership.objects.filter(study=study, role=access.RATER).count()
    return {
        "works": max(each[len(each) // 2], 2) if each else WORKS,
        "prompts": Prompt.objects.filter(collection__studies=study).count() or 1,
        "raters": raters if raters > 1 else PANEL,
        "spread": 1.0,
        "taste": 0.5,
        "ties": 0.1,
        "target": study.target,
        "seconds": 30.0,
        "price": study.price_hour,
    }


def ceiling_of(launch: Launch) -> float:
    """The reliability that so many raters' mean has in common with the taste of all, however much they judge."""
    own = launch.taste**2 / launch.raters
    return launch.spread**2 / (launch.spread**2 + own)
