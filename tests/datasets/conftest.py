"""A study with an engineer, and workers that work or do not."""

import pytest

from feedback.studies.actions import add_member
from tests import make


@pytest.fixture
def worker(settings):
    """A worker that takes up a task as soon as it is asked for."""
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def no_worker(settings):
    """Tasks are taken down and nobody does them."""
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def erin(db):
    """Erin is the engineer."""
    return make.user("Erin")


@pytest.fixture
def study(erin, bob):
    made = make.study(rater=bob)
    add_member(study=made, user=erin, role="engineer", by=None)
    make.judgement(made, bob)
    return made
