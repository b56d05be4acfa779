"""What somebody enters who makes a study of files."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import validate_slug

from feedback.intake.delivering.arranging import MAKER_BY, PROMPT_BY, Naming, Row
from feedback.intake.reading.rights import PURPOSES, licence
from feedback.intake.reading.rules import Unfit
from feedback.intake.reading.settings import slug_of
from feedback.studies.models import Study

SLUG_CHARS = 100
FORMS = {
    "pair": ("Two at a time", "Raters see two works of one prompt and say which is better. The surest and quickest."),
    "set": ("Several at a time", "Raters put three or more works of one prompt in order. More answers for each look."),
    "rating": ("One at a time", "Raters give each work a score. For works that cannot stand beside others."),
}
MAY = {
    "show": "Raters may see them",
    "export": "They may leave in releases",
    "train-reward-model": "Reward models may be trained on them",
    "train-generator": "Generators may be trained on them",
    "commercial": "For commercial use too",
}


class NewStudyForm(forms.Form):
    """How it begins: its name and what is asked."""

    title = forms.CharField(max_length=200)
    slug = forms.CharField(max_length=SLUG_CHARS, required=False, validators=[validate_slug])
    form = forms.ChoiceField(choices=[(form, label) for form, (label, _) in FORMS.items()], initial="pair")
    set_size = forms.IntegerField(min_value=2, max_value=9, initial=3, required=False)

    @property
    def choices(self) -> list[tuple[str, str, str, bool]]:
        """Each form with its explanation, and whether it is chosen."""
        chosen = self["form"].value()
        return [(form, label, says, form == chosen) for form, (label, says) in FORMS.items()]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if self.errors:
            return told
        told["slug"] = told["slug"].lower() or slug_of(told["title"], SLUG_CHARS)
        told["set_size"] = told["set_size"] or 3
        if Study.objects.filter(slug=told["slug"]).exists():
            self.add_error("slug", f"Another study has the short name {told['slug']}. Choose another.")
        return told


class NamingForm(forms.Form):
    """What folders and file names tell."""

    prompt_by = forms.ChoiceField(choices=list(PROMPT_BY.items()))
    maker_by = forms.ChoiceField(choices=list(MAKER_BY.items()))

    @property
    def naming(self) -> Naming:
        return Naming(self.cleaned_data["prompt_by"], self.cleaned_data["maker_by"])


class RightsForm(forms.Form):
    """What all works may be used for, and on what ground."""

    licence = forms.CharField(max_length=200, required=False)
    consent = forms.CharField(max_length=2_000, required=False)
    source = forms.CharField(max_length=2_000, required=False)
    purposes = forms.MultipleChoiceField(
        choices=[(purpose, MAY[purpose]) for purpose in PURPOSES], initial=["show", "export", "train-reward-model"]
    )

    @property
    def ticks(self) -> list[tuple[str, str, bool]]:
        chosen = self["purposes"].value() or []
        return [(purpose, label, purpose in chosen) for purpose, label in MAY.items()]

    def clean_licence(self) -> str:
        try:
            return str(licence(200).read(self.cleaned_data["licence"]))
        except Unfit as unfit:
            raise forms.ValidationError(
                f"Found {unfit}, expected a name such as CC-BY-4.0 or LicenseRef-ours."
            ) from unfit

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not self.errors and not (told["licence"] or told["consent"]):
            self.add_error("licence", "State a licence, or who consented: a work without either cannot be shown.")
        return told


def corrected(rows: Sequence[Row], said: Mapping[str, str]) -> list[Row]:
    """The rows as they stand in the table; what is beyond it stays as it was guessed."""
    return [
        Row(
            row.path,
            said.get(f"prompt.{number}", row.prompt).strip(),
            said.get(f"maker.{number}", row.maker).strip(),
            f"prompt.{number}" not in said or f"kept.{number}" in said,
        )
        for number, row in enumerate(rows)
    ]
