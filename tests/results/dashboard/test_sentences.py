"""Every rule by which a sentence is made from numbers."""

import pytest

from feedback.results.dashboard import sentences
from feedback.results.dashboard.facts import Names, facts_of
from feedback.results.dashboard.sentences.faults import FAULTS, sinking
from tests.results.dashboard.told import CRITERIA, NAMES, STRENGTHS, criterion, facts, rater, told


def text(answer) -> str:
    """With plain spaces."""
    return " ".join([str(answer), *answer.because]).replace("\u00a0", " ")


def with_lights(**lights):
    by = {slug: criterion(light=light) for slug, light in lights.items()}
    for slug, light in lights.items():
        if light == "grey":
            by[slug]["trust"]["reliability"]["value"] = None
    return facts_of(told(by=by, criteria=list(by)), next(iter(by)), Names({slug: slug.title() for slug in by}))


def with_board(change=None, **board):
    """The fixture's board, changed row by row."""
    shown = told()
    best = shown["by"]["lighting"]["best"]
    rows = best["generators"]["rows"]
    best["generators"]["rows"] = [row | change(at) for at, row in enumerate(rows)] if change else rows
    best["generators"] |= board
    return facts_of(shown, "lighting", NAMES)


def with_part(part, **changes):
    shown = told()
    shown["by"]["lighting"][part] |= changes
    return facts_of(shown, "lighting", NAMES)


# ── Can I trust it? ────────────────────────────────────────────────────────────────────────────────────────────────


def test_lights_say_yes_nearly_and_not_yet_by_name():
    assert str(sentences.trust(facts())) == (
        "Yes for lighting. Nearly for emotional resonance. No for narrative arc: more judgements will not settle it."
    )


@pytest.mark.parametrize(
    ("light", "said"),
    [
        ("green", "Yes, on every criterion."),
        ("amber", "Nearly, on every criterion."),
        ("red", "Not yet, on every criterion."),
        ("grey", "Too early to say."),
    ],
)
def test_where_all_lights_are_alike_no_criterion_is_named(light, said):
    assert str(sentences.trust(with_lights(tone=light, pace=light))) == said


def test_where_chance_is_only_assumed_the_answer_is_perhaps():
    shown = told(by={"lighting": criterion(light="grey")}, criteria=["lighting"])
    shown["by"]["lighting"]["trust"]["reliability"]["why"] = "imported: holds only if chance chose what was compared"

    answer = sentences.trust(facts_of(shown, "lighting", NAMES))

    assert str(answer) == "Perhaps for lighting."
    assert "Imported: holds only if chance chose what was compared." in text(answer)


def test_nothing_judged_is_too_early():
    assert str(sentences.trust(facts_of({}, "lighting", NAMES))) == "Too early to say."


def test_what_no_reliability_makes_good_comes_first():
    finding = {"fault": "identical works", "subject": {}, "p": 1e-7, "severity": 3, "says": {}, "criterion": "lighting"}

    said = str(sentences.trust(facts(findings=[finding])))

    assert said == "Not as it stands: the works cannot be told apart."


def test_a_fact_has_no_chance_and_explains_no_second_of_its_own():
    finding = {"fault": "disconnected", "subject": {}, "p": 0.0, "severity": 2, "criterion": "lighting"}
    finding |= {"says": {"of": "works", "prompts": [7, 9]}, "co_flags": ["disconnected"]}

    [told] = sinking(facts(findings=[finding]))

    assert told.title == "Some works were never compared with the others, in 2\u00a0prompts."
    assert told.evidence == "On lighting."
    assert not told.is_fatal


def test_sets_tell_how_far_they_agree_where_alpha_cannot():
    shown = told()
    shown["raters"] = []
    shown["by"]["lighting"]["differ"] = {"alpha": {"value": None}, "w": {"value": 0.61, "low": 0.5, "high": 0.7}}

    answer = sentences.differ(facts_of(shown, "lighting", NAMES))

    assert str(answer) == "On sets they agree by .61."
    assert "Kendall’s W of sets is .61" in text(answer)


def test_a_fault_of_one_rater_does_not_stop_the_study():
    assert not str(sentences.trust(facts())).startswith("Not as it stands")


def test_reliability_is_told_of_this_criterion_first_with_its_interval():
    said = text(sentences.trust(facts("narrative-arc")))

    assert (
        "Reliability, on comparisons that chance chose, is .52 ± .11 for narrative arc, .80 ± .05 for lighting" in said
    )


@pytest.mark.parametrize(
    ("share", "low", "high", "said"),
    [
        (0.508, 0.49, 0.52, "50.8 % of the time: we see no sign that the place matters; from 53 % on we would."),
        (0.56, 0.54, 0.58, "56.0 % of the time (54.0 % to 58.0 %): more than chance, and taken out of the scores."),
    ],
)
def test_position_says_what_would_be_seen_or_what_was(share, low, high, said):
    shown = told()
    shown["by"]["lighting"]["trust"]["position"] |= {"share": share, "share_low": low, "share_high": high}

    assert said in text(sentences.trust(facts_of(shown, "lighting", NAMES)))


@pytest.mark.parametrize(("share", "is_said"), [(0.09, False), (0.12, True)])
def test_circles_are_told_only_beyond_what_the_model_gives(share, is_said):
    shown = told()
    shown["by"]["lighting"]["trust"]["transitivity"]["share"] = share

    assert ("in circles" in text(sentences.trust(facts_of(shown, "lighting", NAMES)))) is is_said


def test_separation_is_greyed_with_its_reason():
    assert sentences.greyed(facts()).startswith(
        "Scale separation .96 is not to be relied on: pairs were chosen by score"
    )


# ── Who is best? ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_those_who_cannot_be_told_apart_lead_together():
    assert str(sentences.best(facts())) == "Kodiak 3 and Aurora v5 lead; nobody can tell them apart."


@pytest.mark.parametrize(
    ("firsts", "said"),
    [
        (1, "Kodiak 3 leads."),
        (3, "Kodiak 3, Aurora v5 and Lumen XL lead; nobody can tell them apart."),
        (5, "Kodiak 3 and four others lead; nobody can tell them apart."),
        (7, "Nobody leads yet: none can be told apart."),
    ],
)
def test_who_leads_goes_by_who_may_stand_first(firsts, said):
    shown = with_board(lambda at: {"rank": [1 if at < firsts else at + 1, 7]})

    assert str(sentences.best(shown)) == said


def test_across_parts_nobody_leads():
    assert str(sentences.best(with_board(lambda at: {"component": at % 2}))) == (
        "Nobody leads: two parts were never compared."
    )


def test_the_first_is_compared_with_the_best_of_those_it_leads():
    assert "Kodiak 3 beats Lumen XL 67 % of the time." in text(sentences.best(facts()))


def test_who_clears_the_line_does_so_with_the_whole_interval():
    said = text(sentences.best(with_board(line={"value": 0.5, "low": 0.4, "high": 0.6})))

    assert "Two of seven clear the line the panel called acceptable, four lie below it." in said


def test_net_of_confounders_a_new_first_is_named():
    said = text(sentences.best(with_board(lambda at: {"net": STRENGTHS[at] - (at == 0)})))

    assert "Net of length, Aurora v5 would stand first." in said


def test_only_a_move_worth_a_sentence_is_told():
    moves = [{"id": 5, "by": 0.4, "se": 0.1}, {"id": 6, "by": -0.02, "se": 0.1}]
    large = with_part("best", changed={"since": None, "moves": moves})
    small = with_part("best", changed={"since": None, "moves": moves[1:]})

    assert "Vellum went up most since the fit before, by 0.40." in text(sentences.best(large))
    assert "went" not in text(sentences.best(small))


# ── Where do raters differ? ────────────────────────────────────────────────────────────────────────────────────────


def test_camps_are_schools_and_who_clicks_is_counted():
    assert str(sentences.differ(facts())) == "Two schools, and one rater whose answers look random."


def test_camps_of_one_cohort_each_are_called_by_it():
    assert "Composers and illustrators agree within themselves (77 %) and less across (58 %)." in text(
        sentences.differ(facts())
    )


def test_mixed_camps_are_called_by_number():
    mixed = [rater(number, cohort="both") for number in range(1, 10)]

    assert "The two camps agree within themselves" in text(sentences.differ(facts(raters=mixed)))


@pytest.mark.parametrize(
    ("verdict", "headline", "advice"),
    [
        ("taste", "They differ in taste, not in care.", "keep both"),
        ("noise", "They differ by chance, not in taste.", "a clearer guide"),
        ("both", "Part of it is taste, part is noise.", "both would gain"),
    ],
)
def test_without_camps_the_verdict_is_the_headline_and_brings_its_advice(verdict, headline, advice):
    shown = with_part("differ", camps=[], taste={"share": 0.5, "se": 0.05, "verdict": verdict})

    answer = sentences.differ(shown)

    assert str(answer) == headline
    assert advice in text(answer)


@pytest.mark.parametrize(
    ("low", "high", "expected", "said"),
    [
        (0.4, 0.48, 0.47, "as well as careful judges of one taste would on such works"),
        (0.4, 0.46, 0.6, "less than careful judges of one taste would on such works"),
        (0.4, 0.46, None, "by .44, where 1 is all alike and 0 is chance"),
        (-0.1, 0.98, None, "no more than chance would"),
    ],
)
def test_without_a_verdict_agreement_is_held_against_its_expectation(low, high, expected, said):
    alpha = {"value": 0.44, "low": low, "high": high, "expected": expected}
    shown = with_part("differ", camps=[], taste={"share": None, "verdict": "unknown"}, alpha=alpha)

    assert str(sentences.differ(shown)) == f"They agree {said}. One rater’s answers look random."


def test_raters_who_judged_nothing_in_common_are_said_to():
    """Two pairs who never met, and one who met a rater of the second alone; then a bridge."""
    matrix = {"raters": [1, 2, 3, 4, 5], "agreement": [[None] * 5] * 5}
    common = [[4, 9, 0, 0, 0], [9, 4, 0, 0, 0], [0, 0, 4, 7, 0], [0, 0, 7, 4, 3], [0, 0, 0, 3, 4]]
    said = "Groups of three and two raters judged nothing in common"
    assert said in text(sentences.differ(with_part("differ", matrix=matrix | {"n": common})))

    common[0][4] = common[4][0] = 1
    assert "nothing in common" not in text(sentences.differ(with_part("differ", matrix=matrix | {"n": common})))


def test_before_thirty_repeats_it_says_how_many_are_missing():
    shown = with_part("differ", repeatability={"share": 0.9, "n": 12})

    assert "Noise or taste shows after 18 more hidden repeats; twelve so far." in text(sentences.differ(shown))


def test_over_all_criteria_each_is_named_by_its_verdict():
    shown = told()
    shown["by"]["lighting"]["differ"]["taste"]["verdict"] = "noise"

    assert str(sentences.differ(facts_of(shown, "overall", NAMES))) == (
        "Taste in narrative arc and emotional resonance. Noise in lighting."
    )


# ── Who needs help? ────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_is_found_is_sure_and_who_is_flagged_is_perhaps():
    assert str(sentences.who_needs_help(facts())) == "Gus, and perhaps Cleo."


def test_nobody_is_a_good_answer():
    assert text(sentences.who_needs_help(facts(raters=[rater(1), rater(2)], findings=[]))).startswith("Nobody. All two")


def test_more_than_three_are_counted():
    flag = {"fault": "speeding", "p": 0.001, "false_alarm": 0.01, "says": {"such": 9, "n": 40, "floor": 3.0}}
    many = [rater(number, flags=[flag | {"p": 0.001 * number}]) for number in range(1, 6)]

    assert str(sentences.who_needs_help(facts(raters=many, findings=[]))) == "Five raters, Ana most of all."


def test_every_flag_has_its_evidence_and_its_false_alarm_rate():
    need = sentences.needs(facts())[1]

    assert need.name == "Cleo"
    assert need.flags[0].figures.replace("\u00a0", " ") == "Most of it after 62 % of 417 judgements; by chance 1 in 250"
    assert need.flags[0].false_alarm.replace("\u00a0", " ") == "raised for nothing 1 in 100 times"
    assert need.record.replace("\u00a0", " ") == "417 judged, gold 23 of 24, repeats 26 of 30, 57 s each"


# ── When am I done? ────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_done_what_it_takes_and_what_will_not_converge():
    answer = sentences.done(facts())

    assert text(answer).startswith(
        "Lighting is done. 214 more for emotional resonance. More will not settle narrative arc."
    )
    assert "Emotional resonance: 214 more (180 to 426), about 3.1 h and 124 in pay, reach .80." in text(answer)
    assert "Narrative arc: no number of judgements will reach .80: raters differ in taste." in text(answer)


def test_what_is_the_same_of_several_criteria_is_said_once():
    by = dict.fromkeys(CRITERIA, criterion(light="amber"))

    assert sentences.done(facts(by=by)).because[0].startswith("Lighting, narrative arc and emotional resonance: 214")
    assert len(sentences.done(facts(by=by)).because) == 1


def test_everything_done_is_now():
    by = dict.fromkeys(CRITERIA, criterion())

    assert str(sentences.done(facts(by=by))) == "Now: every criterion is done."


def test_no_report_is_too_early():
    assert str(sentences.done(facts_of({}, "lighting", NAMES))) == "Too early to say."


# ── Faults ─────────────────────────────────────────────────────────────────────────────────────────────────────────

PLANTED = {
    "side bias",
    "reversed rater",
    "random rater",
    "twins",
    "drift",
    "straight-lining",
    "halo",
    "taste camps",
    "disconnected",
    "leaked identity",
    "confounder",
    "identical works",
}


def test_every_planted_fault_has_words():
    assert set(FAULTS) >= PLANTED


def test_a_finding_keeps_its_place_its_figures_and_what_it_explains():
    first = {
        "fault": "straight-lining",
        "subject": {"rater": 7},
        "criterion": "lighting",
        "p": 2e-4,
        "severity": 1,
        "says": {"n": 90, "same": 80, "expected": 45.0},
        "co_flags": ["random rater"],
    }
    second = {
        "fault": "random rater",
        "subject": {"rater": 7},
        "p": 1e-4,
        "explained_by": "straight-lining",
        "says": {},
    }

    shown = sentences.sinking(facts(findings=[first, second]))

    assert [one.title for one in shown] == ["Gus presses the same key in long runs."]
    assert shown[0].evidence == (
        "The same place 80 times in 90, where 45 are expected; by chance 1 in 5,000. On lighting. "
        "It explains that a rater answers as a coin would."
    )


def test_numbers_that_no_words_know_of_are_still_told():
    finding = {"fault": "side bias", "subject": {}, "p": 0.01, "says": {"left_wins": 0.6, "n": 300}}

    assert "Left wins 60" in sentences.sinking(facts(findings=[finding]))[0].evidence


def test_a_fault_without_words_is_called_by_its_name():
    finding = {"fault": "moon phase", "subject": {"generator": 2}, "p": 0.01, "says": {"n": 3}}

    assert sentences.sinking(facts(findings=[finding]))[0].title == "Aurora v5: moon phase."


@pytest.mark.parametrize(
    ("between", "headline", "because"),
    [
        ([3900, 4212], "214 more for", "214 more (114 to 426), about"),
        ([3900, 4296], "About 214 more, up to 510, for", "214 more (114 to 510), about"),
        ([3900, None], "214 or more for", "214 more (114 or more), about"),
        (None, "214 more for", "214 more, about"),
    ],
)
def test_a_wide_forecast_says_so_first(between, headline, because):
    shown = told()
    shown["by"]["emotional-resonance"]["done"]["between"] = between

    answer = sentences.done(facts_of(shown, "lighting", NAMES))

    assert headline in str(answer).replace("\u202f", " ").replace("\u00a0", " ")
    assert because in text(answer)
