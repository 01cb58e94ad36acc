"""Results and findings as lines of text for a console."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analytics.definitions.findings import Finding
from analytics.definitions.measures import MEASURES
from analytics.definitions.tables import FileRecord
from analytics.ingest.fields import map_option
from analytics.wording import definitions, rates
from analytics.wording.disclosure import gate_of, told_sentences
from analytics.wording.numbers import console, count, listed, plural, rows
from analytics.wording.rules import became_sentence, category, cohort_sentence, rule_set_sentence

_WORDS_OF_SEVERITY = {"blocks": "BLOCKS", "drops_rows": "NOT USED", "note": "NOTE"}


def check_text(files: Sequence[FileRecord], findings: Iterable[Finding]) -> str:
    """What was read and what was found, one finding a paragraph."""
    lines = [f"{one.name}: {one.kind}, {plural(one.rows, 'row')}, {count(one.rows_used)} used" for one in files]
    found = sorted(findings, key=lambda one: ("blocks", "drops_rows", "note").index(one.severity))
    lines += ["", *(finding_text(one) for one in found)] if found else ["", "Nothing found."]
    return console("\n".join(lines))


def finding_text(finding: Finding) -> str:
    """One finding: where, what, and what to do."""
    where = [finding.file or "all files"]
    if finding.column is not None:
        where.append(f"column {finding.column}")
    if finding.rows:
        where.append(f"row{'s' if len(finding.rows) > 1 else ''} {rows(finding.rows)}")
    return (f"{_WORDS_OF_SEVERITY[finding.severity]} {finding.code} ({', '.join(where)})\n"
            f"  {finding.problem}\n  {finding.remedy}")


def gone_text(recipe: str, gone: Sequence[str], alike: Mapping[str, tuple[str, str]]) -> str:
    """The columns of a recipe that no file has; with a new header that looks alike, the option that maps it."""
    shown = listed([*gone[:10], *([f"{count(len(gone) - 10)} more"] if len(gone) > 10 else [])])
    hints = [f"{renamed} looks like {header}: say {map_option(renamed, words)} if it is the same."
             for header, (renamed, words) in alike.items()]
    are = "is" if len(gone) == 1 else "are"
    told = f"{recipe}: {plural(len(gone), 'column')} of the recipe {are} in no file: {shown}."
    return console(" ".join([told, *hints]))


def summary_text(summary: Any) -> str:
    """A summary as text: what was asked, then one line a result."""
    counted = ", ".join(plural(summary.counts[many], one) for many, one in (
        ("patients", "patient"), ("courses", "course"), ("sessions", "session")) if many in summary.counts)
    lines = [
        f"{cohort_sentence(summary.where)}{': ' if counted else ''}{counted}",
        f"Rules: {rule_set_sentence(summary.rules)}",
        f"As of: {summary.as_of or 'the end of the files'}",
    ]
    lines += told_sentences(summary.told) if summary.told is not None else ()
    became = became_sentence(summary.rules)
    lines += [became] if became else []
    for key, instrument in summary.instruments.items():
        lines += ["", instrument.title]
        lines += [f"  {_line(one, summary.told)}" for one in summary.results if one.instrument == key]
    if not summary.results:
        lines += ["", rates.NO_COURSE + ": the files hold no score."]
    notes = [one for one in summary.findings if one.severity != "note"]
    if notes:
        lines += ["", f"{plural(len(notes), 'finding')} on rows or values that were not used: run check to see them."]
    return console("\n".join(lines))


def _line(result: Any, told: Any) -> str:
    shown = rates.card(result)
    stratum = ", ".join(f"{name} {category(level)}" for name, level in result.stratum.items())
    title = definitions.measure_title(MEASURES[result.measure]) + (f" ({stratum})" if stratum else "")
    if told is not None and result.withheld and gate_of(told, result):
        return f"{title}: not for the public"
    parts = [f"{title}: {shown.shown}"]
    parts += [shown.counts] if shown.counts else []
    parts += [f"95 % interval {shown.interval}"] if shown.interval else []
    parts += [shown.mark] if shown.mark else []
    left = ", ".join(f"{count(number)} {'for any reason' if reason == 'pooled' else reason}"
                     for reason, number in result.left_out.items())
    return "; ".join(parts) + (f" [left out: {left}]" if left else "")
