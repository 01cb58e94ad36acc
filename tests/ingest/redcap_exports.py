"""One small invented cohort as tidy files and as REDCap would export it: raw or with labels, by events or repeating."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import numpy as np

SIDE_EFFECTS = ("Nausea", "Dizziness", "Headache")
SITES = ("North", "South")
ANSWERS = ("Not at all", "Several days", "More than half the days", "Nearly every day")
PHQ9_WORDS = (
    "1. Little interest or pleasure in doing things", "2. Feeling down, depressed, or hopeless",
    "3. Trouble falling or staying asleep, or sleeping too much", "4. Feeling tired or having little energy",
    "5. Poor appetite or overeating", "6. Feeling bad about yourself", "7. Trouble concentrating on things",
    "8. Moving or speaking so slowly that other people could have noticed",
    "9. Thoughts that you would be better off dead")
GAD7_WORDS = (
    "Feeling nervous, anxious, or on edge", "Not being able to stop or control worrying",
    "Worrying too much about different things", "Trouble relaxing", "Being so restless that it's hard to sit still",
    "Becoming easily annoyed or irritable", "Feeling afraid as if something awful might happen")
EVENTS = ("baseline", "week_4")


class Cohort:
    """Patients with a site, sessions with side effects, and a PHQ-9 and a GAD-7 before and after."""

    def __init__(self, seed: int, n_patients: int = 12) -> None:
        drawn = np.random.default_rng(seed)
        self.patients = [(f"{number}", SITES[int(drawn.integers(2))]) for number in range(101, 101 + n_patients)]
        self.sessions: list[tuple[str, date, int, tuple[bool, ...]]] = []
        self.scores: list[tuple[str, int, date, tuple[int, ...], tuple[int, ...]]] = []
        for code, _ in self.patients:
            start = date(2024, 1, 3) + timedelta(int(drawn.integers(300)))
            days = (0, 3, 7, 10)[:4 if drawn.random() < 0.8 else 2]
            for day in days:
                ticked = tuple(bool(one) for one in drawn.random(3) < 0.4)
                self.sessions.append((code, start + timedelta(day), 40 + 5 * int(drawn.integers(3)), ticked))
            for event, day in enumerate((-2, days[-1] + 9)):
                if event and drawn.random() < 0.2:
                    continue
                high = 4 if event == 0 else 3
                self.scores.append((code, event, start + timedelta(day), tuple(map(int, drawn.integers(1, high, 9))),
                                    tuple(map(int, drawn.integers(1, high, 7)))))

    def tidy(self) -> tuple[str, str, str]:
        """Three files: scores, sessions, patients."""
        scores = [["patient_id", "assessed_on", *(f"phq9_{item}" for item in range(1, 10)),
                   *(f"gad7_{item}" for item in range(1, 8))]]
        scores += [[code, str(on), *phq9, *gad7] for code, _, on, phq9, gad7 in self.scores]
        sessions = [["patient_id", "treated_on", "dose_mg", *(word.lower() for word in SIDE_EFFECTS)]]
        sessions += [[code, str(on), dose, *("yes" if one else "no" for one in ticked)]
                     for code, on, dose, ticked in self.sessions]
        return _csv(scores), _csv(sessions), _csv([["patient_id", "site"], *map(list, self.patients)])

    def repeating(self, *, labels: bool, timestamps: bool = False) -> str:
        """Scores by event, sessions as a repeating form: blocks of rows that fill their own columns only."""
        when = (["phq9_timestamp", "gad7_timestamp"] if timestamps else ["phq9_date", "gad7_date"])
        raw = ["record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance", "site",
               "demographics_complete", when[0], *(f"phq{item}" for item in range(1, 10)), "phq9_complete", when[1],
               *(f"gad7_{item}" for item in range(1, 8)), "gad7_complete", "infusion_date", "dose_mg",
               "side_effects___nausea", "side_effects___dizziness", "side_effects___headache", "infusion_complete"]
        shown = ["Survey Timestamp"] * 2 if timestamps else ["PHQ-9 date", "GAD-7 date"]
        named = ["Record ID", "Event Name", "Repeat Instrument", "Repeat Instance", "Site", "Complete?", shown[0],
                 *PHQ9_WORDS, "Complete?", shown[1], *GAD7_WORDS, "Complete?", "Infusion date", "Dose (mg)",
                 *(f"Side effects (choice={word})" for word in SIDE_EFFECTS), "Complete?"]
        rows = [named if labels else raw]
        for code, site in self.patients:
            for mine, event, on, phq9, gad7 in self.scores:
                if mine == code:
                    first = [site, "Complete" if labels else 2] if event == 0 else ["", ""]
                    stamp = f"{on} 10:22:11" if timestamps else str(on)
                    rows.append([code, _event(event, labels), "", "", *first, stamp, *_answers(phq9, labels),
                                 _state(2, labels), stamp, *_answers(gad7, labels), _state(event, labels),
                                 *[""] * 2, *["" if labels else 0] * 3, ""])
            mine = [session for session in self.sessions if session[0] == code]
            for instance, (_, on, dose, ticked) in enumerate(mine, start=1):
                rows.append([code, _event(0, labels), "Infusion" if labels else "infusion", instance, *[""] * 22,
                             str(on), dose, *(_box(one, labels) for one in ticked), _state(2, labels)])
        return _csv(rows)

    def by_events(self, *, labels: bool) -> str:
        """Every session an event of its own; boxes are unticked on the rows of all events, as REDCap writes them."""
        raw = ["record_id", "redcap_event_name", "site", "demographics_complete", "visit_date", "visit_complete",
               *(f"phq9_{item}" for item in range(1, 10)), "phq9_complete", *(f"gad7_{item}" for item in range(1, 8)),
               "gad7_complete", "infusion_date", "dose_mg", "side_effects___nausea", "side_effects___dizziness",
               "side_effects___headache", "infusion_complete"]
        named = ["Record ID", "Event Name", "Site", "Complete?", "Visit date", "Complete?", *PHQ9_WORDS, "Complete?",
                 *GAD7_WORDS, "Complete?", "Infusion date", "Dose (mg)",
                 *(f"Side effects (choice={word})" for word in SIDE_EFFECTS), "Complete?"]
        rows = [named if labels else raw]
        for code, site in self.patients:
            for mine, event, on, phq9, gad7 in self.scores:
                if mine == code:
                    first = [site, _state(2, labels)] if event == 0 else ["", ""]
                    rows.append([code, _event(event, labels), *first, str(on), _state(2, labels),
                                 *_answers(phq9, labels), _state(2, labels), *_answers(gad7, labels),
                                 _state(2, labels), "", "", *[_box(False, labels)] * 3, _state(0, labels)])
            mine = [session for session in self.sessions if session[0] == code]
            for number, (_, on, dose, ticked) in enumerate(mine, start=1):
                name = f"Infusion {number}" if labels else f"infusion_{number}_arm_1"
                rows.append([code, name, *[""] * 22, str(on), dose, *(_box(one, labels) for one in ticked),
                             _state(2, labels)])
        return _csv(rows)


def _event(event: int, labels: bool) -> str:
    return ("Baseline", "Week 4")[event] if labels else f"{EVENTS[event]}_arm_1"


def _answers(answers: tuple[int, ...], labels: bool) -> list:
    return [ANSWERS[one] for one in answers] if labels else list(answers)


def _state(state: int, labels: bool) -> str | int:
    return ("Incomplete", "Unverified", "Complete")[state] if labels else state


def _box(is_ticked: bool, labels: bool) -> str | int:
    return ("Unchecked", "Checked")[is_ticked] if labels else int(is_ticked)


def _csv(rows: list[list]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
