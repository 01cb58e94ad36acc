"""docs/methods.md says what the program counts by."""

from pathlib import Path

from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.measures import LEFT_OUT, MEASURES
from analytics.definitions.rules import PRESETS, SETTING_KEYS, rule_set
from analytics.definitions.tables import ASSESSMENTS, COURSES, OUTCOMES, SESSIONS
from analytics.reports.methods import methods_markdown, write

METHODS = Path(__file__).parents[2] / "docs" / "methods.md"


def test_the_methods_are_current():
    assert METHODS.read_text(encoding="utf-8") == methods_markdown(BUILT_IN, rule_set()), (
        "docs/methods.md is stale: run python -m analytics.reports.methods")


def test_every_definition_is_there():
    text = METHODS.read_text(encoding="utf-8")
    for key in (*MEASURES, *LEFT_OUT, *PRESETS, *SETTING_KEYS, *BUILT_IN):
        assert key in text, key
    for column in (*ASSESSMENTS, *SESSIONS, *COURSES, *OUTCOMES):
        assert column.name in text, column.name


def test_every_cut_off_stands_with_its_source():
    text = METHODS.read_text(encoding="utf-8")
    for instrument in BUILT_IN.values():
        for line in (instrument.caseness, instrument.response, instrument.remission, instrument.reliable_change,
                     instrument.important_change):
            assert line is None or line.source in text, (instrument.key, line)


def test_writing_makes_the_same_text(tmp_path):
    write(tmp_path / "methods.md")
    assert (tmp_path / "methods.md").read_bytes() == METHODS.read_bytes()
