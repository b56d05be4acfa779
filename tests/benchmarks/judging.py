"""A rater's step and the handing out of comparisons, at a hundred judgements and at a hundred thousand."""

from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.judging.actions import hand_out
from feedback.studies.models import Study
from tests import make
from tests.benchmarks.measure import Row, Run, beside, each
from tests.judging.test_bench import action_of, choose, fields_of
from tests.judging.test_queries import crowd

FEW, MANY = 100, 100_000
AT_ONCE = 10
BOUNDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


class Rater:
    """Somebody new at the bench, with the first comparison on the screen."""

    def __init__(self, study: Study) -> None:
        person = make.user("Bob")
        make.make_rater(study, person)
        self.client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
        self.client.force_login(person)
        self.page = self.client.get(reverse("judge", args=[study.slug]))

    def step(self) -> None:
        """Answer what is on the screen and be given the next."""
        answers = fields_of(self.page) | choose(1) | {"ahead": "1"}
        token = self.client.cookies["csrftoken"].value
        self.page = self.client.post(action_of(self.page), answers, headers={"X-CSRFToken": token})
        assert self.page.status_code == 200

    def statements(self) -> int:
        """How many a step takes, besides the bounds of transactions."""
        with CaptureQueriesContext(connection) as seen:
            self.step()
        return sum(not query["sql"].startswith(BOUNDS) for query in seen)


def rows() -> Iterator[Row]:
    study, other = make.study(works=30), make.study(works=30)
    crowd(other, FEW)
    taken = []
    for judgements in (FEW, MANY):
        crowd(study, judgements)
        rater = Rater(study)
        rater.step()
        taken.append(rater.statements())
        yield from _steps(rater, judgements)
    few, many = taken
    yield Row(
        f"SQL statements of a step at {MANY:,}", f"{many}", f"{few}", f"**{many / few:.2f}**", against=f"at {FEW}"
    )
    for what, work in (("A rater's step", lambda one: Rater(one).step), ("Handing out", _handing_out)):
        yield beside(
            f"{what} at {MANY:,} judgements",
            _often(work(study)),
            _often(work(other)),
            against=f"the same in a study of {FEW}",
            tell=each(AT_ONCE),
        )


def _steps(rater: Rater, judgements: int) -> Iterator[Row]:
    stranger, member = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    member.force_login(make.user("Charlie"))
    health, studies = reverse("health"), reverse("studies")
    what = f"A rater's step at {judgements:,} judgements"
    for floor, against in (
        (lambda: stranger.get(health), "the emptiest page: health"),
        (lambda: member.get(studies), "the emptiest page behind a sign-in: no studies"),
    ):
        yield beside(what, _often(rater.step), _often(floor), against=against, tell=each(AT_ONCE))


def _handing_out(study: Study) -> Run:
    rater = make.make_rater(study, make.user("Bob"))
    return lambda: hand_out(study=study, rater=rater)


def _often(one: Run) -> Run:
    def run() -> None:
        for _ in range(AT_ONCE):
            one()

    return run
