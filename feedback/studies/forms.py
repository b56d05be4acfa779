"""What a lead may enter about a study."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from feedback.studies.actions import NewMember, Wording
from feedback.studies.models import Membership, Study

MOST_AT_ONCE = 200
NOTE, TEXT = 2_000, 200_000
LINE = "name, role, cohort"


if TYPE_CHECKING:
    _OfStudy = forms.ModelForm[Study]
else:
    _OfStudy = forms.ModelForm  # generic for the type checker alone


class CriterionForm(forms.Form):
    """A quality to judge by, as raters read it."""

    name = forms.CharField(max_length=100)
    definition = forms.CharField(max_length=NOTE)
    strong = forms.CharField(max_length=NOTE, required=False)
    weak = forms.CharField(max_length=NOTE, required=False)

    @property
    def wording(self) -> Wording:
        return Wording(**{key: value.replace("\r\n", "\n") for key, value in self.cleaned_data.items()})


class InviteForm(forms.Form):
    """One person."""

    name = forms.CharField(max_length=200)
    role = forms.ChoiceField(choices=Membership.Role.choices, initial=Membership.Role.RATER)
    cohort = forms.CharField(max_length=100, required=False)


class InviteManyForm(forms.Form):
    """Many people, a line each: a name, and after commas a role and a cohort."""

    lines = forms.CharField(max_length=40_000)

    def clean_lines(self) -> list[NewMember]:
        lines = [line for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(lines) > MOST_AT_ONCE:
            raise forms.ValidationError(f"Found {len(lines)} lines, expected at most {MOST_AT_ONCE} at once.")
        read = [_member(number, line) for number, line in enumerate(lines, 1)]
        if faults := [one for one in read if isinstance(one, str)]:
            raise forms.ValidationError(faults)
        return [one for one in read if isinstance(one, NewMember)]


def _member(number: int, line: str) -> NewMember | str:
    """Who the line says, or what is wrong with it."""
    parts = [" ".join(part.split()) for part in line.replace("\t", ",").replace(";", ",").split(",")]
    name, role, cohort = (*parts, "", "", "")[:3]
    role = role.lower() or Membership.Role.RATER.value
    if len(parts) > 3 or not name or len(name) > 200 or len(cohort) > 100:
        return f"Line {number}: expected {LINE}."
    if role not in Membership.Role.values:
        return f"Line {number}: found the role {role!r}, expected {', '.join(Membership.Role.values)}."
    return NewMember(name, role, cohort)


class SettingsForm(_OfStudy):
    """Everything a study asks for, each with one line that says what it does."""

    tags = forms.CharField(required=False, max_length=4_000)
    cohort_places = forms.CharField(required=False, max_length=2_000)

    GROUPS: ClassVar[dict[str, tuple[str, ...]]] = {
        "What raters read": ("title", "brief", "guide"),
        "What they are asked": ("form", "set_size", "ranking", "scale", "rationale", "marks", "tags"),
        "How they are asked": ("exposure", "asking", "criteria_order", "qualify_items", "qualify_pass"),
        "Who judges what": ("overlap", "everyone_judges_all", "cohort_places", "most_each", "most_judgements"),
        "Which comparisons come next": ("selection", "round_size", "uniform_share", "repeat_share", "gold_share"),
        "When it is enough": ("target", "price_hour"),
    }
    SAYS: ClassVar[dict[str, str]] = {
        "title": "What raters and leads know it by.",
        "brief": "A sentence or two on what it is about; stands in the list of studies.",
        "guide": "How to judge here. Raters read it under ?, with the criteria.",
        "form": "Two works, several, or one at a time. Fixed once comparisons are made.",
        "set_size": "How many works stand side by side; 2 for pairs, 1 for ratings.",
        "ranking": "Of a set: the full order, the best alone, or the best and the worst.",
        "scale": "A choice of A, equal or B; or also how much better.",
        "rationale": "Whether raters say why in a sentence.",
        "marks": "Whether they point at the place in the work.",
        "tags": "Words for marks, with commas between; empty for the medium’s own.",
        "exposure": "Whether works must have been seen or heard to the end before an answer counts.",
        "asking": "All criteria on one page, or one after another, which keeps them apart.",
        "criteria_order": "The same order for all, or another for each rater, which evens out habit.",
        "qualify_items": "Comparisons with a known answer before real work; 0 for none.",
        "qualify_pass": "How many of those must be right.",
        "overlap": "How many raters judge each comparison. Three show where they differ.",
        "everyone_judges_all": "Each comparison is for every rater, whatever the number above.",
        "cohort_places": "At least so many of a cohort for each comparison: composers 2, listeners 3. Raises the number above.",
        "most_each": "Comparisons one rater may judge; empty for no limit.",
        "most_judgements": "Comparisons judged in all before it stops; empty for no limit.",
        "selection": "All at once; or in rounds: what tells most, or neighbours in score.",
        "round_size": "Comparisons in a round; 0 for about two for each work.",
        "uniform_share": "Of a round, drawn by chance alone. Honest reliability needs at least 0.2.",
        "repeat_share": "Of a rater’s work, asked again later with sides swapped: shows how steady they are.",
        "gold_share": "Of a rater’s work, taken from what has an expert’s key.",
        "target": "The reliability wanted, between 0 and 1; 0.8 is usual.",
        "price_hour": "What an hour of a rater costs; forecasts are then told in money too.",
    }
    FIXED: ClassVar[tuple[str, ...]] = ("form", "set_size", "ranking", "scale")
    LABELS: ClassVar[dict[str, str]] = {
        "set_size": "Works side by side",
        "ranking": "Order of a set",
        "rationale": "Reasons in words",
        "tags": "Words for marks",
        "exposure": "Must be seen whole",
        "asking": "Criteria are asked",
        "criteria_order": "Order of criteria",
        "qualify_items": "Qualifying comparisons",
        "qualify_pass": "To be passed",
        "overlap": "Raters for each comparison",
        "everyone_judges_all": "Everyone judges all",
        "cohort_places": "Of each cohort",
        "most_each": "Most for one rater",
        "most_judgements": "Most in all",
        "selection": "Next comparisons",
        "round_size": "Size of a round",
        "uniform_share": "Drawn by chance",
        "repeat_share": "Asked again",
        "gold_share": "With a known answer",
        "target": "Reliability wanted",
        "price_hour": "Price of an hour",
    }

    CHOICES: ClassVar[dict[str, dict[str, str]]] = {
        "form": {"pair": "two at a time", "set": "several at a time", "rating": "one at a time"},
        "ranking": {"full": "the full order", "best": "the best alone", "best-worst": "the best and the worst"},
        "scale": {"choice": "which is better", "strength": "which is better, and how much"},
        "rationale": {"off": "not asked for", "optional": "if they like", "required": "always"},
        "marks": {"off": "not asked for", "optional": "if they like", "strong": "where one is much better"},
        "exposure": {"off": "no", "whole": "yes, to the end"},
        "asking": {"together": "all on one page", "one": "one after another"},
        "criteria_order": {"fixed": "the same for all", "shuffled": "another for each rater"},
    }

    class Meta:
        model = Study
        fields = (
            "title", "brief", "guide", "form", "set_size", "ranking", "scale", "rationale", "marks", "exposure",
            "asking", "criteria_order", "qualify_items", "qualify_pass", "overlap", "everyone_judges_all",
            "most_each", "most_judgements", "selection", "round_size", "uniform_share", "repeat_share", "gold_share",
            "target", "price_hour",
        )  # fmt: skip

    def __init__(self, *args: Any, fixed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = self.instance.cohort_places.items()
        self.initial["tags"] = ", ".join(self.instance.tags)
        self.initial["cohort_places"] = ", ".join(f"{name} {number}" for name, number in places)
        for name, field in self.fields.items():
            if name in self.CHOICES and isinstance(field, forms.ChoiceField):
                field.choices = self.CHOICES[name].items()
            field.label = self.LABELS.get(name, field.label)
            field.disabled = fixed and name in self.FIXED
            field.widget.attrs["aria-describedby"] = f"says-{name}"
        for name, most in {"brief": NOTE, "guide": TEXT}.items():
            self.fields[name].widget = forms.Textarea(
                {
                    "rows": 3 if name == "brief" else 10,
                    "maxlength": most,
                    "dir": "auto",
                    "aria-describedby": f"says-{name}",
                }
            )

    @property
    def groups(self) -> list[tuple[str, list[tuple[forms.BoundField, str]]]]:
        """The fields by what they are about, each with its line of help."""
        return [(title, [(self[name], self.SAYS[name]) for name in names]) for title, names in self.GROUPS.items()]

    def clean_tags(self) -> list[str]:
        tags = [" ".join(tag.split()) for tag in self.cleaned_data["tags"].replace("\n", ",").split(",")]
        if long := [tag for tag in tags if len(tag) > 100]:
            raise forms.ValidationError(f"Found {long[0][:40]!r} …, expected words of up to 100 characters.")
        return list(dict.fromkeys(tag for tag in tags if tag))

    def clean_cohort_places(self) -> dict[str, int]:
        places: dict[str, int] = {}
        for part in filter(None, map(str.strip, self.cleaned_data["cohort_places"].split(","))):
            name, _, number = part.rpartition(" ")
            if not (name.strip() and number.isascii() and number.isdecimal() and 0 < int(number) <= 1_000):
                raise forms.ValidationError(f"Found {part!r}, expected a cohort and a number: composers 2.")
            places[" ".join(name.split())] = int(number)
        return places

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if self.errors:
            return told
        if told["form"] != "set":
            told["set_size"] = {"pair": 2, "rating": 1}[told["form"]]
        broken = {name: expected for name, (fits, expected) in LAWS.items() if not fits(told)}
        for name, expected in broken.items():
            self.add_error(name, expected)
        return told


LAWS: Mapping[str, tuple[Callable[[Mapping[str, Any]], bool], str]] = {
    "set_size": (lambda told: told["form"] != "set" or 2 <= told["set_size"] <= 9, "A set holds 2 to 9 works."),
    "scale": (
        lambda told: told["scale"] == "choice" or told["form"] == "pair",
        "How much better is asked of pairs only.",
    ),
    "marks": (
        lambda told: told["marks"] != "strong" or told["scale"] == "strength",
        "Marks at strong preference need the scale of strength.",
    ),
    "ranking": (
        lambda told: told["ranking"] == "full" or told["form"] == "set",
        "Only sets can be asked for the best alone.",
    ),
    "qualify_pass": (lambda told: told["qualify_pass"] <= told["qualify_items"], "At most as many as are asked."),
    "overlap": (lambda told: 1 <= told["overlap"] <= 1_000, "Between 1 and 1,000."),
    "uniform_share": (lambda told: 0.2 <= told["uniform_share"] <= 1, "Between 0.2 and 1."),
    "repeat_share": (lambda told: 0 <= told["repeat_share"] <= 0.2, "Between 0 and 0.2."),
    "gold_share": (lambda told: 0 <= told["gold_share"] <= 0.2, "Between 0 and 0.2."),
    "target": (lambda told: 0 < told["target"] < 1, "Between 0 and 1, and neither of them."),
    "price_hour": (lambda told: (told["price_hour"] or 0) >= 0, "Nothing or more."),
}
