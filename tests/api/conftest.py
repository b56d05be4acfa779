"""A study that Alice leads, Erin builds from and Bob rates in, and programs of theirs."""

import pytest

from feedback.studies.actions import add_member
from tests import make
from tests.api.caller import Caller


@pytest.fixture
def erin(db):
    """Erin is the engineer."""
    return make.user("Erin")


@pytest.fixture
def study(alice, bob, erin):
    """Two prompts of three texts, each pair judged once by Bob."""
    made = make.study(lead=alice, rater=bob, prompts=2, works=3, overlap=1)
    add_member(study=made, user=erin, role="engineer", by=None)
    for _ in range(6):
        make.judgement(made, bob)
    return made


@pytest.fixture
def lead(alice):
    return Caller(alice)


@pytest.fixture
def engineer(erin):
    return Caller(erin)


@pytest.fixture
def worker(settings):
    """A worker that takes up a task as soon as it is asked for."""
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def no_worker(settings):
    """Tasks are taken down and nobody does them."""
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
