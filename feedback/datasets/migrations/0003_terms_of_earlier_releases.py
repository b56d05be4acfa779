"""What was asked for so far, written as terms; each earlier release begins a version of its own."""

import hashlib
import json
from collections import Counter

from django.db import migrations


def terms_of(asked):
    return {
        "studies": [asked.study.slug],
        "views": [asked.view],
        "preset": asked.preset or None,
        "format": "jsonl",
        "criterion": asked.criterion.slug if asked.criterion else None,
        "purpose": asked.purpose,
        "split": "prompt",
        "min_judgements": 1,
        "margin": False,
        "rationales": asked.rationales,
        "media": "none",
        "since": None,
    }


def series_of(terms):
    deciding = {name: value for name, value in terms.items() if name not in {"format", "media", "since"}}
    told = json.dumps(deciding, ensure_ascii=False, separators=(",", ":")) + "\n"
    return hashlib.sha256(told.encode()).hexdigest()


def write_terms(apps, schema_editor):
    newest = Counter()
    for name in ("Release", "Build"):
        for asked in apps.get_model("datasets", name).objects.select_related("study", "criterion").order_by("pk"):
            asked.terms = terms_of(asked)
            if name == "Release":
                asked.series = series_of(asked.terms)
                newest[asked.series] += 1
                asked.version = f"{newest[asked.series]}.0.0"
                asked.digest = asked.content_sha256
            asked.save()
            asked.studies.add(asked.study)


class Migration(migrations.Migration):

    dependencies = [("datasets", "0002_terms_versions_progress")]

    operations = [migrations.RunPython(write_terms, migrations.RunPython.noop, elidable=True)]
