"""One table while it is shaped: its columns by their use, its patients, and where its rows stand in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from analytics.definitions.instruments import Instrument
from analytics.ingest.answers import is_band, is_excel_date
from analytics.ingest.cells import MISSING, UNREADABLE, Cells, number_in
from analytics.ingest.date_columns import is_open, order_choices, order_said
from analytics.ingest.fields import Use
from analytics.ingest.problems import ProblemLog
from analytics.ingest.readings import Reading, read_dates, read_days, read_times, read_words
from analytics.ingest.records import NO_CODE, Vocabulary
from analytics.ingest.synonyms import squeezed, timing_of
from analytics.ingest.visits import DAY_LIMIT, day_of_label

TIMINGS = ("before", "during", "after")


@dataclass
class Words:
    """The vocabularies that all files share."""

    patients: Vocabulary = field(default_factory=Vocabulary)
    courses: Vocabulary = field(default_factory=Vocabulary)
    visits: Vocabulary = field(default_factory=Vocabulary)
    by_column: dict[str, Vocabulary] = field(default_factory=dict)

    def column(self, name: str) -> Vocabulary:
        """The vocabulary of one category column or attribute."""
        return self.by_column.setdefault(name, Vocabulary())


@dataclass(frozen=True)
class Placement:
    """Where rows stand in time: one element a row."""

    day: np.ndarray
    date: np.ndarray
    time: np.ndarray


class Sheet:
    """One table with the use of its columns; rows without a patient are gone already."""

    def __init__(
        self, name: str, file: int, uses: tuple[Use, ...], cells: dict[str, Cells], rows: np.ndarray,
        patient: np.ndarray, instruments: dict[str, Instrument], words: Words, log: ProblemLog,
    ) -> None:
        self.name = name
        self.file = file
        self.uses = uses
        self.rows = rows
        self.patient = patient
        self.instruments = instruments
        self.words = words
        self.log = log
        self._cells = cells
        self._dates: dict[str, tuple[np.ndarray, np.ndarray | None]] = {}
        self._days: dict[str, np.ndarray] = {}
        self._mended: dict[tuple[str, str | None], Cells | None] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def cells(self, use: Use) -> Cells:
        """The cells of a column, without what a person or a spreadsheet made of no use in it."""
        key = use.header, use.field
        if key not in self._mended:
            self._mended[key] = self._mended_cells(use)
        return self._mended[key] or self._cells[use.header]

    def _mended_cells(self, use: Use) -> Cells | None:
        """The cells without codes said to be missing, and without bands that a spreadsheet made dates of."""
        cells, codes = self._cells[use.header], use.missing_numbers
        if codes:
            return cells.without(lambda text: number_in(text) in codes)
        if use.field == "attribute" and any(map(is_band, cells.texts)) and any(map(is_excel_date, cells.texts)):
            damaged = cells.spread(np.array([*map(is_excel_date, cells.texts)], dtype=bool), False)
            self.report(use, {"excel_date_damage": np.flatnonzero(damaged)})
            return cells.without(is_excel_date)
        return None

    def use(self, name: str, instrument: str | None = None, visit: str | None = None) -> Use | None:
        """The column that is read as a field, if there is one."""
        return next((use for use in self.uses
                     if use.field == name and use.instrument == instrument and use.visit == visit), None)

    def all_of(self, *names: str) -> list[Use]:
        """The columns that are read as one of some fields."""
        return [use for use in self.uses if use.field in names]

    @property
    def has_scores(self) -> bool:
        """Whether the table has a column of scores or of items."""
        return bool(self.all_of("total", "item"))

    def report(self, use: Use, problems: dict[str, np.ndarray], **words) -> None:
        """Note what was wrong with the cells of a column."""
        for code, positions in problems.items():
            self.log.add(code, self.name, use.header, rows=self.rows[positions], **words)

    @cached_property
    def course(self) -> np.ndarray:
        """The code of each row's course id."""
        use = self.use("course_id")
        if use is None:
            return np.full(len(self), NO_CODE, dtype=np.int32)
        return self.words.courses.codes(self.cells(use))

    @cached_property
    def visits_are_days(self) -> bool:
        """Whether every visit of the table is called by its day alone, as ``day 14``."""
        labels = [use.visit for use in self.uses if use.visit is not None]
        use = self.use("visit")
        labels += list(self.cells(use).sample(len(self))) if use is not None else []
        return bool(labels) and all(day_of_label(label) is not None for label in labels)

    def says(self, words: frozenset[str]) -> np.ndarray | None:
        """Which rows the record type puts among some words; missing without such a column."""
        use = self.use("record_type")
        if use is None:
            return None
        cells = self.cells(use)
        forms = [squeezed(text) for text in cells.texts]
        known = np.array([form in words or form.removesuffix("s") in words for form in forms], dtype=bool)
        return cells.spread(known, False)

    def assessment_place(self, instrument: str | None, visit: str | None) -> Placement:
        """Where scores of an instrument stand, in the columns of one visit or in those of the row."""
        dates = [self.use("assessed_on", instrument, visit), self.use("assessed_on", None, visit),
                 self.use("date", None, visit)]
        if visit is None:
            dates.append(self.use("treated_on"))
            if instrument is None or not any(dates):
                dates += self.all_of("assessed_on")[:1]
        return self._place(self.use("day", None, visit), dates, self.use("time", None, visit), visit)

    def session_place(self) -> Placement:
        """Where sessions stand."""
        dates = [self.use("treated_on"), self.use("date"), *self.all_of("assessed_on")[:1]]
        return self._place(self.use("day"), dates, self.use("time"), None)

    def visit_codes(self, visit: str | None) -> np.ndarray:
        """The visit of each row, where it is not a day already."""
        if not self.visits_are_days:
            if visit is not None:
                return np.full(len(self), self.words.visits.code(visit), dtype=np.int32)
            use = self.use("visit")
            if use is not None:
                return self.words.visits.codes(self.cells(use))
        return np.full(len(self), NO_CODE, dtype=np.int32)

    def timing_codes(self, visit: str | None, said: str | None = None) -> np.ndarray:
        """Position in ``TIMINGS``; ``NO_CODE`` where unknown.

        Parameters
        ----------
        said : what the column of the scores says of all of them; otherwise the column of their dates may
        """
        places = [self.use(name, None, visit) for name in ("day", "date", "assessed_on", "treated_on")]
        said = said or next((use.timing for use in places if use is not None and use.timing), None)
        use = self.use("timing", None, visit) or self.use("timing")
        if said is not None or use is None:
            return np.full(len(self), NO_CODE if said is None else TIMINGS.index(said), dtype=np.int8)
        codes, meanings, unknown = read_words(self.cells(use), timing_of)
        if len(unknown):
            self.report(use, {"word_not_known": unknown}, expected="before, during, after",
                        then="The timing counts as missing.")
        places = np.array([*(TIMINGS.index(meaning) for meaning in meanings), NO_CODE], dtype=np.int8)
        return places[codes]

    def _place(self, day: Use | None, dates: Iterable[Use | None], time: Use | None, visit: str | None) -> Placement:
        date_use = next((use for use in dates if use is not None), None)
        missing = np.full(len(self), MISSING, dtype=np.int32)
        on, minutes = self.dates(date_use) if date_use is not None else (missing, None)
        if time is not None:
            reading = read_times(self.cells(time))
            self.report(time, reading.problems)
            minutes = reading.values
        return Placement(self._day(day, visit), on, missing if minutes is None else minutes)

    def dates(self, use: Use) -> tuple[np.ndarray, np.ndarray | None]:
        """A column as dates; problems are noted once."""
        if use.header not in self._dates:
            reading, minutes = self._dates_read(use)
            self._dates[use.header] = reading.values, minutes
        return self._dates[use.header]

    def _dates_read(self, use: Use) -> tuple[Reading, np.ndarray | None]:
        cells = self.cells(use)
        if is_open(use):
            return Reading(np.where(cells.is_filled, UNREADABLE, MISSING)), None
        reading, minutes = read_dates(cells, order_said(use), is_serial="serial" in use.options)
        ambiguous = reading.problems.pop("date_ambiguous", None)
        if ambiguous is not None:
            self.log.add("date_ambiguous", self.name, use.header, rows=self.rows[ambiguous],
                         choices=order_choices(use, cells))
        self.report(use, reading.problems)
        return reading, minutes

    def _day(self, use: Use | None, visit: str | None) -> np.ndarray:
        if use is None and self.visits_are_days:
            return self._day_of_visit(visit)
        if use is None:
            return np.full(len(self), MISSING, dtype=np.int32)
        if use.header not in self._days:
            self._days[use.header] = self._days_read(use)
        return self._days[use.header]

    def _days_read(self, use: Use) -> np.ndarray:
        cells = self.cells(use)
        if is_open(use):
            return np.where(cells.is_filled, UNREADABLE, MISSING)
        reading = read_days(cells, -DAY_LIMIT, DAY_LIMIT, is_from_one="from 1" in use.options,
                            is_weeks="weeks" in use.options)
        self.report(use, reading.problems, minimum=f"{-DAY_LIMIT}", maximum=f"{DAY_LIMIT}")
        return reading.values

    def _day_of_visit(self, visit: str | None) -> np.ndarray:
        if visit is not None:
            return np.full(len(self), day_of_label(visit), dtype=np.int32)
        use = self.use("visit")
        if use is None:
            return np.full(len(self), MISSING, dtype=np.int32)
        cells = self.cells(use)
        days = [day_of_label(text) for text in cells.texts]
        return cells.spread(np.array([MISSING if day is None else day for day in days], dtype=np.int32), MISSING)
