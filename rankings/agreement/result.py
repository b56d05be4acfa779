"""What a measure of agreement returns."""

from dataclasses import dataclass, field

from rankings.agreement import resampling
from rankings.agreement.patterns import Patterns
from rankings.agreement.resampling import Sample


@dataclass(frozen=True, eq=False, repr=False)
class Agreement:
    """How far raters agree, and how sure that is.

    Attributes
    ----------
    measure : str
        What was measured.
    value : float
        1 is complete agreement. For chance-corrected measures 0 is what chance explains, and less than 0 is possible.
    expected : float or None
        The value that raters would show who follow the model, each by a draw of their own; None without a model. The
        excess disagreement of the raters is ``expected - value``.
    n_units : int
        Units that entered the value.
    n_raters : int or None
        Raters, if they are known.
    n_ratings : int
        Ratings that entered the value.
    """

    measure: str
    value: float
    expected: float | None
    n_units: int
    n_raters: int | None
    n_ratings: int
    sample: Sample = field(repr=False)

    def interval(self, level: float = 0.95, rounds: int = 1000, seed: int = 0) -> tuple[float, float]:
        """Return an interval that covers the population's value in a share `level` of repetitions.

        Units are drawn with replacement from those rated: the interval is for other units of the same kind, rated by
        the same kind of raters. For Kendall's W the raters are drawn, and it is for other raters of the same items.
        Units with equal counts of ratings are exchangeable, so that a round is one multinomial draw of the distinct
        patterns: exact, at a cost that does not grow with the units.

        The interval is bootstrap-t for the root of one minus the value. A tenth of an average unit is added to each
        resample, so that those without disagreement or variation are counted and none is dropped.

        A nominal 95 % covered 95 to 99 % in 1,000 simulated data sets of 20 units each, 94 to 97 % with 50 and with 100,
        and for Kendall's W 94 to 97 % with 5 to 20 raters. It covers less where all depends on a rare category: for
        alpha, with one of two categories in 5 % of the ratings, 90 % with 50 units and 91 % with 100.

        Parameters
        ----------
        level : float
            Between 0 and 1.
        rounds : int
            Resamples.
        seed : int
            The same seed gives the same interval.

        Returns
        -------
        tuple of float
            Lower and upper end.

        Raises
        ------
        RankingError
            If `level` is not between 0 and 1 or `rounds` are too few for it; and where resamples would mislead: with
            fewer than five units (raters, for Kendall's W), if nobody disagrees or all units agree alike, or if almost
            all ratings are the same, so that many resamples had no variation.

        References
        ----------
        Efron and Tibshirani (1993), An Introduction to the Bootstrap, sections 12.5 and 12.6.
        """
        return resampling.interval(self.sample, level, rounds, seed)

    def __repr__(self) -> str:
        expected = "" if self.expected is None else f", {self.expected:.3f} expected"
        raters = "" if self.n_raters is None else f"{self.n_raters} raters, "
        return f"{self.measure} {self.value:.3f}{expected} ({raters}{self.n_units} units, {self.n_ratings} ratings)"


def of_patterns(measure: str, patterns: Patterns, sample: Sample, expected: float | None) -> Agreement:
    """Return the agreement of a sample of units."""
    return Agreement(
        measure=measure,
        value=resampling.agreement(sample),
        expected=expected,
        n_units=int(patterns.multiplicity.sum()),
        n_raters=patterns.n_raters,
        n_ratings=int(patterns.multiplicity @ patterns.sizes),
        sample=sample,
    )
