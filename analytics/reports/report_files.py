"""A whole report from outcomes, and its files by extension."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.courses.outcomes import Outcomes
from analytics.definitions.tables import ColumnUse
from analytics.reports.defend import Origin
from analytics.reports.exhibits import Answers, Exhibit, standard_report
from analytics.wording import exhibits as words

if TYPE_CHECKING:
    from analytics.ingest.parts import Part
    from analytics.ingest.recipes import Recipe
    from analytics.reports.bundle import Bundle

_SAMPLE_FOLDER = Path(__file__).parents[2] / "sample_data"


@dataclass(frozen=True)
class Settings:
    """What the files of a report are made with.

    Attributes
    ----------
    template : a clinic's .pptx or .potx
    paper : a4 or letter
    is_interactive : whether the page holds interactive charts
    """

    template: bytes | None = None
    paper: Any = "a4"
    is_interactive: bool = False


@dataclass(frozen=True)
class Report:
    """The exhibits of one audience, where they come from, and what makes them again."""

    answers: Answers
    exhibits: tuple[Exhibit, ...]
    recipe: Recipe
    parts: tuple[Part, ...] = ()
    columns: tuple[ColumnUse, ...] = ()
    by: tuple[str, ...] = ()
    as_of: str | None = None

    @property
    def origin(self) -> Origin:
        """Where the exhibits come from."""
        return self.answers.origin

    def bundle(self) -> Bundle:
        """The report as a bundle; refused for another audience than the inside.

        Raises
        ------
        ValueError
            For another audience than the inside.
        """
        return self._bundle

    @cached_property
    def _bundle(self) -> Bundle:
        from analytics.ingest.recipe_files import recipe_to_toml
        from analytics.reports.bundle import bundle_of
        from analytics.results.summary import indications

        of = self.answers.of
        return bundle_of(self.exhibits, self.origin, self.parts, recipe_to_toml(self.recipe, self.columns),
                         indications(of), self.by, self.as_of)


def report_of(
    of: Outcomes, recipe: Recipe, mapping: Mapping[str, str], *, instrument: str | None = None,
    by: Sequence[str] = (), where: Mapping[str, Sequence[str | None]] | None = None, disclosure: Any = None,
    parts: Sequence[Part] = (), columns: Sequence[ColumnUse] = (), as_of: str | None = None,
) -> Report:
    """The standard report of outcomes.

    Parameters
    ----------
    recipe : from ``ingest.recipes.recipe_of``
    mapping : what a person said the columns are
    parts, columns : the files as they were opened, and as they were read; for a bundle
    as_of : the day that was asked for, if one was
    """
    files = tuple((one.name, one.sha256) for one in of.tables.files)
    is_invented = is_sample(sha256 for _, sha256 in files)
    label = words.INVENTED if is_invented else ", ".join(name for name, _ in files)
    origin = Origin(label, files, of.rules, dict(where or {}), tuple(mapping.items()),
                    of.as_of.isoformat() if of.as_of else None, is_invented, of.tables.is_turned_relative)
    answers = Answers(of, origin)
    exhibits = standard_report(answers, instrument=instrument, by=by, where=where, disclosure=disclosure)
    return Report(answers, exhibits, recipe, tuple(parts), tuple(columns), tuple(by), as_of)


def is_sample(hashes: Any) -> bool:
    """Whether any of the files is one of the invented samples, by their SHA-256."""
    known = {hashlib.sha256(path.read_bytes()).hexdigest() for path in _SAMPLE_FOLDER.rglob("*.csv")}
    return not known.isdisjoint(hashes)


def _page(made: Report, settings: Settings) -> tuple[bytes, tuple[str, ...]]:
    from analytics.reports.web_page import web_page

    return web_page(made.exhibits, made.origin, is_interactive=settings.is_interactive), ()


def _slides(made: Report, settings: Settings) -> tuple[bytes, tuple[str, ...]]:
    from analytics.reports.slides import deck

    found = deck(made.exhibits, made.origin, settings.template)
    return found.content, found.lacks


def _workbook(made: Report, settings: Settings) -> tuple[bytes, tuple[str, ...]]:
    from analytics.reports.workbook import workbook

    return workbook(made.exhibits, made.origin, settings.paper), ()


def _paper(made: Report, settings: Settings) -> tuple[bytes, tuple[str, ...]]:
    from analytics.reports.pdf import pdf

    return pdf(made.exhibits, made.origin, settings.paper), ()


def _bundle(made: Report, _settings: Settings) -> tuple[bytes, tuple[str, ...]]:
    from analytics.reports.bundle import bundle_zip

    return bundle_zip(made.bundle()), ()


WRITERS: dict[str, Callable[[Report, Settings], tuple[bytes, tuple[str, ...]]]] = {
    ".html": _page, ".pptx": _slides, ".xlsx": _workbook, ".pdf": _paper, ".zip": _bundle,
}
"""What writes a file of each extension; each needs a library that is imported when it is asked for."""


def report(made: Report, extension: str, settings: Settings | None = None) -> tuple[bytes, tuple[str, ...]]:
    """A report as a file, and what must be said of it."""
    return WRITERS[extension](made, settings or Settings())


def file_name(stem: str, content: bytes, extension: str) -> str:
    """A name that is another for other content: a server that tells downloads apart by a sample of them must not
    give out one for the other."""
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}{extension}"
