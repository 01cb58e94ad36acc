"""Tables of surveys with one answer a row: one line a filled-in form, one column an item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analytics.definitions.instruments import Instrument
from analytics.ingest.fields import Use
from analytics.ingest.flow_sheets import grouped, joined_rows, place_headers
from analytics.ingest.headers import aliases_of, instrument_named
from analytics.ingest.measure_names import Measure, measures_of, with_said
from analytics.ingest.parts import Part
from analytics.ingest.pivot import picked, side_by_side
from analytics.ingest.problems import ProblemLog
from analytics.ingest.question_texts import matched_words, questions
from analytics.ingest.relations import found_at, id_columns, keys_of
from analytics.ingest.synonyms import HEADERS, squeezed

_SURVEYS = ("surveyname", "surveytitle", "surveytype", "questionnairename", "questionnairetitle", "formname",
            "formtitle", "templatename", "scalename", *HEADERS["instrument"])
_NUMBERS = ("questionnumber", "questionno", "questionnum", "itemnumber", "itemno", "questionorder", "questionindex",
            "questionposition", "itemorder")
_QUESTIONS = ("questiontext", "question", "questionlabel", "questiontitle", "itemtext", "prompt", "item",
              "questionname")
_ANSWERS = ("answerscore", "answervalue", "responsescore", "responsevalue", "questionscore", "itemscore", "points",
            "score", "value", "answer", "response", "answertext", "responsetext", "answerlabel")
_RESPONSES = frozenset({"surveyresponse", "response", "questionnaireresponse", "submission", "survey", "assessment",
                        "questionnaire", "form"})


@dataclass(frozen=True)
class _Shape:
    """The columns of a table of answers."""

    survey: str | None
    number: str | None
    question: str | None
    answer: str
    response: str | None


def with_survey_answers(
    parts: Iterable[Part], said: Mapping[str, Use], instruments: Mapping[str, Instrument], log: ProblemLog
) -> list[Part]:
    """The tables, with answers one a row put side by side."""
    turned = []
    parts = list(parts)
    for place, part in enumerate(parts):
        shape = _shape(part)
        made = part if shape is None else _turned(part, shape, said, instruments, log)
        if made is not part and shape.response is not None:
            for other, parent in enumerate(parts):
                if other != place:
                    made, parts[other] = _with_totals(made, shape.response, parent, said, instruments, log)
                    if other < place:
                        turned[other] = parts[other]
        turned.append(made)
    return turned


def questions_in_rows(part: Part) -> tuple[str, ...]:
    """The questions that stand in the rows of a survey; a person may say what one asks."""
    shape = _shape(part)
    return part.column(shape.question).texts if shape is not None and shape.question is not None else ()


def _with_totals(
    child: Part, response: str, parent: Part, said: Mapping[str, Use], instruments: Mapping[str, Instrument],
    log: ProblemLog,
) -> tuple[Part, Part]:
    """Totals that another table gives of the same filled-in forms, read beside their answers and there only."""
    key = next((one.header for one in keys_of(parent) if squeezed(one.header) == squeezed(response)), None)
    by_word = {squeezed(header): header for header in reversed(parent.headers)}
    survey, total = (next((by_word[word] for word in words if word in by_word), None)
                     for words in (_SURVEYS, HEADERS["total"]))
    if key is None or survey is None or total is None:
        return child, parent
    aliases = aliases_of(instruments)
    names = parent.column(survey)
    keys = [instrument_named(text, aliases) for text in names.texts]
    positions = found_at(child.column(response), parent.column(key))
    moved = np.zeros(len(parent.rows), dtype=bool)
    columns = {}
    for instrument in dict.fromkeys(key for key in keys if key is not None):
        has_answers = _has_answers(child, instrument, said)
        is_named = names.spread(np.array([key == instrument for key in keys], dtype=bool), False)
        mine = np.where(has_answers & (positions >= 0) & is_named[positions], positions, -1)
        if instrument not in child.headers and (mine >= 0).any():
            columns[instrument] = picked(parent.column(total), mine)
            moved[mine[mine >= 0]] = True
    if not columns:
        return child, parent
    log.add("totals_beside_answers", parent.name, total, rows=parent.rows[moved], child=child.name)
    left = picked(parent.column(total), np.where(moved, -1, np.arange(len(moved))))
    return (replace(child, headers=(*child.headers, *columns), cells=(*child.cells, *columns.values())),
            replace(parent, cells=tuple(left if header == total else cells for header, cells in
                                        zip(parent.headers, parent.cells, strict=True))))


def _has_answers(part: Part, instrument: str, said: Mapping[str, Use]) -> np.ndarray:
    """Rows with an answer to any item of an instrument."""
    found = np.zeros(len(part.rows), dtype=bool)
    for header, cells in zip(part.headers, part.cells, strict=True):
        use = said.get(header)
        if header.startswith(f"{instrument}_q") or (use is not None and use.instrument == instrument and use.item):
            found |= cells.codes >= 0
    return found


def _shape(part: Part) -> _Shape | None:
    """The columns of a table of answers; missing where it is another table."""
    by_word = {squeezed(header): header for header in reversed(part.headers)}
    survey, number, question = (next((by_word[word] for word in words if word in by_word), None)
                                for words in (_SURVEYS, _NUMBERS, _QUESTIONS))
    answers = [by_word[word] for word in _ANSWERS if word in by_word]
    answer = next((header for header in answers if part.column(header).texts), None)
    if answer is None or (number is None and question is None) or (survey is None and question is None):
        return None
    ids = {stem: header for header, stem in id_columns(part).items() if stem in _RESPONSES}
    return _Shape(survey, number, question, answer, next((ids[stem] for stem in
                                                          ("surveyresponse", "questionnaireresponse", "response",
                                                           "submission", *_RESPONSES) if stem in ids), None))


def _turned(
    part: Part, shape: _Shape, said: Mapping[str, Use], instruments: Mapping[str, Instrument], log: ProblemLog
) -> Part:
    kinds, kind = _kinds(part, shape)
    meant = with_said([text for _, _, text in kinds], _meant(kinds, instruments), said)
    measures = list(dict.fromkeys(one for one in meant if one is not None))
    if not any(one.item is not None for one in measures) or {one.header for one in measures} & set(part.headers):
        return part
    measure = np.array([-1 if one is None else measures.index(one) for one in meant], dtype=np.int64)[kind]
    chosen = np.flatnonzero((measure >= 0) & (part.column(shape.answer).codes >= 0))
    others = int((measure < 0).sum())
    if others:
        log.add("answers_not_used", part.name, shape.question or shape.number, count=others,
                rows=part.rows[np.flatnonzero(measure < 0)[:1]])
    places = [shape.response] if shape.response is not None else []
    group = grouped(part, [*places, *place_headers(part, said)])
    lines = side_by_side(group[chosen], measure[chosen], measures, part.column(shape.answer).take(chosen))
    first = chosen[lines.first]
    gone = {shape.survey, shape.number, shape.question, shape.answer}
    kept = [header for header in part.headers if header not in gone]
    log.add("answers_in_rows", part.name, shape.answer, count=len(chosen))
    return replace(
        part, headers=(*kept, *lines.columns), rows=part.rows[first],
        cells=(*(picked(part.column(header), first) for header in kept), *lines.columns.values()),
        joined=joined_rows(part.rows[chosen], part.rows[first], lines.of))


def _kinds(part: Part, shape: _Shape) -> tuple[list[tuple[str, str, str]], np.ndarray]:
    """The different (survey, number, question), and which of them each row is."""
    columns = [part.column(header) if header is not None else None
               for header in (shape.survey, shape.number, shape.question)]
    codes = [cells.codes if cells is not None else np.full(len(part.rows), -1) for cells in columns]
    frame = pd.DataFrame(dict(enumerate(codes)))
    kind = frame.groupby([0, 1, 2], sort=False).ngroup().to_numpy()
    firsts = frame.drop_duplicates().to_numpy()
    return [tuple(cells.texts[code] if cells is not None and code >= 0 else ""
                  for cells, code in zip(columns, record, strict=True)) for record in firsts], kind


def _meant(kinds: list[tuple[str, str, str]], instruments: Mapping[str, Instrument]) -> list[Measure | None]:
    """What each kind of row answers: by number in its survey, by the name of the question, by its words."""
    aliases = aliases_of(instruments)
    keys = [instrument_named(survey, aliases) if survey else None for survey, _, _ in kinds]
    from_zero = {key for key in set(keys) - {None} if _counts_from_zero(
        {number for found, (_, number, _) in zip(keys, kinds, strict=True) if found == key}, instruments[key].n_items)}
    texts = {survey: list(dict.fromkeys(text for name, _, text in kinds if name == survey and text))
             for survey, _, _ in kinds}
    asked = {survey: questions(matched_words(mine), instruments) for survey, mine in texts.items()}
    called = {survey: dict(zip(mine, measures_of(mine, aliases, instruments), strict=True))
              for survey, mine in texts.items()}
    meant = []
    for key, (survey, number, text) in zip(keys, kinds, strict=True):
        by_words = asked[survey].get(text)
        named = called[survey].get(text)
        if by_words is not None and key in (None, by_words.key):
            meant.append(Measure(by_words.key, by_words.item))
        elif named is not None and key in (None, named.instrument):
            meant.append(named)
        elif key is not None and squeezed(text or number) in ("total", "score", "totalscore", "sum"):
            meant.append(Measure(key))
        else:
            meant.append(_by_number(key, number, instruments, from_zero=key in from_zero))
    return meant


def _counts_from_zero(numbers: set[str], n_items: int) -> bool:
    return n_items > 0 and numbers == {str(number) for number in range(n_items)}


def _by_number(
    key: str | None, number: str, instruments: Mapping[str, Instrument], *, from_zero: bool
) -> Measure | None:
    digits = squeezed(number).removeprefix("q")
    if key is None or not (digits.isascii() and digits.isdigit()) or len(digits) > 3:
        return None
    item = int(digits) + from_zero
    return Measure(key, item) if 1 <= item <= instruments[key].n_items else None
