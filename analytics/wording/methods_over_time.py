"""How the pages on time, trends and safety count, in sentences for the method section."""

from __future__ import annotations

OVER_TIME = (
    "The course of scores starts with every course that is eligible for the headline measure and has a score at the "
    "start. A point is the last score of each course in a window: days 1 to 3, then week k as day 7k - 3 to 7k + 3, "
    "after week 12 four weeks at a time; by session it is the first score after k sessions. Who has no score there is "
    "not in the point, so the points are not of the same people.",
    "Time to response or remission starts on day 0 and ends at the first later score that has it. Courses that are not "
    "yet due or lost to follow-up take part: they are watched until their last score, at the latest on the first day "
    "of the patient's next course. A course without any later score is left out by name.",
    "“Ever responded by session k” counts whoever responded once, whatever came after. It is another figure than "
    "“responder at endpoint” and as a rule higher.",
    "Durability starts at the endpoint of a responder and ends at the first later score without response, if the next "
    "score, where there is one, confirms it. Of remitters it ends at the caseness line (PHQ-9 10 or more). It is "
    "watched until the last score, at the latest on the first day of the patient's next course; as an option until "
    "maintenance begins, which is informative: who gets maintenance is not a matter of chance.",
    "A score shows that something happened since the score before, not on which day. Times are those of the scores.",
)

TRENDS = (
    "A course stands in the period of its day 0, a session in its own. A period that is not over, or that holds a "
    "course that is not yet due, is drawn hollow and neither judged nor part of the limits.",
    "Rates have a p chart; a Laney p' chart where they vary more than chance allows. Courses, sessions and means have "
    "an XmR chart. Nothing is judged below 8 periods of 5 courses or more.",
    "A signal must break its rule and be as rare as the rule promises on a normal process with known limits; the "
    "textbook's limits alone give small sites too many. A process chart is no test.",
)

SAFETY = (
    "Rates per session have as denominator the sessions whose form answers the question: a blank is unknown, never "
    "none. Rates per course count courses with at least one such session; boosters are in the rates per session alone.",
    "Sessions of one patient resemble each other: intervals use the effective number of sessions. Levels are counted "
    "and never averaged. Sessions per patient-year run from a patient's first session to the last day he was known.",
    "This is no monitoring and no alerting.",
)
