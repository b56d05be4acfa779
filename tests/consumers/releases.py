"""Makes the studies and, with `export_release`, the releases that the consumers get; started by `python -m tests.consumers`."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

django.setup()

from feedback.datasets.loading import loading  # noqa: E402 - these need the site set up
from feedback.datasets.models import Release  # noqa: E402
from feedback.datasets.serving import key_for  # noqa: E402
from feedback.people.actions import create_user, make_token  # noqa: E402
from feedback.studies.actions import add_member  # noqa: E402
from feedback.studies.models import Study  # noqa: E402
from tests.consumers.studies import judged, pictures, texts  # noqa: E402
from tests.real.folder import run  # noqa: E402

RELEASES = {
    "trl-jsonl": ("texts", "--preset", "trl"),
    "trl-jsonl.gz": ("texts", "--preset", "trl", "--format", "jsonl.gz"),
    "trl-parquet": ("texts", "--preset", "trl", "--format", "parquet"),
    "trl-chat": ("texts", "--preset", "trl-chat"),
    "trl-margin": ("texts", "--preset", "trl", "--margin", "bt"),
    "kto": ("scores", "--preset", "kto"),
    "llamafactory": ("texts", "--preset", "llamafactory"),
    **{
        name: ("texts", "--preset", name) for name in ("openrlhf", "axolotl-bt", "nemo-rl", "rewardbench", "helpsteer3")
    },
    **{name: ("pictures", "--preset", name) for name in ("imagereward", "hpdv2")},
    "everything": ("texts", "--view", "judgements", "--view", "works"),
    "pickapic": ("pictures", "--preset", "pickapic"),
    "pictures": ("pictures", "--view", "pairs_soft"),
    "pictures-parquet": ("pictures", "--view", "pairs_soft", "--format", "parquet"),
}


def main(folder: Path) -> None:
    call_command("migrate", verbosity=0)
    written = list(texts(prompts=100, works=4))
    judged(folder, written, slug="texts", judgements=1600)
    judged(folder, written, slug="scores", judgements=800, form="rating", overlap=1)
    judged(folder, list(pictures(prompts=100, works=3)), slug="pictures", judgements=450)
    ids = {}
    for name, asked in RELEASES.items():
        told = run("export_release", *asked, "--out", folder / name)
        ids[name] = told["release"]
        print(f"{name}: {told['rows']} rows", flush=True)
    (folder / "site.json").write_text(json.dumps(_site(ids)))


def _site(ids: dict[str, str]) -> dict[str, object]:
    """What an engineer knows who takes the releases from the site: a token, and what the releases' pages say."""
    engineer = create_user(name="Erin")
    for study in Study.objects.all():
        add_member(study=study, user=engineer, role="engineer", by=None)
    _, secret = make_token(user=engineer, name="training", scopes=["read", "export"], life=timedelta(days=1))
    found = {name: Release.objects.get(public_id=release) for name, release in ids.items()}
    return {
        "origin": settings.BASE_URL,
        "token": secret,
        "releases": {
            name: {"id": str(release), "code": [one.code for one in loading(release, key_for(release, engineer))]}
            for name, release in found.items()
        },
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
