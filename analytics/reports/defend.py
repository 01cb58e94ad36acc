"""“Defend this number”: one sheet for every rate, the answer to somebody who doubts it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analytics import __version__
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.definitions.nhs import NhsScales
from analytics.definitions.rules import Rules, RuleSet
from analytics.reports.sections import Grid, Section
from analytics.wording import bridge as bridge_words
from analytics.wording import defence, definitions, overview, rates
from analytics.wording import missing as missing_words
from analytics.wording import published as published_words
from analytics.wording.flow import steps
from analytics.wording.numbers import count
from analytics.wording.rules import became_sentence, cohort_sentence, rule_set_sentence

MOST_FILES = 6


@dataclass(frozen=True)
class Origin:
    """Where a result comes from, so that it can be made again.

    Attributes
    ----------
    files : names with their SHA-256
    mapping : what a person said the columns are
    is_turned_relative : whether dates of the files were turned into days when they were read
    """

    label: str
    files: tuple[tuple[str, str], ...]
    rules: RuleSet
    where: Mapping[str, Sequence[str | None]]
    mapping: tuple[tuple[str, str], ...] = ()
    as_of: str | None = None
    is_sample: bool = False
    is_turned_relative: bool = False


@dataclass(frozen=True)
class Sheet:
    """One printable page.

    Attributes
    ----------
    marks : what must stand at its top, as "invented sample data"
    """

    title: str
    text: str
    marks: tuple[str, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Beside:
    """What stands beside a result on its sheet; each is left out where it is missing.

    Attributes
    ----------
    bridge : from the clinic's old way of counting to this number
    published : published figures with our courses counted their way
    missing : what those lost could do to it
    harm : the rate of worsening of the same courses
    told : by audience, what ``results.disclosure_said`` lets it be told; missing where that was not asked
    """

    bridge: Any = None
    published: tuple[Any, ...] = ()
    missing: Any = None
    harm: Any = None
    told: Mapping[str, Any] | None = None


def defend_sheet(
    result: Any, instrument: Instrument | NhsScales, origin: Origin, rules: Rules, beside: Beside | None = None
) -> Sheet:
    """The sheet of one result.

    Parameters
    ----------
    result : a Rate or a Mean
    rules : the rules of the courses counted; the base rules where they go by indication
    """
    beside = beside or Beside()
    is_mean = result.measure == "mean_improvement"
    headline = rates.mean_headline(result) if is_mean else rates.headline(result, instrument)
    return Sheet(
        headline.title, headline.text, ("Invented sample data",) if origin.is_sample else (),
        (
            Section("What it says", (defence.what_it_says(result, instrument),)),
            Section("Who is in it", (f"{cohort_sentence(origin.where)}.",), _steps_grid(result, instrument)),
            Section("Who is missing, and what if", defence.missing_sentences(result)),
            *_old_number(beside),
            Section("How sure", (*defence.sure_sentences(result, rules), *_more(beside))),
            *_their_way(result, beside),
            Section("What may be said, and what may not", _sayings(result, instrument, origin, beside)),
            Section("How to make it again", _again_sentences(result, origin), _files_grid(origin)),
        ))


def _old_number(beside: Beside) -> tuple[Section, ...]:
    """Why it is not the number we used to say: the old way, and each step's change."""
    if beside.bridge is None:
        return ()
    sentences = bridge_words.bridge_sentences(beside.bridge)
    rows = tuple((rung.title, rung.counts, rung.shown, rung.change) for rung in bridge_words.waterfall(beside.bridge))
    grid = Grid(("Rule that took the old one's place", "Courses", "Rate", "Points"), rows) if rows else None
    return (Section("Why it is not the number we used to say", sentences[:2], grid),)


def _more(beside: Beside) -> tuple[str, ...]:
    """How many courses more would make it surer."""
    found = beside.missing
    return () if found is None or found.more is None else (missing_words.more_sentence(found),)


def _their_way(result: Any, beside: Beside) -> tuple[Section, ...]:
    """Published figures of the same measure, where ours can be counted their way."""
    rows = [row for one in beside.published if one.benchmark.rules is not None
            and one.benchmark.rules.instrument == result.instrument
            for row in published_words.rows_of(one, result.measure)]
    return (Section("Counted their way", (), Grid(published_words.BESIDE_HEADER, tuple(rows))),) if rows else ()


def _sayings(
    result: Any, instrument: Instrument | NhsScales, origin: Origin, beside: Beside
) -> tuple[str, ...]:
    """What may be said by audience where it is a rate of benefit, and what not."""
    limits = defence.limits_sentences(result, instrument)
    measure = MEASURES[result.measure]
    if measure.kind != "rate" or measure.direction != "benefit" or isinstance(instrument, NhsScales):
        return limits
    first, *others = published_words.may_be_said(result, instrument, origin.rules, beside.harm, beside.told)
    # What everybody may hear stands once: the sheet is one page.
    said = [f"{audience}: {sentence.replace(first[1], 'As above.')}" for audience, sentence in others]
    return (f"{first[0]}: {first[1]}", *said, *limits)


def _steps_grid(result: Any, instrument: Instrument) -> Grid:
    lines = [(count(step.remaining), step.label, step.left or "everyone who started")
             for step in steps(result, instrument)]
    if result.measure != "mean_improvement":
        verb = definitions.outcome_verb(MEASURES[result.measure])
        lines.append((count(result.numerator), verb, ""))
    return Grid(("Courses", "Still in", "Left before this step"), tuple(lines))


def _again_sentences(result: Any, origin: Origin) -> tuple[str, ...]:
    sentences = [f"Rules: {rule_set_sentence(origin.rules)}.", became_sentence(origin.rules) or ""]
    sentences.append(f"As of {origin.as_of}." if origin.as_of else overview.as_of_missing(origin.is_turned_relative))
    sentences.append(f"Version {__version__}. Command: {command(result.instrument, origin)}")
    return tuple(sentence for sentence in sentences if sentence)


def _files_grid(origin: Origin) -> Grid:
    lines = [(name, sha256) for name, sha256 in origin.files[:MOST_FILES]]
    if len(origin.files) > MOST_FILES:
        lines.append((f"and {len(origin.files) - MOST_FILES} more", "named by the command line's JSON"))
    return Grid(("File", "SHA-256"), tuple(lines))


def command(instrument: str, origin: Origin) -> str:
    """The command line that gives the same number from the same files."""
    rules = origin.rules
    words = ["python -m analytics summary", *(quoted(name) for name, _ in origin.files)]
    words += [f"--map {quoted(f'{column}={field}')}" for column, field in origin.mapping]
    words += ["--dates relative"] if origin.is_turned_relative else []
    words.append(f"--rules {rules.requested or rules.preset}")
    words += [f"--set {quoted(f'{key}={text}')}" for key, text in rules.settings]
    words += [f"--where {quoted(f'{name}={level or str()}')}"
              for name, levels in origin.where.items() for level in levels]
    words.append(f"--instrument {instrument}")
    words += [f"--as-of {origin.as_of}"] if origin.as_of else []
    return " ".join(words)


def audience_options(disclosure: Any) -> str:
    """The options of a command line that tells as much as this."""
    rounded = f" --round {disclosure.rounding}" if disclosure.rounding else ""
    return f"--audience {disclosure.audience} --suppress {disclosure.threshold}{rounded}"


def quoted(word: str) -> str:
    """A word of a command line, in double quotes where a console would split or read it."""
    if re.fullmatch(r"[A-Za-z0-9_.,:=/@\[\]+-]+", word):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`") + '"'
