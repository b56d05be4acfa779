"""Claims are typed and have one spelling; where they or the marks contradict the vote, the rater is asked once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.judging.claims import PREDICATES, SPEAKS_OF, NoClaim, read_claim, usage
from feedback.judging.models import Mark
from tests import make
from tests.judging.answering import become, faults, form, mark, send

WRITTEN = [
    ("shadow_falls( left )", "shadow_falls(left)"),
    (" count(hand.fingers,  06 )", "count(hand.fingers, 6)"),
    ("same_identity(t1,t2)", "same_identity(t1, t2)"),
    ("same_identity(1.50s, 12)", "same_identity(1.5, 12)"),
    ("tempo(90.000)", "tempo(90)"),
    ("beat(turning_point)", "beat(turning_point)"),
    ("continuous(sleeve.left_cuff)", "continuous(sleeve.left_cuff)"),
]
UNWRITTEN = [
    ("the shadow is wrong", "a claim reads like"),
    ("shadow_falls(sideways)", "where one of left, right, up, down, front, back is expected"),
    ("shadow_falls()", "where one of left"),
    ("shadow_falls(left, right)", "shadow_falls takes 1, as in shadow_falls(left)"),
    ("count(fingers, many)", "“many” where a whole number is expected"),
    ("count(fingers, ²)", "a whole number is expected"),
    ("count(__class__, 2)", "a name such as hand or hand.fingers is expected"),
    ("fall_down(left)", "there is no claim fall_down here; there is"),
    ("shadow_falls(left)); DROP TABLE", "a claim reads like"),
    ("count(" + "a" * 300 + ", 2)", "a claim reads like"),
]


@pytest.mark.parametrize(("written", "spelled"), WRITTEN)
def test_a_claim_has_one_spelling(written, spelled):
    assert str(read_claim(written)) == spelled
    assert str(read_claim(spelled)) == spelled


@pytest.mark.parametrize(("written", "why"), UNWRITTEN)
def test_what_is_no_claim_is_refused_with_what_would_be(written, why):
    with pytest.raises(NoClaim) as refused:
        read_claim(written)

    assert why in str(refused.value)


def test_every_predicate_is_written_as_its_usage_says_and_belongs_to_a_medium():
    assert all(str(read_claim(usage(predicate))) == usage(predicate) for predicate in PREDICATES)
    assert {predicate for some in SPEAKS_OF.values() for predicate in some} == set(PREDICATES)


def test_a_text_casts_no_shadow():
    with pytest.raises(NoClaim, match="no claim shadow_falls here"):
        read_claim("shadow_falls(left)", "text")


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text):
    try:
        claim = read_claim(text)
    except NoClaim:
        return
    assert read_claim(str(claim)) == claim


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("light_from(left)", "shadow_falls(left)", True),
        ("light_from(left)", "shadow_falls(right)", False),
        ("count(hand.fingers, 5)", "count(hand.fingers, 6)", True),
        ("count(hand.fingers, 5)", "count(foot.toes, 6)", False),
        ("left_of(cup, jug)", "left_of(jug, cup)", True),
        ("touches(cup, jug)", "touches(jug, cup)", False),
        ("tempo(90)", "tempo(120)", True),
        ("beat(climax)", "beat(opening)", False),
        ("tempo(90)", "tempo(90)", False),
    ],
)
def test_claims_clash_where_both_cannot_hold(one, other, clash):
    assert read_claim(one).clashes_with(read_claim(other)) == read_claim(other).clashes_with(read_claim(one)) == clash


def in_hand(person, **fields):
    study = become(
        make.study(works=fields.pop("works", 2), rater=person, criteria=("lighting", "style"), **fields), "image"
    )
    return make.assignment(study, person)


AGAINST_B = [mark(criterion="lighting", position=1, sign=-1), mark(criterion="lighting", position=0, sign=1)]


@pytest.mark.django_db
def test_a_vote_against_all_of_its_marks_is_asked_about_once(bob):
    assignment = in_hand(bob)

    assert (
        faults(assignment, step=3, marks=AGAINST_B)
        == "You prefer B on Lighting, but every mark on Lighting speaks against B. Keep it?"
    )
    assert form(assignment, step=3, marks=AGAINST_B).has_error("marks")
    assert "speaks against B" in faults(assignment, step=3, marks=AGAINST_B[:1])
    assert "speaks against B" in faults(assignment, step=3, marks=AGAINST_B[1:])
    assert send(assignment, step=3, marks=AGAINST_B, kept="1").marks.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("step", "marks"),
    [
        (1, AGAINST_B),
        (2, AGAINST_B),
        (0, AGAINST_B),
        (3, [*AGAINST_B, mark(criterion="lighting", position=1, sign=1)]),
        (3, [*AGAINST_B, mark(criterion="lighting", position=0, sign=-1)]),
        (3, [mark(criterion="", position=1, sign=-1)]),
        (3, []),
    ],
)
def test_a_vote_with_a_mark_on_its_side_or_none_at_all_is_not(bob, step, marks):
    assert form(in_hand(bob), step=step, marks=marks).is_valid()


@pytest.mark.django_db
def test_in_a_set_the_first_and_the_last_are_asked_about(bob):
    assignment = in_hand(bob, works=3, form="set", set_size=3)
    ranks = {f"rank.{slug}.{at}": str(rank) for slug in ("lighting", "style") for at, rank in enumerate((2, 1, 3))}
    marks = [mark(criterion="lighting", position=1, sign=-1), mark(criterion="style", position=2, sign=1)]

    told = faults(assignment, step="", marks=marks, **ranks)

    assert "You prefer B on Lighting, but every mark on Lighting speaks against B. Keep it?" in told
    assert "You put C last on Style, but every mark on Style speaks for C. Keep it?" in told


@pytest.mark.django_db
def test_claims_for_one_work_that_cannot_both_hold_are_asked_about(bob):
    assignment = in_hand(bob)
    lit, dark = (mark(position=0, claim=claim) for claim in ("light_from(left)", "shadow_falls(left)"))

    told = faults(assignment, marks=[lit, dark])

    assert told == "You speak for A with light_from(left) and shadow_falls(left), which cannot both hold. Keep it?"
    assert form(assignment, marks=[lit, dark | {"sign": -1}]).is_valid()
    assert form(assignment, marks=[lit, dark | {"position": 1}]).is_valid()


@pytest.mark.django_db
def test_a_claim_is_stored_in_its_spelling(bob):
    send(in_hand(bob), marks=[mark(claim=" count( hand.fingers,06)")])

    assert Mark.objects.get().claim == "count(hand.fingers, 6)"
