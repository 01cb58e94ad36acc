"""Numbers of a file that no told result explains: read from every text, cache and attribute that says something."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from analytics.results.published import published
from analytics.wording.numbers import rounded
from tests.results.clinic_files import told_of
from tests.results.export_reader import Piece

_SPOKEN = re.compile(
    r"/(text|t|v|desc|title|subject)$|@(descr|title|alt|aria-label|content)$|/page \d+$|facts|README\.txt$"
    r"|recipe\.toml$|results\.json\.exhibits\..*(title|measure|reading|rows)$|question\.json|files\.json.*rows$"
    r"|figure.*\.(x|text|ticktext|hovertemplate|hovertext|customdata|array|arrayminus|x0|x1)$")
"""What says something; the rest is layout: sizes, places, colours, keys of style."""

_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?![\w])")
_NO_NUMBERS = re.compile(
    r"SHA-256|[0-9a-f]{64}|sha256-[A-Za-z0-9+/=]{44}|ketamine-outcomes \d\S*|PHQ-9|GAD-7|[Ii]tem 9|95\s?%"
    r"|[Ss]cored\s+(?:below\s+)?10\b|^10\s+(?:or\s+more|at\s+the\s+start)|counts\s+of\s+1\s+to\s+10|--suppress 11|[Ff]ewer\s+than\s+(11|20|30)|than\s+80\s%|https?://\S+|default-src[^>]*")
"""Numbers that are names, rules or thresholds: hashes, versions, scales, the line of a case, the level of intervals."""


def sentences(found: Iterable[Piece]) -> set[str]:
    """Everything said, in sentences or cells."""
    return {part.strip() for one in found if _SPOKEN.search(one.place)
            for part in re.split(r"(?<=[.;:])\s|\n|\s?\|\s?", one.text) if part.strip()}


def strays(said: Iterable[str], report: Any) -> list[str]:
    """The sentences with a number that is not one of the told results, nor made of them as a report makes it."""
    whole, fractions = _told(report)
    found = []
    for one in said:
        bare = _NO_NUMBERS.sub(" ", one).replace("\N{MINUS SIGN}", "")
        if not all(_is_told(text.replace(",", ""), whole, fractions) for text in _NUMBER.findall(bare)):
            found.append(one)
    return sorted(found)


def _is_told(text: str, whole: set[str], fractions: Sequence[float]) -> bool:
    if text in whole:
        return True
    value = float(text)
    return ("." in text or "e" in text) and any(math.isclose(value, one, rel_tol=1e-6, abs_tol=1e-9)
                                               for one in fractions)


def _told(report: Any) -> tuple[set[str], list[float]]:
    """The told numbers as a report may write them: as they are, as per cent and points, and as sums of one result."""
    whole, fractions = set(), []
    answers = report.answers
    for text in told_of(answers).values():
        record = json.loads(text) if text else {}
        for value in _leaves(record):
            if isinstance(value, float):
                fractions += [value]
            elif isinstance(value, int):
                whole |= {str(value)}
            else:
                whole |= {one.replace(",", "") for one in _NUMBER.findall(str(value))}
        for one in record.get("results", ()):
            fractions += [abs(one[name] - one["estimate"]) for name in ("low", "high") if one.get(name) is not None]
            left = list(one["left_out"].values())
            if one["courses"] is not None:
                whole |= {str(one["courses"] - done) for done in itertools.accumulate(left, initial=0)}
            whole |= {str(sum(left))}
        if "band" in record:
            for side in ("baseline", "endpoint"):
                counts = list(record[side].values())
                whole |= {str(sum(counts))}
                fractions += [one / sum(counts) for one in counts]
    exempt = next((one.ask for one in report.exhibits), None)
    if exempt is not None and answers.is_exempt(exempt):
        for one in (figure for found in published(answers.of, exempt.where) for figure in found.figures):
            fractions += [value for value in (one.printed.estimate,) if value is not None]
            if one.ours is not None:
                whole |= {str(one.ours.numerator), str(one.ours.denominator)}
                ends = (one.ours.estimate, one.ours.low, one.ours.high)
                fractions += [value for value in ends if value is not None]
                fractions += [abs(value - ends[0]) for value in ends[1:] if value is not None]
    for value in fractions:
        whole |= {f"{rounded(100 * abs(value), 0):.0f}", f"{rounded(abs(value), 1):.1f}",
                  f"{rounded(100 * abs(value), 1):.1f}"}
    return whole, fractions


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _leaves(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _leaves(one)
    elif value is not None and not isinstance(value, bool):
        yield value
