"""How numbers and lists are written in sentences."""

from collections.abc import Sequence

SPACE = "\u00a0"  # keeps a number and its unit on one line
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
LOPSIDED = 0.02  # of an interval's sides, above which both ends are said


def listed(names: Sequence[str]) -> str:
    """A, B and C."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def counted(number: int) -> str:
    """In words up to twelve, in figures with their thousands set apart above."""
    return SMALL[number] if number < len(SMALL) else f"{number:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """The number with its noun: 1 judgement, 3,786 judgements."""
    return f"{number:,}{SPACE}{one if number == 1 else many or one + 's'}"


def share(value: float, digits: int = 0) -> str:
    """A share as per cent."""
    return f"{100 * value:.{digits}f}{SPACE}%"


def coefficient(value: float) -> str:
    """What lies between −1 and 1, with two digits and without its nought: .80."""
    written = f"{abs(value):.2f}"
    return ("−" if float(written) and value < 0 else "") + written.removeprefix("0")


def give_or_take(value: float, low: float | None, high: float | None) -> str:
    """A coefficient with its interval: .80 ± .05, or both ends where one side is longer."""
    if low is None or high is None:
        return coefficient(value)
    below, above = value - low, high - value
    if abs(below - above) <= LOPSIDED:
        return f"{coefficient(value)}{SPACE}±{SPACE}{coefficient((high - low) / 2)}"
    return f"{coefficient(value)} ({coefficient(low)} to {coefficient(high)})"


def signed(value: float) -> str:
    """A strength with its sign, a true minus, and two digits."""
    return f"{value:+.2f}".replace("-", "−")


def chance(p: float) -> str:
    """A p value as one says it: 1 in 30,000; under 1 in a million it no longer matters how far."""
    if p <= 1e-6:
        return "less than 1 in a million"
    if p >= 0.2:
        return share(p)
    return f"1 in {_round(1 / p):,}"


def lasting(hours: float) -> str:
    """Hours as one says them."""
    if hours < 1:
        return f"{max(1, round(60 * hours))}{SPACE}min"
    return f"{hours:.1f}{SPACE}h" if hours < 20 else f"{hours:,.0f}{SPACE}h"


def capital(sentence: str) -> str:
    """With a capital letter first, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def _round(number: float) -> int:
    """To two digits that count."""
    power: int = 10 ** max(0, len(str(int(number))) - 2)
    return round(number / power) * power
