"""What recommendations bring: members who get them beside members who don't, with the doubt."""

from dataclasses import dataclass

from scipy.special import stdtrit

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Sample:
    """A group: number of members, mean and sample variance of what they spent."""

    size: int
    mean: float
    variance: float


@dataclass(frozen=True)
class Uplift:
    """Difference of the means with its confidence interval, in the unit of the means."""

    difference: float
    low: float
    high: float
    freedom: float


def uplift(treated: Sample, control: Sample) -> Uplift | None:
    """Return what the treated have more than the control, None where nothing can be said.

    At least two members per group are needed. Source: Welch 1947, unequal variances.
    """
    if min(treated.size, control.size) < 2:
        return None
    shares = [group.variance / group.size for group in (treated, control)]
    difference = treated.mean - control.mean
    total = sum(shares)
    spread = sum(
        share**2 / (group.size - 1) for share, group in zip(shares, (treated, control), strict=True)
    )
    if spread <= 0:  # all spent the same
        return Uplift(difference, difference, difference, float("inf"))
    freedom = total**2 / spread
    reach = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * total**0.5
    return Uplift(difference, difference - reach, difference + reach, freedom)
