"""The method section, made from the definitions: what every number means, with every cut-off and its source.

``python -m analytics.reports.methods`` writes docs/methods.md anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from analytics.definitions import tables
from analytics.definitions.benchmarks import BENCHMARKS, Benchmark
from analytics.definitions.instruments import BUILT_IN, SAFETY_SCALES, Instrument, SafetyScale
from analytics.definitions.measures import LEFT_OUT, MEASURES, Measure
from analytics.definitions.rules import (
    PAIN_TIME_POINTS,
    PRESETS,
    SETTING_KEYS,
    Rules,
    RuleSet,
    rule_set,
)
from analytics.definitions.safety import LEVEL_SCALES, SESSION_MEASURES
from analytics.reports.sections import Grid, Section, as_markdown
from analytics.wording import definitions as words
from analytics.wording import methods_over_time
from analytics.wording import published as published_words
from analytics.wording import rules as rule_words
from analytics.wording import statistics as statistics_words
from analytics.wording.numbers import SMALLEST_SHOWN, SMALLEST_STABLE, count, score

_HOW = (
    "Everything is counted per course: sessions given with one purpose, from first to last. A patient may "
    "have several.",
    "For each course one score stands for the start (the baseline) and one for the end (the endpoint). The "
    "rules say which; days count from the first session, day 0, and windows include both their ends.",
    "A rate is courses that did something, of courses that could be judged. A course that could not be "
    "judged is left out for the first reason that applies, and the reasons are counted: judged and left out "
    "always add up to all courses.",
    "The interval is a 95 % Wilson interval. Where a patient has more than one counted course it is computed "
    "on the effective number of courses, so that one patient's courses do not count as independent.",
    "Beside every rate of benefit stands what it would be if every missing endpoint were a failure, and the "
    "bounds if all of them had failed or all had succeeded.",
    f"On screen and in reports no percentage is shown below {SMALLEST_SHOWN} courses, and below "
    f"{SMALLEST_STABLE} it is marked unstable.",
    "None of this can say what treatment caused: there is no control group, and people who come in at their "
    "worst tend to be better later whatever is done.",
    "This is no monitoring or alerting tool: nobody is told when an answer to item 9 is positive.",
)

_CONVENTION_NOTE = (
    "A cut-off whose source reads “convention” is in common use without a paper, a manual or a national "
    "dictionary that we could name."
)

_SAFETY_NOTE = "Looked at around a session; no measure of benefit is ever counted on them."

_INDEX_NOTE = (
    "“Twelve months” and “four to eight months” know no course: each patient and instrument has one index score, the "
    "first that is a case, which is day 0. Sessions and course ids are not looked at. A patient never beyond the "
    "caseness line has no index score and is left out as milder at the start, of measures of harm too."
)

_NHS_NOTE = (
    "The NHS Talking Therapies set is judged over a depression and an anxiety scale together, and its results are "
    "named by the two (phq9+gad7). A course is judged on the scales for which it has both scores; where the files hold "
    "one scale, on that one. A case at the start is a case on either; inside the set the caseness line of the GAD-7 is "
    "8. A scale that is reliably better and one that is reliably worse make no reliable change."
)

_PRESETS_NOTE = (
    "A preset is one set of rules; every parameter can be changed, and a result carries its rules. A "
    "parameter that is the same in all presets stands once."
)

_MEASURES_NOTE = (
    "The numerator is counted among the denominator. Left out besides: reasons of this measure alone; the "
    "others, listed under “Why a course is left out”, apply to all."
)

_PUBLISHED_NOTE = (
    "A published figure is set beside our courses counted by its own rules, never beside a number counted by ours. "
    "What differs all the same (patients, setting, scale) is said."
)

_TABLES_NOTE = "What the columns of the tables mean. A file need not have all of them, nor these names."

_INDICATION_NOTE = (
    "Courses whose indication is pain follow “Pain series”; all others, and courses without an indication, "
    "follow “Induction”."
)


def methods_sections(instruments: Mapping[str, Instrument], rules: RuleSet) -> tuple[Section, ...]:
    """Everything the numbers rest on, with the values in force.

    Parameters
    ----------
    instruments : by key, with the cut-offs in force
    rules : the rules in force
    """
    return (
        Section("Methods", ("Made from the definitions that the program counts by.",), level=1),
        Section("How a number is made", _HOW),
        *_rules_sections(rules),
        _measures_section(),
        _reasons_section(),
        Section("Instruments", (_CONVENTION_NOTE,)),
        *(_instrument_section(instrument) for instrument in instruments.values()),
        Section("Safety scales", (_SAFETY_NOTE,)),
        *(_safety_section(scale) for scale in SAFETY_SCALES.values()),
        Section("Over time", methods_over_time.OVER_TIME),
        Section("Trends", methods_over_time.TRENDS),
        Section("Counted of sessions", methods_over_time.SAFETY, _session_measures_grid()),
        *(Section(scale.title, (f"Source: {scale.source}.",), Grid(("Level", "Means"), tuple(
            (count(level.value), level.words) for level in scale.levels)), level=3) for scale in LEVEL_SCALES),
        Section("Intervals, tests and other statistics",
                (statistics_words.SEVERAL_NOTE, statistics_words.LANDMARK_NOTE), _statistics_grid()),
        Section("Published figures", (_PUBLISHED_NOTE,), _published_grid()),
        Section("Tables", (_TABLES_NOTE,)),
        *_table_sections(),
    )


def _statistics_grid() -> Grid:
    return Grid(("Statistic", "Used for", "Assumes", "Source"), tuple(
        (one.name, one.when, one.assumes, one.source) for one in statistics_words.STATISTICS))


def _session_measures_grid() -> Grid:
    return Grid(("Measure", "Numerator", "Denominator", "Source"), tuple(
        (one.title, one.numerator, one.denominator, one.source) for one in SESSION_MEASURES.values()))


def _published_grid() -> Grid:
    def figures(one: Benchmark) -> str:
        return "; ".join(f"{figure.measure} {published_words.printed(figure)}" for figure in one.figures)

    return Grid(("Source", "How they counted", "Figures", "What differs however it is counted"), tuple(
        (one.source, one.window, figures(one), one.differs) for one in BENCHMARKS.values()))


def methods_markdown(instruments: Mapping[str, Instrument], rules: RuleSet) -> str:
    """The method section as Markdown, as it stands in docs/methods.md."""
    return as_markdown(methods_sections(instruments, rules))


def _rules_sections(rules: RuleSet) -> tuple[Section, ...]:
    sentences = [f"Rules: {rule_words.PRESET_TITLES[rules.preset]}. {rule_words.rule_set_sentence(rules)}."]
    if rules.is_by_indication:
        sentences.append(_INDICATION_NOTE)
        sentences += [f"Set by the user: {name} follows “{rule_words.PRESET_TITLES[preset]}”."
                      for name, preset in rules.by_indication]
    sentences += [f"Set by the user: {key} = {text}." for key, text in rules.settings
                  if not key.startswith("by_indication.")]
    return (
        Section("Rules in force", tuple(sentences)),
        Section("Presets", (_PRESETS_NOTE,), _presets_grid(rules)),
        *(Section(preset.title, (f"{rule_words.rules_sentence(preset)}. Source: {preset.source}.",), level=3)
          for preset in PRESETS.values()),
        Section("Index scores", (_INDEX_NOTE,), level=3),
        Section("Further looks of the pain series", (_looks_sentence(),), level=3),
    )


def _looks_sentence() -> str:
    looks = "; ".join(f"{name}: day {low} to {high}" for name, (low, high) in PAIN_TIME_POINTS.items())
    return f"The last score in these days after the last induction session. {looks[0].upper()}{looks[1:]}."


def _presets_grid(rules: RuleSet) -> Grid:
    presets: list[Rules] = [rules.rules_for(name) for name in PRESETS]
    lines = []
    for key in SETTING_KEYS:
        texts = [rule_words.setting(preset, key) for preset in presets]
        if len(set(texts)) == 1:
            texts[1:] = ["same"] * (len(texts) - 1)
        lines.append((rule_words.SETTINGS[key], key, *texts))
    return Grid(("Parameter", "Key", *(preset.preset for preset in presets)), tuple(lines))


def _measures_section() -> Section:
    lines = tuple((words.measure_title(measure), measure.key, measure.numerator, measure.denominator,
                   _left_out_words(measure), measure.source) for measure in MEASURES.values())
    header = ("Measure", "Key", "Numerator", "Denominator", "Left out besides", "Source")
    return Section("Measures", (_MEASURES_NOTE, _NHS_NOTE), Grid(header, lines))


def _left_out_words(measure: Measure) -> str:
    also = []
    if measure.asks_caseness:
        also.append("not_a_case")
    if measure.key == "remission":
        also.append("already_in_remission")
    if measure.is_percent:
        also.append("baseline_zero")
    if measure.at_risk is not None:
        also += ["not_at_risk", "items_missing"]
    return ", ".join(words.REASON_TITLES[key].lower() for key in also)


def _reasons_section() -> Section:
    lines = tuple((str(place), words.REASON_TITLES[key], key, words.REASON_MEANINGS[key])
                  for place, key in enumerate(LEFT_OUT, start=1))
    return Section("Why a course is left out", ("The first reason that applies is given.",),
                   Grid(("Order", "Reason", "Key", "Means"), lines))


def _instrument_section(instrument: Instrument) -> Section:
    items = (f"{instrument.n_items} items, {instrument.item_minimum} to {instrument.item_maximum}"
             if instrument.n_items else "one answer")
    better = "higher is better" if instrument.is_higher_better else "lower is better"
    lines = [
        ("Measures", instrument.about, instrument.source),
        ("Range", f"{score(instrument.minimum)} to {score(instrument.maximum)}, {better}", instrument.source),
        ("Items", items + _scored_words(instrument), instrument.source),
        ("Looks back", words.recall(instrument), instrument.source),
        *rule_words.cut_offs(instrument),
        ("Bands", _bands_words(instrument), instrument.bands_source),
        ("Unanswered items", _missing_items_words(instrument), instrument.missing_items.source),
        ("Licence", instrument.licence, ""),
    ]
    grid = Grid(("What", "Value", "Source"), tuple(lines))
    return Section(f"{instrument.title} ({instrument.key})", (), grid, level=3)


def _safety_section(scale: SafetyScale) -> Section:
    items = f"{scale.n_items} items, {scale.item_minimum} to {scale.item_maximum}"
    lines = (
        ("Measures", scale.about, scale.source),
        ("Range", f"{score(scale.minimum)} to {score(scale.maximum)}, lower is better", scale.source),
        ("Items", items, scale.source),
        ("Before leaving", f"back to {words.cut_off(scale.ready_to_leave)}", scale.ready_to_leave.source),
        ("Unanswered items", "complete or no total", scale.missing_items.source),
        ("Licence", scale.licence, ""),
    )
    return Section(f"{scale.title} ({scale.key})", (), Grid(("What", "Value", "Source"), lines), level=3)


def _scored_words(instrument: Instrument) -> str:
    if instrument.is_mean:
        return "; the total is their mean, not rounded"
    if instrument.domains:
        groups = [f"{domain[0]}-{domain[-1]}" for domain in instrument.domains if len(domain) > 1]
        return f"; of items {', '.join(groups)} the highest counts once"
    return f"; the sum times {instrument.total_factor}" if instrument.total_factor != 1 else ""


def _bands_words(instrument: Instrument) -> str:
    if not instrument.bands:
        return "no published bands"
    return ", ".join(f"{score(band.start)} {band.label}" for band in instrument.bands)


def _missing_items_words(instrument: Instrument) -> str:
    if instrument.n_items == 0:
        return "none: one answer"
    if instrument.missing_items.most_missing == 0:
        return "complete or no total"
    rounded = "" if instrument.is_mean else ", the total rounded half up"
    text = (f"up to {instrument.missing_items.most_missing} are replaced by the mean of those answered{rounded}; more, "
            "and there is no total")
    return text + (f"; item {instrument.self_harm_item} alone is never filled in for its own measures"
                   if instrument.self_harm_item else "")


def _table_sections() -> Iterable[Section]:
    for title, columns, note in (
        ("Assessments", tables.ASSESSMENTS, "A row is one filling-in of one instrument on one day."),
        ("Sessions", tables.SESSIONS, "A row is one administration of treatment."),
        ("Attributes", tables.ATTRIBUTES, "A row is one value of one attribute."),
        ("Courses", tables.COURSES, "A row is one course: sessions given with one purpose."),
        ("Outcomes", tables.OUTCOMES, "A row is one course and instrument; one more column a measure."),
    ):
        yield Section(title, (note,), columns_grid(columns), level=3)


def columns_grid(columns: Iterable[tables.Column]) -> Grid:
    """Columns of a table as texts: name, kind, meaning, unit, limits."""
    return Grid(("Column", "Kind", "Meaning", "Unit", "Limits"), tuple(
        (column.name + (" (needed)" if column.is_required else ""), column.kind, column.meaning, column.unit,
         "" if column.minimum is None else f"{score(column.minimum)} to {score(column.maximum)}")
        for column in columns))


def write(path: Path) -> None:
    """Write the method section of the built-in definitions and the default rules."""
    path.write_text(methods_markdown(BUILT_IN, rule_set()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(__file__).resolve().parents[2] / "docs" / "methods.md")
