"""What an engineer may ask for on the page of releases."""

from typing import Any

from django import forms

from feedback.datasets.terms import DEFAULT_PURPOSE, LEAVES_FOR, Terms, newest_criteria, terms_for
from feedback.studies.models import Criterion, Study

FORMS = {
    "trl": ("trl", "pairs", "TRL: prompt, chosen and rejected as strings"),
    "trl-chat": ("trl-chat", "pairs", "TRL: prompt, chosen and rejected as messages"),
    "pairs": ("", "pairs", "Pairs, decided by the majority"),
    "judgements": ("", "judgements", "Every judgement as it was given"),
}
PURPOSES = {
    "export": "Analysis alone",
    "train-reward-model": "Training a reward model",
    "train-generator": "Training a generator",
    "commercial": "Commercial use",
}


class ReleaseForm(forms.Form):
    """A preset or view, one criterion or all, and the purpose."""

    preset = forms.ChoiceField(label="Form", choices=[(name, label) for name, (_, _, label) in FORMS.items()])
    criterion = forms.ModelChoiceField(
        queryset=Criterion.objects.none(), to_field_name="slug", required=False, empty_label="All criteria"
    )
    purpose = forms.ChoiceField(
        label="Purpose",
        choices=[(purpose, PURPOSES[purpose]) for purpose in LEAVES_FOR],
        initial=DEFAULT_PURPOSE,
        help_text="Only works cleared for export and for this leave.",
    )

    def __init__(self, study: Study, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.study = study
        criterion: Any = self.fields["criterion"]
        criterion.queryset = Criterion.objects.filter(pk__in=[one.pk for one in newest_criteria(study)])

    @property
    def terms(self) -> Terms:
        """What was asked for; the form must be valid."""
        preset, view, _ = FORMS[self.cleaned_data["preset"]]
        return terms_for(
            study=self.study,
            preset=preset,
            view=view,
            purpose=self.cleaned_data["purpose"],
            criterion=self.cleaned_data["criterion"],
        )
