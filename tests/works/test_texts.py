"""What raters see of a text, and places carried between it and the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.works.texts import shown

SIGNED = st.text(
    alphabet=st.sampled_from("ab\u200b\u200c\u200d\u2060\ufeff\u00ad\u202f\U000e0041\ufe0f é\n"), max_size=40
)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\u200bb\u2060c\ufeffd\u00ade", "abcde"),
        ("la\u200dmp \u200cis", "lamp is"),
        ("a\U000e0053\U000e0079b", "ab"),
        ("a\ufe00b\ufe0fc", "a\ufe00bc"),
        ("9\u202fh\u00a030\u2009!", "9 h 30 !"),
        ("\u202eabc\u202c", "abc"),
        ("a\u3164b\u115fc\u2800", "abc"),
    ],
)
def test_what_no_eye_can_see_is_not_there(text, seen):
    assert shown(text).text == seen


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d👧",
        "می\u200cخواهم",
        "क्\u200dष",
        "❤\ufe0f ©\ufe0f 1\ufe0f\u20e3",
        "葛\U000e0100城",
        "שלום \u200fa\u200e!",
        "٣ \u06dd",
    ],
)
def test_what_a_script_needs_stays(text):
    assert shown(text).text == text


@given(SIGNED, st.data())
def test_places_go_to_the_original_and_back(text, data):
    seen = shown(text)
    if not seen.text:
        return
    start = data.draw(st.integers(0, len(seen.text) - 1))
    end = data.draw(st.integers(start + 1, len(seen.text)))

    first, last = seen.to_original(start, end)

    assert seen.to_shown(first, last) == (start, end)
    assert text[first] in (seen.text[start], "\u202f")
    assert text[last - 1] in (seen.text[end - 1], "\u202f")


def test_a_stretch_that_begins_and_ends_unseen_is_shown_without_its_ends():
    seen = shown("a\u200bbc\u200bd")

    assert seen.to_shown(1, 5) == (1, 3)
    assert seen.to_original(1, 3) == (2, 4)
