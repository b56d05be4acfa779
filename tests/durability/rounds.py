"""A study that goes on in rounds, and a process of its own that opens the next one: `python -m tests.durability.rounds SLUG`."""

import sys
import time

EVERY = 0.2  # seconds


def prepare(slug: str) -> None:
    """Let the study go on in rounds, with a first round by chance in place of all pairs."""
    from feedback.judging.actions import open_round
    from feedback.studies.models import Study

    study = Study.objects.get(slug=slug)
    study.selection, study.repeat_share = Study.Selection.INFORMATION, 0.1
    study.save()
    study.rounds.all().delete()
    open_round(study=study, seed=1)


def plan(slug: str) -> None:
    """Look again and again whether the next round is wanted, as the worker does."""
    from feedback.results.planning import plan_next
    from feedback.studies.models import Study

    while True:
        plan_next(study=Study.objects.get(slug=slug))
        time.sleep(EVERY)


if __name__ == "__main__":
    import django

    django.setup()
    prepare(sys.argv[1])
    print("ready", flush=True)
    plan(sys.argv[1])
