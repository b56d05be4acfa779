"""What a lead may enter."""

from django import forms

from feedback.studies.models import Membership


class InviteForm(forms.Form):
    name = forms.CharField(max_length=200, strip=True)
    role = forms.ChoiceField(choices=Membership.Role.choices, initial=Membership.Role.RATER)
