"""The command line: ``python -m analytics COMMAND FILE...``. Knows options, computes nothing."""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from analytics.definitions.findings import gravest
from analytics.definitions.rules import PRESET_NAMES, rule_set
from analytics.definitions.tables import Tables

EXIT_OF_SEVERITY = {None: 0, "note": 0, "drops_rows": 1, "blocks": 2}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; {self.prog} --help lists the options\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        name = Path(error.filename).name if error.filename else "a file"
        return _refuse(f"{name}: {error.strerror or 'not readable'}")
    except ValueError as error:
        return _refuse(str(error))


def _refuse(sentence: str) -> int:
    print(f"analytics: {' '.join(sentence.split())}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m analytics", description="Outcomes of ketamine treatment from a clinic's files.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, about in (
        ("check", _check, "findings; exit 0 clean or notes only, 1 something was not used, 2 blocked"),
        ("summary", _summary, "every measure for the cohort, and per stratum with --by"),
        ("courses", _courses, "the outcomes table with the course columns, CSV or Parquet by extension"),
        ("compare", _compare, "the groups of one attribute in one measure: difference, interval, test and a reading"),
        ("report", _report, "a report: slides, workbook, page or PDF by extension; a bundle to make it again"),
    ):
        command = commands.add_parser(name, help=about, description=about)
        command.set_defaults(run=run)
        _add_shared(command)
        if name == "check":
            command.add_argument("--save-recipe", type=Path, metavar="FILE",
                                 help="write how the columns were read as a recipe, for --recipe next time")
        if name == "courses":
            command.add_argument("--out", required=True, type=Path, metavar="FILE", help="ends in .csv or .parquet")
        if name == "compare":
            _add_compare(command)
        if name in ("summary", "compare"):
            _add_audience(command)
        if name == "report":
            _add_report(command)
    _add_store(commands)
    return parser


def _add_store(commands: Any) -> None:
    about = "back up, restore or check what the dashboard keeps: datasets, recipes, links, notes, audit log"
    store = commands.add_parser("store", help=about, description=about)
    does = store.add_subparsers(required=True, metavar="DO")
    for name, about in (
        ("backup", "everything into one new file, which is as secret as the store; exit 1 where tables were damaged"),
        ("restore", "a backup into an empty store; whole or not at all"),
        ("check", "whether all that is named is there and whole; exit 0 clean, 1 something found, 2 unusable"),
    ):
        command = does.add_parser(name, help=about, description=about)
        command.set_defaults(run=_store, does=name)
        if name != "check":
            command.add_argument("file", type=Path, metavar="FILE.zip")
        command.add_argument("--store", "--folder", dest="folder", type=Path, metavar="FOLDER",
                             help="of the store; the usual one without it. Where OUTCOMES_DATABASE_URL is set, that")


def _store(options: argparse.Namespace) -> int:
    from analytics.store import Store, StoreError, is_there
    from analytics.store.backup import look_through
    from analytics.wording import store as words

    try:
        if options.does != "restore" and not is_there(options.folder):
            raise ValueError(words.NO_STORE)
        if options.does == "restore":
            look_through(options.file)  # Before an empty store is made for nothing.
        store = Store(options.folder)
        return {"backup": _store_backup, "restore": _store_restore, "check": _store_check}[options.does](options, store)
    except StoreError as trouble:
        raise ValueError(str(trouble)) from None


def _store_backup(options: argparse.Namespace, store: Any) -> int:
    from analytics.store.backup import write_backup
    from analytics.wording.store import backup_text

    damaged = write_backup(store.database, options.file)
    print(backup_text(options.file.name, len(damaged)), file=sys.stderr)
    return 1 if damaged else 0


def _store_restore(options: argparse.Namespace, store: Any) -> int:
    from analytics.store.backup import restore_backup
    from analytics.wording.store import restored_text

    restore_backup(store.database, options.file)
    print(restored_text(options.file.name, store.described), file=sys.stderr)
    return 0


def _store_check(_options: argparse.Namespace, store: Any) -> int:
    from analytics.store.check import problems
    from analytics.wording.store import check_text

    found = problems(store.database)
    print(check_text(store.described, found))
    return 1 if found else 0


def _add_compare(command: argparse.ArgumentParser) -> None:
    command.add_argument("--measure", required=True, metavar="KEY", help="one measure, as response")
    command.add_argument("--a", metavar="VALUE", help="the first group; without --a and --b all values are compared")
    command.add_argument("--b", metavar="VALUE", help="the second; an empty value is not recorded")
    command.add_argument("--landmark", type=int, metavar="DAY",
                         help="only courses judged after this day; groups by what had happened up to it")
    command.add_argument("--courses", choices=("first", "all"), default="first",
                         help="first counted course of each patient, or all with errors by patient")
    command.add_argument("--exact", choices=("boschloo",), help="Boschloo's test for two small rates")


def _add_report(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", action="append", default=[], type=Path, metavar="FILE",
                         help="ends in .html, .pptx, .xlsx, .pdf or .zip (a bundle, inside); may come several times")
    command.add_argument("--bundle", type=Path, metavar="FILE",
                         help="a bundle: written where there is none, else made again from these files and compared; "
                              "exit 1 where anything differs")
    command.add_argument("--template", type=Path, metavar="FILE", help="a .pptx or .potx whose layouts slides get")
    command.add_argument("--paper", choices=("a4", "letter"), default="a4", help="of a PDF")
    command.add_argument("--interactive", action="store_true", help="a page with interactive charts, 5 MB larger")
    _add_audience(command)


def _add_audience(command: argparse.ArgumentParser) -> None:
    command.add_argument("--audience", choices=("inside", "board", "public"), default="inside",
                         help="who is told; the usual is the inside, which is told everything")
    command.add_argument("--suppress", type=int, metavar="N",
                         help="the smallest count that is told outside; 11 without it")
    command.add_argument("--round", type=int, metavar="N",
                         help="counts are told outside to the nearest multiple of N, as 5; exact without it")


def _add_shared(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", nargs="+", metavar="FILE", help="told apart by their columns")
    command.add_argument("--recipe", type=Path, metavar="FILE",
                         help="mapping, dates, rules and instruments from a recipe; options beside it win")
    command.add_argument("--rules", choices=PRESET_NAMES, metavar="PRESET",
                         help=f"one of {', '.join(PRESET_NAMES)}; clinic picks by indication")
    command.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE",
                         help="a field of the rules or a cut-off, as endpoint_window=14..31 or phq9.caseness=8")
    command.add_argument("--map", dest="mapping", action="append", default=[], metavar="COLUMN=FIELD",
                         help="what a column is, as id=patient_id, hamd=hamd17 or bdi2_w4=bdi2@week 4")
    command.add_argument("--dates", choices=("keep", "relative"), help="keep dates (the usual), or days only")
    command.add_argument("--instrument", dest="instruments", action="append", metavar="KEY", help="only this one")
    command.add_argument("--instruments-file", type=Path, metavar="FILE", help="a TOML file of your own instruments")
    command.add_argument("--by", action="append", default=[], metavar="COLUMN", help="group by; twice crosses")
    command.add_argument("--where", action="append", default=[], metavar="COLUMN=VALUE",
                         help="only these courses; an empty value is not recorded")
    command.add_argument("--as-of", type=_date, metavar="DATE", help="the day the figures speak for, YYYY-MM-DD")
    command.add_argument("--format", choices=("text", "json", "csv"), default="text")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a date is written YYYY-MM-DD") from None


def _pairs(texts: Sequence[str], option: str, *, from_right: bool = False) -> list[tuple[str, str]]:
    pairs = []
    for text in texts:
        left, equals, right = text.rpartition("=") if from_right else text.partition("=")
        if not equals or not left:
            raise ValueError(f"{option} is written as NAME=VALUE.")
        pairs.append((left, right))
    return pairs


def _where(options: argparse.Namespace) -> dict[str, list[str | None]]:
    where: dict[str, list[str | None]] = {}
    for name, wanted in _pairs(options.where, "--where"):
        where.setdefault(name, []).append(wanted or None)
    return where


@dataclass(frozen=True)
class _Read:
    """The files of a command, and how they were read."""

    tables: Tables
    opened: Any
    mapping: dict[str, str]
    dates: str
    preset: str
    settings: list[tuple[str, str]]
    instruments_text: str


def _read(options: argparse.Namespace) -> _Read:
    """Files read as the options say, and as the recipe says where they say nothing."""
    from analytics.definitions.custom_instruments import instruments_from_text
    from analytics.definitions.instruments import BUILT_IN
    from analytics.ingest.load import open_files, tables_of

    recipe = _recipe(options)
    own_text = recipe.instruments_text
    if options.instruments_file is not None:
        own_text = _text_of(options.instruments_file)
    own = instruments_from_text((options.instruments_file or options.recipe).name, own_text) if own_text else {}
    preset, settings = _rules(options, recipe)
    rule_set(preset, settings)
    said = dict(_pairs(options.mapping, "--map", from_right=True))
    opened = open_files(options.files, (*recipe.mapping, *said), instruments=own)
    mapping = _replayed(options, recipe, opened, said) | said
    dates = options.dates or recipe.dates
    tables = tables_of(
        opened, mapping=mapping, instruments={**BUILT_IN, **own},
        attributes=[*recipe.attributes, *options.by, *_where(options)], dates=dates, as_of=options.as_of,
        secret=_secret(mapping))
    return _Read(tables, opened, mapping, dates, preset, settings, own_text)


def _disclosure(options: argparse.Namespace) -> Any:
    """Who is told; missing for the inside."""
    from analytics.results.disclosure import Disclosure

    asked = {"threshold": options.suppress, "rounding": options.round}
    stated = {name: number for name, number in asked.items() if number is not None}
    if options.audience != "inside":
        return Disclosure(options.audience, **stated)
    if stated:
        option = "--suppress" if "threshold" in stated else "--round"
        raise ValueError(f"{option} takes --audience board or public: the inside is told everything.")
    return None


def _recipe(options: argparse.Namespace) -> Any:
    from analytics.ingest.recipes import Recipe

    if not isinstance(options.recipe, Path):
        # Of a bundle, which was read already.
        return options.recipe or Recipe("")
    from analytics.ingest.recipe_files import recipe_from_toml

    return recipe_from_toml(_text_of(options.recipe), options.recipe.name)


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name}: a UTF-8 text was expected; this is none.") from None


def _rules(options: argparse.Namespace, recipe: Any) -> tuple[str, list[tuple[str, str]]]:
    """Preset and settings; another preset than the recipe's takes the settings that go with any preset."""
    preset = options.rules or recipe.preset
    kept = [(key, text) for key, text in recipe.settings
            if preset == recipe.preset or not key.startswith("by_indication.")]
    return preset, [*kept, *_pairs(options.settings, "--set")]


def _replayed(options: argparse.Namespace, recipe: Any, opened: Any, said: dict[str, str]) -> dict[str, str]:
    """The recipe's mapping as far as the files have its headers; what they lack is told."""
    if options.recipe is None:
        return {}
    from analytics.ingest.file_shapes import matches, shape_of
    from analytics.ingest.recipes import headers_of, mapping_for
    from analytics.wording.console import gone_text

    mapping, gone = mapping_for(recipe, headers_of(opened, recipe.mapping))
    if gone:
        renamed = dict(matches(recipe.shape, shape_of(opened)).renamed)
        alike = {header: (renamed[header], recipe.mapping[header]) for header in gone
                 if header in renamed and renamed[header] not in said}
        print(f"analytics: {' '.join(gone_text(options.recipe.name, gone, alike).split())}", file=sys.stderr)
    return mapping


def _secret(mapping: dict[str, str]) -> bytes | None:
    """The key for patient codes, from the store and only where a column asks for it."""
    if not any("keyed" in words for words in mapping.values()):
        return None
    from analytics.store import Store, StoreError

    try:
        return Store().secret()
    except StoreError as trouble:
        raise ValueError(str(trouble)) from None


def _outcomes(options: argparse.Namespace) -> Any:
    return _counted(_read(options), options)


def _counted(read: _Read, options: argparse.Namespace) -> Any:
    from analytics.courses.outcomes import outcomes

    tables = read.tables
    blocking = next((one for one in tables.findings if one.severity == "blocks"), None)
    if blocking is not None:
        raise ValueError(f"{blocking.file or 'the files'}: {blocking.problem} {blocking.remedy}")
    # Turned to relative days, the as-of day is each patient's observed_until already.
    return outcomes(tables, rule_set(read.preset, read.settings), options.as_of if read.dates == "keep" else None)


def _recipe_of(read: _Read, name: str) -> Any:
    from analytics.ingest.recipes import recipe_of

    return recipe_of(read.tables, read.opened, name, said=read.mapping, dates=read.dates,
                     preset=read.preset, settings=read.settings, instruments_text=read.instruments_text)


def _save_recipe(read: _Read, path: Path) -> None:
    from analytics.ingest.recipe_files import recipe_to_toml

    if not read.tables.columns:
        raise ValueError("There is no column to write into a recipe; see the findings that block.")
    recipe = _recipe_of(read, path.stem)
    path.write_text(recipe_to_toml(recipe, read.tables.columns), encoding="utf-8", newline="\n")
    print(f"{len(recipe.mapping) + len(recipe.attributes)} columns written to {path.name}", file=sys.stderr)


def _check(options: argparse.Namespace) -> int:
    if options.save_recipe is not None and not options.save_recipe.parent.is_dir():
        raise ValueError(f"--save-recipe names a folder that does not exist: {options.save_recipe.parent}.")
    read = _read(options)
    tables = read.tables
    if options.save_recipe is not None:
        _save_recipe(read, options.save_recipe)
    if options.format == "text":
        from analytics.wording.console import check_text

        print(check_text(tables.files, tables.findings))
    else:
        from analytics.results.summary import check_record, finding_record

        if options.format == "json":
            _print_json(check_record(tables))
        else:
            _print_csv([finding_record(one) | {"rows": " ".join(map(str, one.rows))} for one in tables.findings],
                       ["severity", "code", "file", "column", "rows", "problem", "remedy"])
    return EXIT_OF_SEVERITY[gravest(tables.findings)]


def _summary(options: argparse.Namespace) -> int:
    from analytics.results.summary import summarize, with_more

    disclosure = _disclosure(options)
    of, where = _outcomes(options), _where(options)
    summary = with_more(summarize(of, options.by, where, options.instruments), of, options.by, where)
    if disclosure is not None:
        from analytics.results.disclosure import disclosed

        summary = disclosed(summary, disclosure)
    if options.format == "json":
        from analytics.wording.summary_record import summary_record

        _print_json(summary_record(summary))
    elif options.format == "csv":
        from analytics.reports.outcome_files import summary_rows

        _print_csv(summary_rows(summary))
    else:
        from analytics.wording.console import summary_text

        print(summary_text(summary))
    return 0


def _courses(options: argparse.Namespace) -> int:
    from analytics.reports.outcome_files import FILE_KINDS, outcome_rows, write_outcomes
    from analytics.results.cohorts import in_cohort

    if options.out.suffix.lower() not in FILE_KINDS:
        raise ValueError(f"--out ends in {' or '.join(FILE_KINDS)}; {options.out.suffix or 'no extension'} came.")
    if not options.out.parent.is_dir():
        raise ValueError(f"--out names a folder that does not exist: {options.out.parent}.")
    of = _outcomes(options)
    rows = outcome_rows(of, in_cohort(of, _where(options)), options.instruments)
    write_outcomes(rows, options.out)
    print(f"{len(rows)} rows written to {options.out.name}", file=sys.stderr)
    return 0


def _compare(options: argparse.Namespace) -> int:
    from analytics.results.comparison import compare
    from analytics.results.comparison_sides import Levels

    for option, given in (("--by COLUMN", options.by), ("--instrument KEY", options.instruments or [])):
        if len(given) != 1:
            raise ValueError(f"compare takes {option} once; it came {len(given)} times.")
    if (options.a is None) != (options.b is None):
        raise ValueError("compare takes --a and --b together, or neither of them for all values.")
    chosen = None if options.a is None else (options.a or None, options.b or None)
    disclosure, of = _disclosure(options), _outcomes(options)
    comparison = compare(
        of, options.instruments[0], options.measure, Levels(options.by[0], chosen),
        where=_where(options), courses=options.courses, landmark=options.landmark, exact=options.exact)
    if disclosure is not None:
        return _compare_outside(options, of, comparison, disclosure)
    if options.format == "text":
        from analytics.wording.comparison_text import comparison_text

        print(comparison_text(comparison))
    else:
        from analytics.wording.comparison_record import comparison_record, comparison_rows

        if options.format == "json":
            _print_json(comparison_record(comparison))
        else:
            _print_csv(comparison_rows(comparison))
    return 0


def _report(options: argparse.Namespace) -> int:
    from analytics.reports.report_files import WRITERS, Settings, report, report_of

    for path in filter(None, (*options.out, options.bundle)):
        if not path.parent.is_dir():
            raise ValueError(f"{path.name} is to be written to a folder that does not exist: {path.parent}.")
    unknown = [path for path in options.out if path.suffix.lower() not in WRITERS]
    if unknown:
        raise ValueError(f"--out ends in {', '.join(WRITERS)}; {unknown[0].suffix or 'no extension'} came.")
    if not options.out and options.bundle is None:
        raise ValueError("report takes --out FILE or --bundle FILE.")
    before = _bundle_before(options)
    if options.bundle is not None or any(path.suffix.lower() == ".zip" for path in options.out):
        from analytics.reports.bundle import refuse_outside

        refuse_outside(options.audience)
    read = _read(options)
    made = report_of(
        _counted(read, options), _recipe_of(read, "report"), read.mapping, instrument=_one_instrument(options),
        by=options.by, where=_where(options), disclosure=_disclosure(options), parts=read.opened.parts,
        columns=read.tables.columns, as_of=options.as_of.isoformat() if options.as_of else None)
    settings = Settings(options.template.read_bytes() if options.template else None, options.paper,
                        options.interactive)
    for path in options.out:
        content, notes = report(made, path.suffix.lower(), settings)
        path.write_bytes(content)
        for note in (*notes, f"report written to {path.name}"):
            print(note, file=sys.stderr)
    return 0 if options.bundle is None else _bundled(options.bundle, made, before)


def _one_instrument(options: argparse.Namespace) -> str | None:
    if len(options.instruments or []) > 1:
        raise ValueError(f"report takes --instrument KEY once; it came {len(options.instruments)} times.")
    return options.instruments[0] if options.instruments else None


def _bundle_before(options: argparse.Namespace) -> Any:
    """The bundle that is to be made again, after its question took the place of the options; missing for a new one."""
    if options.bundle is None or not options.bundle.is_file():
        return None
    from analytics.ingest.recipe_files import recipe_from_toml
    from analytics.reports.bundle import opened_bundle

    said = {"--recipe": options.recipe, "--rules": options.rules, "--set": options.settings, "--map": options.mapping,
            "--dates": options.dates, "--instrument": options.instruments, "--by": options.by,
            "--where": options.where, "--as-of": options.as_of, "--suppress": options.suppress,
            "--round": options.round, "--instruments-file": options.instruments_file}
    given = [name for name, value in said.items() if value]
    if given:
        raise ValueError(f"{options.bundle.name} says how it was counted; leave {', '.join(given)} out, or name a "
                         "bundle that does not exist yet.")
    before = opened_bundle(options.bundle.read_bytes(), options.bundle.name)
    asked = before.question
    options.recipe = recipe_from_toml(before.recipe, options.bundle.name)
    options.by, options.audience, options.suppress = asked["by"], asked["audience"], asked["suppress"]
    options.where = [f"{name}={level or ''}" for name, levels in asked["where"].items() for level in levels]
    options.instruments = [asked["instrument"]] if asked["instrument"] else None
    options.as_of = date.fromisoformat(asked["as_of"]) if asked["as_of"] else None
    return before


def _bundled(path: Path, made: Any, before: Any) -> int:
    """Write a bundle, or say what differs from the one that is there."""
    from analytics.reports.bundle import bundle_zip, differences
    from analytics.wording import bundle as words

    if before is None:
        path.write_bytes(bundle_zip(made.bundle()))
        print(f"bundle written to {path.name}", file=sys.stderr)
        return 0
    found = differences(before, made.bundle(), made.parts)
    if not found:
        print(words.SAME)
        return 0
    print(words.loud(len(found)))
    for one in found:
        print(f"- {one.sentence}")
    return 1


def _compare_outside(options: argparse.Namespace, of: Any, comparison: Any, disclosure: Any) -> int:
    """The same for the board or the public: all of it or the reason why not."""
    from analytics.results.disclosure_comparison import disclosed_comparison
    from analytics.wording import disclosure as words
    from analytics.wording.comparison_record import comparison_record, comparison_rows
    from analytics.wording.comparison_text import comparison_text
    from analytics.wording.numbers import console

    told = disclosed_comparison(of, comparison, disclosure)
    is_refused = isinstance(told, str)
    if options.format == "json":
        _print_json(words.refused_record(comparison, told, disclosure) if is_refused
                    else words.told_record(comparison_record(told), disclosure))
    elif options.format == "csv":
        record = words.refused_record(comparison, told, disclosure) if is_refused else {}
        _print_csv([{"row": "not shown", "by": comparison.by, "why": record["why"], "audience": disclosure.audience}]
                   if is_refused else comparison_rows(told).assign(audience=disclosure.audience))
    else:
        text = words.comparison_refused(comparison.by, told, disclosure) if is_refused else words.told_note(
            comparison_text(told))
        print(console(f"{words.audience_sentence(disclosure)}\n{text}"))
    return 0


def _print_json(record: Any) -> None:
    print(json.dumps(record, allow_nan=False))


def _print_csv(rows: Any, columns: list[str] | None = None) -> None:
    import pandas as pd

    from analytics.reports.cells import inert_table

    print(inert_table(pd.DataFrame(rows, columns=columns)).to_csv(index=False, lineterminator="\n"), end="")


if __name__ == "__main__":
    gc.disable()  # One command and the end: looking for circles takes a tenth of the time and frees nothing.
    sys.exit(main())
