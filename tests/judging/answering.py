"""Answers as the bench posts them, for works of any medium."""

import json
import uuid
from typing import Any

from feedback.judging.actions import submit
from feedback.judging.forms import AnswerForm
from feedback.judging.models import Assignment, Submission
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Study
from feedback.works.models import Asset, Work

FACTS = {
    "image": {},
    "motion": {},
    "video": {"duration": 4.0, "frames": 100, "rate": "25/1", "sound": False, "gain": 0.0},
    "audio": {"duration": 6.0, "rate": 48000, "channels": 2, "peaks": [0, 255], "gain": 0.0},
    "model": {"triangles": 12, "nodes": 1, "radius": 1.0, "centre": [0.0, 0.0, 0.0]},
}
WIDTH, HEIGHT = 640, 480


def become(study: Study, medium: str) -> Study:
    """Turn the study's works into works of the medium, as the pipeline would have stored them."""
    works = Work.objects.filter(collection__studies=study)
    works.update(medium=medium)
    size = {"width": WIDTH, "height": HEIGHT} if medium in {"image", "motion", "video"} else {}
    half = {side: pixels // 2 for side, pixels in size.items()}
    Asset.objects.filter(work__in=works).update(text="", facts=FACTS[medium], **half)
    Asset.objects.bulk_create(
        [
            Asset(work=work, role=Asset.Role.ORIGINAL, media_type="x/y", sha256=work.sha256, bytes=1, **size)
            for work in works
        ]
    )
    return study


def texts(study: Study, *texts: str) -> Study:
    """Give the study's works these texts, as they are."""
    assets = Asset.objects.filter(work__collection__studies=study, role=Asset.Role.SHOWN).order_by("work__external_id")
    for asset, text in zip(assets, texts, strict=True):
        asset.text = text
        asset.save()
    return study


def said(assignment: Assignment, step: int | str = 1, **fields: Any) -> dict[str, str]:
    """A form's values: the same step on every criterion; lists are posted as JSON."""
    values = {"key": str(uuid.uuid4()), "replaces": str(assignment.latest.number if assignment.latest else 0)}
    values |= {f"answer.{criterion.slug}": str(step) for criterion in criteria_of(assignment.study)}
    told = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    return values | told


def form(assignment: Assignment, step: int | str = 1, **fields: Any) -> AnswerForm:
    return AnswerForm(said(assignment, step, **fields), assignment=assignment)


def faults(assignment: Assignment, step: int | str = 1, **fields: Any) -> str:
    """What the form says against the answer."""
    refused = form(assignment, step, **fields)
    assert not refused.is_valid(), "The form took it."
    return " ".join(str(message) for messages in refused.errors.values() for message in messages)


def send(assignment: Assignment, step: int | str = 1, **fields: Any) -> Submission:
    """Submit what the form reads."""
    taken = form(assignment, step, **fields)
    assert taken.is_valid(), taken.errors
    return submit(
        assignment=assignment,
        key=taken.cleaned_data["key"],
        replaces=taken.cleaned_data["replaces"],
        answers=taken.answers(),
    )


def mark(**fields: Any) -> dict[str, Any]:
    """A mark as the bench posts it: a point on A for the work, unless told otherwise."""
    plain = {"criterion": "", "position": 0, "kind": "point", "place": {"x": 3, "y": 4}, "tag": "", "sign": 1}
    return plain | {"note": "", "claim": ""} | fields
