"""How numbers are said."""

import pytest

from feedback.results.dashboard import words


@pytest.mark.parametrize(
    ("said", "as_words"),
    [
        (words.coefficient(0.8), ".80"),
        (words.coefficient(-0.12), "−.12"),
        (words.coefficient(-0.001), ".00"),
        (words.coefficient(1.0), "1.00"),
        (words.give_or_take(0.8, 0.75, 0.85), ".80 ± .05"),
        (words.give_or_take(0.9, 0.7, 0.95), ".90 (.70 to .95)"),
        (words.give_or_take(0.8, None, None), ".80"),
        (words.share(0.508, 1), "50.8 %"),
        (words.counted(0), "no"),
        (words.counted(12), "twelve"),
        (words.counted(3786), "3,786"),
        (words.listed([]), ""),
        (words.listed(["A"]), "A"),
        (words.listed(["A", "B", "C"]), "A, B and C"),
        (words.plural(1, "judgement"), "1 judgement"),
        (words.plural(2000, "judgement"), "2,000 judgements"),
        (words.chance(1e-9), "less than 1 in a million"),
        (words.chance(0.000123), "1 in 8,100"),
        (words.chance(0.4), "40 %"),
        (words.lasting(0.4), "24 min"),
        (words.lasting(3.1), "3.1 h"),
        (words.lasting(1234), "1,234 h"),
        (words.signed(-0.5), "−0.50"),
        (words.capital("iPad wins"), "IPad wins"),
    ],
)
def test_numbers_as_one_says_them(said, as_words):
    assert said.replace("\u00a0", " ") == as_words
