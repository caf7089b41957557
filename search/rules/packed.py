"""Several numbers in one whole number, so that rows of weights are summed by one addition each.

The rows that meet in one text lie all over a large table, and fetching them takes longer than adding them: a
packed row is one object where a tuple is five.
"""

from collections.abc import Iterable

#: Numbers are kept to about a ten-millionth, and sums of them up to two million.
_SCALE = 1 << 24
_WIDTH = 46
_MASK, _HALF, _WHOLE = (1 << _WIDTH) - 1, 1 << _WIDTH - 1, 1 << _WIDTH


def pack(numbers: Iterable[float]) -> int:
    """One number for several, the first lowest; packed numbers may be added.

    >>> unpack(pack([0.5, -2.0]) + pack([1.0, 0.25]), 2)
    [1.5, -1.75]
    """
    return sum(round(number * _SCALE) << _WIDTH * at for at, number in enumerate(numbers))


def unpack(packed: int, count: int) -> list[float]:
    """The first `count` numbers of what was packed, or of a sum of such."""
    found = []
    for _ in range(count):
        lowest = packed & _MASK
        if lowest >= _HALF:
            lowest -= _WHOLE
        found.append(lowest / _SCALE)
        packed = (packed - lowest) >> _WIDTH
    return found
