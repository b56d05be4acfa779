"""What machines judged, sent in by whoever leads the study."""

from typing import Any

from rest_framework import serializers

from feedback.api.bulk import ManyRows, adding, collection_of, rows_of
from feedback.intake.machines import add_judgements
from feedback.judging.models import Judgement
from feedback.people.models import User
from feedback.studies.models import Study


class NewJudgement(serializers.Serializer[Any]):
    """A judgement as in `judgements.jsonl`, without its rater."""

    prompt = serializers.CharField(max_length=200)
    works = serializers.ListField(child=serializers.CharField(), help_text="In the order in which it was shown them.")
    criterion = serializers.SlugField(max_length=100)
    outcome = serializers.ChoiceField(["tie", *Judgement.Outcome.values], required=False)
    ranks = serializers.ListField(
        child=serializers.IntegerField(), required=False, help_text="Aligned with `works`; 1 is best, equal is a tie."
    )
    strength = serializers.IntegerField(required=False, help_text="-3 to 3: positive favours the first of `works`.")
    score = serializers.FloatField(required=False)
    acceptable = serializers.ListField(child=serializers.BooleanField(allow_null=True), required=False)
    judged_at = serializers.DateTimeField(required=False)
    rationale = serializers.CharField(required=False)


class MachineJudgements(ManyRows):
    """What one machine judged."""

    machine = serializers.CharField(max_length=200, help_text="Its name and version: one rater of the study.")
    judgements = rows_of(NewJudgement)


class TakenSerializer(serializers.Serializer[Any]):
    """What became of the rows: nothing is half done."""

    machine = serializers.CharField()
    added = serializers.IntegerField(help_text="Judgements that are new.")
    unchanged = serializers.IntegerField(help_text="Judgements that were there already.")


def taken(study: Study, said: dict[str, Any], *, by: User) -> dict[str, Any]:
    """The machine's judgements, stored; for the answer."""
    collection = collection_of(study, said.get("collection", ""))
    with adding("judgements") as scratch:
        added, unchanged = add_judgements(
            study=study,
            collection=collection,
            machine=said["machine"],
            rows=said["judgements"],
            scratch=scratch,
            by=by,
        )
    return {"machine": said["machine"], "added": added, "unchanged": unchanged}
