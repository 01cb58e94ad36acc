"""Headers as clinics write them, each with the values under it and what it is; missing where nobody could say."""

from __future__ import annotations

from dataclasses import dataclass

VALUES = {
    "phq": ("20", "18", "9", "14", "3", "22"),
    "gad": ("15", "21", "8", "12", "4", "17"),
    "low": ("1", "3", "0", "2", "2", "1"),
    "pain": ("7", "5", "3", "8", "2", "10"),
    "vas": ("70", "55", "31", "82", "23", "100"),
    "bdi": ("33", "41", "12", "29", "8", "37"),
    "who": ("52", "24", "76", "40", "88", "32"),
    "raw": ("13", "6", "19", "10", "22", "8"),
    "told": ("20 (severe)", "18 (moderately severe)", "9 (mild)", "14 (moderate)", "3", "22 (severe)"),
    "date": ("2024-01-05", "2024-02-05", "2024-01-09", "2024-03-01", "2024-02-11", "2024-01-30"),
    "other": ("2024-01-06", "2024-02-07", "2024-01-19", "2024-03-02", "2024-02-17", "2024-01-31"),
    "small": ("1", "2", "3", "4", "5", "6"),
    "days": ("0", "14", "28", "3", "7", "21"),
    "word": ("mild", "severe", "mild", "moderate", "mild", "severe"),
    "yes": ("yes", "no", "yes", "yes", "no", "no"),
    "code": ("A1", "A2", "A3", "A4", "A5", "A6"),
    "text": ("says it is better than it was some weeks ago", "no change was reported by anybody", "see the letter",
             "walks to the clinic again now", "came late, left early", "asked for the next visit in two weeks"),
    "dose": ("40", "45", "50", "55", "60", "40"),
    "route": ("IV", "IM", "IV", "nasal", "IV", ""),
    "label": ("baseline", "week 4", "baseline", "week 4", "baseline", "week 4"),
    "none": ("", "", "", "", "", ""),
    "change": ("-5", "-9", "0", "-3", "2", "-11"),
    "site": ("North", "South", "North", "South", "North", "South"),
}


@dataclass(frozen=True)
class Header:
    """One header, the kind of values under it, and what it is in the words of ``--map``.

    Attributes
    ----------
    expected : missing where it must stay open, or is nothing that is read
    beside : further columns of its table, each with its kind of values
    """

    header: str
    values: str
    expected: str | None
    beside: tuple[tuple[str, str], ...] = (("patient_id", "code"), ("day", "days"))
    file: str = "export.csv"


def _each(values: str, expected: str | None, *headers: str, **context) -> list[Header]:
    return [Header(header, values, expected, **context) for header in headers]


_PHQ_ITEMS = tuple((f"phq{item}", "low") for item in range(1, 9))
_SESSION = (("patient_id", "code"), ("infusion_date", "date"), ("dose_mg", "dose"))
_DATED = (("patient_id", "code"), ("phq9", "phq"))
_BARE = (("patient_id", "code"),)

HEADERS: list[Header] = [
    # One name of a total, written in many ways
    *_each("phq", "phq9", "PHQ9", "PHQ-9", "phq_9", "PHQ 9", "PHQ-9 Total", "PHQ9 TOTAL SCORE", "phq9_sum", "PHQ9tot",
           "tot_phq9",
           "PHQ-9 (0-27)", "Total PHQ-9", "PHQ9Score", "phq9score", "PHQ-9 Depression Score",
           "Patient Health Questionnaire-9",
           "Patient Health Questionnaire (PHQ-9)", "PHQ-9 result", "PHQ 9 - Total Score", "PHQ-9: total",
           "Score: PHQ-9",
           "PHQ-9 score (calculated)", "PHQ-9 Raw Score", "your PHQ-9 score", "PHQ-9*", "  PHQ-9  total", "PHQ9_TTL",
           "PHQ9 pts", "phq9 overall score", "PHQ_TOTAL", "Score PHQ", "PHQ", "phqtot", "totphq", "PHQ sum"),
    *_each("gad", "gad7", "GAD7", "GAD-7 score", "gad_7_total", "GAD 7", "Generalized Anxiety Disorder 7",
           "GAD-7 (0-21)",
           "GAD-7 anxiety total", "GAD Total", "gadtot", "GAD7 - result", "GAD-7 Total Score (auto)"),
    *_each("pain", "pain_nrs", "Pain", "pain_score", "NRS", "Pain (0-10)", "pain level", "PAIN RATING", "Pain 0-10",
           "pain0-10",
           "Pain intensity", "Pain score today", "Pain rating (0-10)", "Patient reported pain score"),
    *_each("pain", "pain_nrs_worst", "worst pain", "Pain worst", "pain_max", "Pain worst?? 0-10", "Worst Pain (0-10)",
           "worst pain score"),
    *_each("pain", "pain_nrs_average", "pain avg", "average pain", "Pain average 0-10"),
    *_each("pain", "pain_nrs_now", "pain now", "current pain", "PainNow"),
    *_each("pain", "pain_nrs_least", "least pain", "pain_min"),
    *_each("vas", "pain_vas", "Pain VAS", "VAS pain", "Pain VAS (0-100)", "pain_vas_mm"),
    *_each("bdi", "bdi2", "BDI-II", "BDI2 total", "bdi_ii_score"),
    *_each("phq", "qids_sr16", "QIDS-SR16", "qids_sr_total", "QIDS SR"),
    *_each("who", "who5", "WHO-5", "WHO5 index", "who_5_total"),
    *_each("told", "phq9", "PHQ-9 score ", "PHQ9 total score (text)"[:16]),
    # At a visit
    *_each("phq", "phq9@pre", "PHQ9 pre", "pre_phq9", "PHQ-9 pre", beside=_BARE),
    *_each("phq", "phq9@post", "phq9_post", "PHQ-9 Total post", "post PHQ9", beside=_BARE),
    *_each("phq", "phq9@baseline", "baseline_phq9_total", "phq9_baseline", beside=_BARE),
    *_each("phq", "phq9@Baseline", "PHQ-9 Baseline", "Baseline PHQ-9 score", "Baseline: PHQ-9 (total)", beside=_BARE),
    *_each("gad", "gad7@wk4", "GAD7tot_wk4", beside=_BARE), *_each("gad", "gad7@week 4", "GAD-7 week 4", beside=_BARE),
    *_each("phq", "phq9@fu", "phq9_fu", "PHQ9 sum fu", beside=_BARE),
    *_each("pain", "pain_nrs_worst@post", "Pain worst?? 0-10 post", beside=_BARE),
    *_each("pain", "pain_nrs@pre", "pain_pre", "Pain (0-10) pre", beside=_BARE),
    *_each("phq", "phq9@month_6", "phq9_month_6", beside=_BARE),
    *_each("phq", "phq9@at discharge", "PHQ-9 at discharge", beside=_BARE),
    *_each("phq", "phq9@Discharge", "Discharge PHQ-9", beside=_BARE),
    # Two readings, or none: never guessed
    *_each("phq", None, "PHQ tot V3 (wk)", "phq-9 (12/3)", "PHQ-9 2", "phq9_4", "PHQ9 3 4", "PHQ 9 wk 2 v3"),
    *_each("low", None, "phq9_2", "PHQ9 7", "gad7.3", "phq8", "PHQ-2", "gad2"),
    *_each("phq", None, "q9sum_fu", "q9sum", "p9 total", "q9_total", "PHQ-9 new form", "PHQ9 xx", "PHQ-9 by nurse x",
           "PHQ9 scr", "PHQ-9 week",
           "Total Score", "Score", "total", "sum", beside=(("patient_id", "code"), ("day", "days"))),
    *_each("bdi", None, "BDI", "bdi_total"), *_each("phq", None, "HAMD", "HDRS total", "hamd21", "SHAPS", "WHO",
           "phq8_total"),
    *_each("pain", None, "pain_location", "back_pain", "painkillers", "knee pain x", "pain killers taken"),
    *_each("word", None, "phq9_severity", "PHQ-9 Severity Level", "GAD-7 Category"), *_each("word", "attribute",
           "pain descr", "pain_kind"),
    *_each("change", None, "phq9_change", "PHQ-9 diff", "Delta PHQ9", "PHQ-9 % change"),
    *_each("yes", None, "phq9 response", "PHQ-9 remission", "PHQ9 complete", "GAD-7 sent"),
    *_each("text", None, "PHQ-9 comments", "pain notes", "PHQ-9 interpretation"),
    *_each("phq", None, "PHQ-9 (0-30)", "PHQ-9 0-100"), *_each("raw", None, "WHO-5 (0-25)"),
    *_each("phq", None, "Unnamed: 3", "(column)", "X.1", "...5", "V7"), *_each("none", None, "Unnamed: 4"),
    *_each("code", None, "PHQ-9 form id", "PHQ9 total id"),
    *_each("bdi", None, "PHQ-9 tot al", "PHQ9 pat", "PHQ-9 raw score", "GAD7 - result", "your PHQ-9 score"),
    # Item 9, the total, and copies
    *_each("low", "phq9.9", "phq9", beside=(*_BARE, ("day", "days"), *_PHQ_ITEMS)),
    *_each("phq", "phq9", "phq9", beside=(*_BARE, ("day", "days"), *_PHQ_ITEMS)),
    *_each("phq", None, "phq9.1", beside=(*_BARE, ("day", "days"), ("phq9", "gad"))),
    *_each("low", None, "phq9.1", beside=(*_BARE, ("day", "days"), ("phq9", "gad"))),
    *_each("gad", None, "phq9.1", beside=(*_BARE, ("day", "days"), ("phq9", "gad"))),
    *_each("other", None, "date.1", beside=(*_DATED, ("date", "date"))),
    *_each("date", None, "date.1", beside=(*_DATED, ("date", "date"))),
    # In a table called after an instrument
    *_each("phq", "phq9", "Total Score", "score", "Total", "Sum", "Result", file="PHQ-9.csv"),
    *_each("gad", "gad7", "Total Score", "Score", file="GAD-7 export 2024.csv"),
    *_each("phq", "phq9", "Total", file="clinic.csv [PHQ-9]"),
    *_each("phq", None, "Total Score", file="PHQ-9 and GAD-7.csv"), *_each("bdi", None, "Total Score",
           file="PHQ-9.csv"),
    *_each("phq", None, "Total Score", file="scores.csv"),
    # Days and dates
    *_each("date", "date", "date", "Visit Date", "DOS", "date of service", beside=_DATED),
    *_each("date", "assessed_on", "Date Submitted", "completed on", "Date completed", "Survey Date", "assessment_date",
           "Submission Date", beside=_DATED),
    *_each("date", "treated_on", "infusion date", "Date of infusion", "Tx date", "treatment_date",
           beside=(*_BARE, ("dose_mg", "dose"))),
    *_each("days", "day", "day", "Study Day", "days", beside=_DATED), *_each("date", "date", "day", beside=_DATED),
    *_each("small", None, "date", "visit date", beside=(*_DATED, ("day", "days"))),
    *_each("small", None, "infusion date", beside=(*_BARE, ("dose_mg", "dose"), ("day", "days"))),
    *_each("date", "assessed_on", "PHQ-9 date", "phq9_timestamp", "Date PHQ", beside=_DATED),
    # Beside sessions
    *_each("pain", None, "pain_pre", "Pain post", "pain before", beside=_SESSION),
    *_each("phq", "phq9", "PHQ-9", beside=_SESSION), *_each("dose", "dose", "Dose (mg)", "ketamine mg",
           beside=_SESSION[:2]),
    *_each("route", "route", "Route", "route of administration", beside=_SESSION),
    # Who, where and what else
    *_each("code", "patient_id", "Client ID", "PatientCode", "Subject ID", "record_id", beside=(("day", "days"),
           ("phq9", "phq"))),
    *_each("label", "visit", "Visit", "Event Name", "timepoint", beside=_DATED),
    *_each("site", "attribute", "Site", "Clinic", "sex", "Sex at birth"),
    *_each("code", None, "Client Name", "Email", "DOB", "MRN", "Phone #"),
]
"""Every header with its context."""
