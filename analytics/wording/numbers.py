"""Numbers in words: the only place that rounds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from unicodedata import bidirectional

SMALLEST_SHOWN = 5
"""Below this many courses a percentage is not shown."""

SMALLEST_STABLE = 20
"""Below this many courses a percentage is marked unstable."""

SPACE = "\N{NO-BREAK SPACE}"
DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"

_CONSOLE = str.maketrans({
    SPACE: " ", MINUS: "-", DASH: "-",
    "\N{GREATER-THAN OR EQUAL TO}": ">=", "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{RIGHTWARDS ARROW}": "->", "\N{MULTIPLICATION SIGN}": "x",
})


def console(text: str) -> str:
    """Our own signs in a form that any console can print; what a file says stays as it is."""
    return text.translate(_CONSOLE)


def rounded(number: float, decimals: int = 0) -> float:
    """A number rounded half away from zero, as people do by hand; 12.5 becomes 13.

    A billionth is allowed for floating point, so that 0.285 of 100 is 29 and not 28.
    """
    scale = 10**decimals
    nearest = math.floor(abs(number) * scale + 0.5 + 1e-9) / scale
    return -nearest if number < 0 and nearest else nearest


def _digits(number: float, decimals: int) -> str:
    shown = rounded(number, decimals)
    return (MINUS if shown < 0 else "") + f"{abs(shown):,.{decimals}f}"


def count(number: int) -> str:
    """A count with its thousands set apart."""
    return f"{number:,}"


def percent(fraction: float | None, decimals: int = 0) -> str:
    """A fraction as a percentage; one that is not 0 or 1 is never written as 0 % or 100 %."""
    if fraction is None:
        return "not known"
    least = 10.0**-decimals
    if fraction > 0 and rounded(fraction * 100, decimals) == 0:
        return f"<{least:g}{SPACE}%"
    if fraction < 1 and rounded(fraction * 100, decimals) == 100:
        return f">{100 - least:g}{SPACE}%"
    return f"{_digits(fraction * 100, decimals)}{SPACE}%"


def percent_range(low: float | None, high: float | None, decimals: int = 0) -> str:
    """Two fractions as one range, 49-58 %; the sign stands once."""
    if low is None or high is None:
        return "not known"
    return f"{_digits(low * 100, decimals)}{DASH}{_digits(high * 100, decimals)}{SPACE}%"


def points(number: float | None, decimals: int = 1) -> str:
    """A number of points, one decimal."""
    return "not known" if number is None else _digits(number, decimals)


def points_range(low: float | None, high: float | None) -> str:
    """Two numbers of points; "to" between them, because either may be negative."""
    return "not known" if low is None or high is None else f"{points(low)} to {points(high)}"


def score(number: float) -> str:
    """A score or a cut-off as it stands on the form: no decimal where there is none."""
    return f"{number:g}".replace("-", MINUS)


def isolated(text: str) -> str:
    """A name inside a sentence: one written from right to left does not draw the numbers after it to its side."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" if any(
        bidirectional(letter) in ("R", "AL") for letter in text) else text


def plural(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: 1 course, 12 courses."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words as a list in a sentence: a, b and c."""
    parts = list(words)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def window(days: tuple[int | None, int | None]) -> str:
    """A window of days, both ends inclusive: 1-31 days, from day -30 on, up to day 0."""
    low, high = days
    if low is None and high is None:
        return "any day"
    if low is None:
        return f"up to day {score(high)}"
    if high is None:
        return f"from day {score(low)} on"
    if low < 0:
        return f"day {score(low)} to day {score(high)}"
    return f"{low}{DASH}{high} days"


def rows(numbers: Sequence[int], most: int = 20) -> str:
    """Row numbers of a file: the first so many and how many there are in all."""
    shown = ", ".join(count_plain(number) for number in numbers[:most])
    if len(numbers) > most:
        return f"{shown} ... ({count(len(numbers))} in all)"
    return shown


def count_plain(number: int) -> str:
    """A row number: no thousands sign, so that it can be typed into a spreadsheet."""
    return str(int(number))


def sentence_case(text: str) -> str:
    """The text with its first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def inside_sentence(title: str) -> str:
    """A title inside a sentence: with a small letter, unless it begins with an abbreviation."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
