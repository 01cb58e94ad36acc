"""From a report back to what it was made of: files, rules, filters, version, command line."""

from __future__ import annotations

from collections.abc import Sequence

from analytics import __version__
from analytics.reports.defend import Origin, audience_options, quoted
from analytics.reports.exhibits_data import Exhibit
from analytics.reports.sections import Grid, Section
from analytics.wording import exhibits as words
from analytics.wording import overview
from analytics.wording.rules import became_sentence, cohort_sentence, rule_set_sentence


def origin_facts(exhibits: Sequence[Exhibit], origin: Origin) -> tuple[tuple[str, str], ...]:
    """What a report was made of, as pairs of a name and a text; names of files stay inside and on the board."""
    ask = exhibits[0].ask
    as_of = f"As of {origin.as_of}" if origin.as_of else overview.as_of_missing(origin.is_turned_relative)
    label = told_label(exhibits[0], origin)
    facts = [("Data", label), *(("Mark", mark) for mark in exhibits[0].marks),
             ("Rules", rule_set_sentence(origin.rules)), ("Why these rules", became_sentence(origin.rules) or ""),
             ("Filters", cohort_sentence(ask.where)), ("As of", as_of), ("Version", f"ketamine-outcomes {__version__}")]
    if ask.audience != "public":
        facts += [("Command", report_command(exhibits, origin))]
        facts += [(f"File {place}: {name}", f"SHA-256 {sha256}")
                  for place, (name, sha256) in enumerate(origin.files, start=1)]
    return tuple((name, text) for name, text in facts if text)


def told_label(first: Exhibit, origin: Origin) -> str:
    """Where the numbers come from; the public reads no file's name, which may hold more than a person meant to say."""
    return origin.label if first.ask.audience != "public" or origin.is_sample else ""


def origin_section(exhibits: Sequence[Exhibit], origin: Origin) -> Section:
    """The same as a section with a table."""
    return Section(words.LABELS["origin"], (), Grid(("What", "Which"), origin_facts(exhibits, origin)))


def report_command(exhibits: Sequence[Exhibit], origin: Origin, out: str = "report.html") -> str:
    """The command line that makes the same report from the same files."""
    ask = exhibits[0].ask
    parts = ["python -m analytics report", *(quoted(name) for name, _ in origin.files)]
    parts += [f"--map {quoted(f'{column}={field}')}" for column, field in origin.mapping]
    parts += ["--dates relative"] if origin.is_turned_relative else []
    parts.append(f"--rules {origin.rules.requested or origin.rules.preset}")
    parts += [f"--set {quoted(f'{key}={text}')}" for key, text in origin.rules.settings]
    parts += [f"--where {quoted(f'{name}={level or str()}')}" for name, levels in ask.where.items() for level in levels]
    by = dict.fromkeys(name for one in exhibits if one.ask.kind == "strata" for name in one.ask.by)
    parts += [f"--by {quoted(name)}" for name in by]
    parts += [f"--instrument {ask.instrument}"] if ask.instrument else []
    parts += [f"--as-of {origin.as_of}"] if origin.as_of else []
    parts += [] if ask.disclosure is None else [audience_options(ask.disclosure)]
    return " ".join([*parts, f"--out {quoted(out)}"])
