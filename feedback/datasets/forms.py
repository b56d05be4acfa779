"""What an engineer may ask for on the page of releases."""

from typing import Any

from django import forms

from feedback.datasets.asking import FORMATS, terms_for
from feedback.datasets.models import Release
from feedback.datasets.offers import default_of, offers_for
from feedback.datasets.presets import PRESETS
from feedback.datasets.terms import DEFAULT_PURPOSE, LEAVES_FOR, MEDIA, ReleaseRefused, Terms, newest_criteria
from feedback.studies.models import Study

PURPOSES = {
    "export": "Analysis alone",
    "train-reward-model": "Training a reward model",
    "train-generator": "Training a generator",
    "commercial": "Commercial use",
}
MEDIA_SAYS = {"none": "Leave them out", "shown": "Bring them along"}


class ReleaseForm(forms.Form):
    """A preset or view, which judgements, which works, and how it is written."""

    shape = forms.ChoiceField(label="Form")
    criterion = forms.ChoiceField(label="Criterion", required=False)
    purpose = forms.ChoiceField(
        label="Purpose", choices=[(purpose, PURPOSES[purpose]) for purpose in LEAVES_FOR], initial=DEFAULT_PURPOSE
    )
    min_judgements = forms.IntegerField(label="Judgements a row needs", min_value=1, initial=1, required=False)
    format = forms.ChoiceField(label="Files", required=False)
    works = forms.ChoiceField(
        label="Files of works",
        choices=[("", "As the form needs them"), *((one, MEDIA_SAYS[one]) for one in MEDIA)],
        required=False,
    )
    since = forms.ModelChoiceField(
        label="Only what changed since",
        queryset=Release.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label="Everything",
    )
    margin = forms.BooleanField(label="With margins, fitted to each split alone", required=False)
    rationales = forms.BooleanField(label="With sentences of raters who share theirs", required=False)

    def __init__(self, study: Study, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.study = study
        self.groups = offers_for(study)
        self.terms: Terms
        fields: dict[str, Any] = self.fields
        fields["shape"].choices = [(offer.name, offer.says) for group in self.groups for offer in group.offers]
        fields["shape"].initial = default_of(self.groups)
        slugs = [(one.slug, one.name) for one in newest_criteria(study)]
        fields["criterion"].choices = [("", "All criteria"), *slugs]
        formats = dict.fromkeys([*FORMATS, *(one for preset in PRESETS.values() for one in preset.formats)])
        fields["format"].choices = [("", "As its reader wants them"), *((one, one) for one in formats)]
        fields["since"].queryset = Release.objects.stored().filter(terms__studies=[study.slug]).order_by("-pk")
        fields["since"].label_from_instance = lambda release: f"{release.name} {release.version}"

    @property
    def chosen(self) -> str:
        """The form that is ticked."""
        return str(self["shape"].value())

    @property
    def small(self) -> list[forms.BoundField]:
        """What is seldom asked for."""
        return [self[name] for name in ("format", "works", "min_judgements", "since")]

    @property
    def ticks(self) -> list[forms.BoundField]:
        return [self["margin"], self["rationales"]]

    def clean(self) -> dict[str, Any]:
        """The terms, if what is asked for goes together."""
        asked: dict[str, Any] = super().clean() or {}
        if self.errors:
            return asked
        shape = asked["shape"]
        try:
            self.terms = terms_for(
                studies=[self.study],
                views=[] if shape in PRESETS else [shape],
                preset=shape if shape in PRESETS else "",
                criterion=asked["criterion"] or None,
                min_judgements=asked["min_judgements"] or 1,
                media=asked["works"],
                **{name: asked[name] for name in ("format", "purpose", "margin", "rationales", "since")},
            )
        except ReleaseRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return asked
