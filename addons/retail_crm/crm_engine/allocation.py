"""Splitting a whole amount over parts without losing a cent."""


def spread(amount: int, weights: list[int]) -> list[int]:
    """Split an amount over weights by largest remainder; the parts sum to the amount.

    Args: amount in minor units, any sign; weights >= 0, not all zero.
    Equal remainders go to the earlier part. Raises ValueError without a positive weight.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("spread needs weights >= 0 with a positive sum")
    sign, size = (-1, -amount) if amount < 0 else (1, amount)
    parts = [size * weight // total for weight in weights]
    remainders = [size * weight % total for weight in weights]
    left = size - sum(parts)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:left]:
        parts[index] += 1
    return [sign * part for part in parts]
