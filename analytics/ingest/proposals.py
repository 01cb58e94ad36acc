"""Proposals for columns that no usual name explains: by the words of a question, by the name of the table, by the
columns beside them; and the questions to ask where two readings are possible."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from analytics.definitions.instruments import Instrument
from analytics.ingest.awful_headers import NOT_NEEDED, awful_score, instrument_in
from analytics.ingest.fields import Use, map_option
from analytics.ingest.problems import ProblemLog
from analytics.ingest.question_texts import asked_twice, matched_words, questions
from analytics.ingest.read import Part
from analytics.ingest.score_values import fit_total, hold_answers, same_values
from analytics.ingest.synonyms import squeezed

_TOTALS = frozenset({"total", "score", "totalscore", "scoretotal", "sum", "sumscore", "overallscore", "finalscore",
                     "rawscore", "result", "tot", "points", "rawtotal", "totalpoints", "sumofitems"})
_ITEM = re.compile(r"(?:q|item|question|i|itm|frage)\s*[\s_.#-]*0?(?P<item>[0-9]{1,2})", re.IGNORECASE)
_LATER = re.compile(r"(?P<first>.+?)(?:\.(?:[1-9][0-9]?)| \(column [0-9]+\))")
_AROUND_SESSION = {
    **dict.fromkeys(("pre", "before", "predose", "baseline"), "before"),
    **dict.fromkeys(("during", "peak"), "during"),
    **dict.fromkeys(("post", "after", "postdose", "end"), "after"),
}
_MOST_CHOICES = 4


def ask(
    part: Part, header: str, why: str, choices: Sequence[tuple[str, str]], log: ProblemLog, reason: str | None = None
) -> Use:
    """A column that is not read until somebody says what it is."""
    said = ", ".join(f"{map_option(header, words)} if it is {meaning}" for meaning, words in choices
                     if words != "ignore")
    log.add("column_ambiguous", part.name, header, why=why, choices=(*choices, NOT_NEEDED) if choices else (),
            what_to_do=f"Say {said}." if said else "Say what it is with --map COLUMN=FIELD if it matters.")
    return Use(header, None, reason or f"{why.rstrip('.')}; not guessed", confidence="open", is_told=True)


def later_ones(
    part: Part, headers: Iterable[str], aliases: Mapping[str, str], instruments: Mapping[str, Instrument],
    log: ProblemLog,
) -> dict[str, Use]:
    """Columns whose name came before, as ``date (column 5)`` or ``date.1``: a copy of the first, or asked about."""
    found = {}
    for header in headers:
        match = _LATER.fullmatch(header)
        first = match["first"] if match else None
        if first is None or first not in part.headers:
            continue
        if header.startswith(first + ".") and _is_numbered(part, first):
            continue
        if same_values(part, first, header):
            found[header] = Use(header, None, f"holds the same as {first}", is_told=True)
        else:
            key = instrument_in(first, aliases, instruments)
            found[header] = ask(part, header, "The column has the name of an earlier one and other values; it was not "
                                "read.", _later_choices(part, header, first, instruments.get(key or "")), log)
    return found


def first_of_several(part: Part, uses: list[Use]) -> list[Use]:
    """The first column of a name is less sure where a later one of that name holds other values."""
    asked = {match["first"] for use in uses if use.confidence == "open" and use.is_told
             and (match := _LATER.fullmatch(use.header)) and match["first"] in part.headers}
    return [replace(use, confidence="likely", reason=f"{use.reason}; another column has its name")
            if use.header in asked and use.confidence == "sure" and use.field is not None else use for use in uses]


def _later_choices(
    part: Part, header: str, first: str, instrument: Instrument | None
) -> list[tuple[str, str]]:
    """What a second column of a name may be."""
    if "date" in squeezed(first):
        return [("the date of an assessment", "assessed_on"), ("the date of a session", "treated_on")]
    if instrument is None:
        return [("an attribute of its own", "attribute")]
    item = re.search(r"\.([1-9][0-9]?)$", header)
    is_item = item is not None and int(item[1]) <= instrument.n_items and hold_answers(part, [header], instrument)
    choices = [(f"item {item[1]} of {instrument.title}", f"{instrument.key}.{item[1]}")] if is_item else []
    return [*choices, (f"the {instrument.title} total at another visit", f"{instrument.key}@2")]


def _is_numbered(part: Part, first: str) -> bool:
    """Whether a name comes with .1, .2, .3 as items do, and not with the .1 of a copy alone."""
    return sum(header.startswith(first + ".") and header[len(first) + 1:].isdigit() for header in part.headers) > 2


def question_uses(
    part: Part, headers: Collection[str], instruments: Mapping[str, Instrument], log: ProblemLog
) -> dict[str, Use]:
    """Items whose headers are the words of their questions."""
    found = {}
    matched = matched_words(headers)
    told = questions(matched, instruments)
    fitting = {question.key for question in told.values()}
    fitting = {key for key in fitting if hold_answers(
        part, [header for header, question in told.items() if question.key == key], instruments[key])}
    for header, question in told.items():
        if question.key in fitting:
            found[header] = Use(
                header, "item", "its words are those of the question, and all questions are there in their order"
                if question.is_whole_set else "its words are those of the question", question.key, question.item,
                confidence="sure" if question.is_whole_set else "likely")
    rest = {header: of_header for header, of_header in matched.items() if header not in found}
    for header, (key, item) in asked_twice(rest, instruments).items():
        found[header] = ask(part, header, "Another column asks the same question; neither was read.",
                            [(f"item {item} of {instruments[key].title}", f"{key}.{item}")], log)
    return found


def awful_uses(
    part: Part, headers: Iterable[str], aliases: Mapping[str, str], instruments: Mapping[str, Instrument],
    log: ProblemLog,
) -> dict[str, Use]:
    """Columns that name an instrument among other words."""
    found = {}
    for header in headers:
        proposal = awful_score(part, header, aliases, instruments)
        if proposal is not None:
            found[header] = proposal.use if not proposal.choices else ask(
                part, header, proposal.why, proposal.choices[:-1], log)
    return found


def named_by_table(
    part: Part, headers: Iterable[str], uses: Iterable[Use], aliases: Mapping[str, str],
    instruments: Mapping[str, Instrument],
) -> dict[str, Use]:
    """A total or items without a name of their own, in a table that is called after one instrument."""
    key = instrument_in(_title(part.name), aliases, instruments)
    if key is None or any(use.field in ("total", "item") and use.instrument == key for use in uses):
        return {}
    instrument = instruments[key]
    found = {}
    items = {int(match["item"]): header for header in headers if (match := _ITEM.fullmatch(header))}
    if instrument.n_items and set(items) == set(range(1, instrument.n_items + 1)) and hold_answers(
            part, items.values(), instrument):
        found = {header: Use(header, "item", f"one of a full set of items in a table called after {instrument.title}",
                             key, item, confidence="likely") for item, header in items.items()}
    totals = [header for header in headers if squeezed(header) in _TOTALS
              and fit_total(part, header, (instrument.minimum, instrument.maximum))]
    if len(totals) == 1:
        found[totals[0]] = Use(totals[0], "total", f"a total in a table called after {instrument.title}", key,
                               confidence="likely")
    return found


def _title(name: str) -> str:
    """What a table is called: its sheet or form, else its file without the ending."""
    match = re.search(r"\[([^\[\]]+)\]$", name)
    return match[1] if match else re.sub(r"(?:\.[A-Za-z0-9]{2,7}| \([0-9]+\))+$", "", name)


def unnamed_total(part: Part, header: str, instruments: Mapping[str, Instrument], log: ProblemLog) -> Use:
    """A total of nobody knows what: asked about, with the instruments whose range its values fill best."""
    fitting = [one for one in instruments.values() if fit_total(part, header, (one.minimum, one.maximum))]
    nearest = sorted(fitting, key=lambda one: one.maximum - one.minimum)[:_MOST_CHOICES]
    return ask(part, header, "The column holds totals and nothing says of which instrument; it was not read.",
               [(f"the {one.title} total", one.key) for one in nearest], log,
               reason="a total needs a column that names the instrument")


def _is_alone(use: Use, uses: list[Use]) -> bool:
    """Whether the columns of an instrument have one visit only."""
    return len({other.visit for other in uses if other.instrument == use.instrument}) == 1


def around_sessions(part: Part, uses: list[Use], log: ProblemLog) -> list[Use]:
    """Scores called pre and post where rows are sessions or dated visits: of a session, or a visit's; asked about.

    In a table of dated visits a pair of names is a wide table's, and only one alone is asked about.
    """
    are_sessions = any(use.field in ("treated_on", "dose", "route", "drug", "minutes") and use.visit is None
                       for use in uses)
    are_dated = any(use.field in ("day", "date", "assessed_on") and use.visit is None and use.instrument is None
                    for use in uses)
    if not are_sessions and not are_dated:
        return uses
    asked = []
    for use in uses:
        timing = _AROUND_SESSION.get(squeezed(use.visit)) if use.visit is not None and not use.is_explicit else None
        if use.field == "total" and timing is not None and (are_sessions or _is_alone(use, uses)):
            plain, words = replace(use, visit=None), replace(use, visit=None, options=(*use.options, timing)).words
            choices = [(f"{timing} the session of the row", words), (f"the visit called {use.visit}", use.words)]
            use = ask(part, use.header, "The column's name could mean before or after a session, or a visit; it was "
                      "not read.", choices if are_sessions else [("the score of the row", plain.words), *choices], log)
        asked.append(use)
    return asked
