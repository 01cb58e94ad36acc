"""The words under which files hold our columns: headers and cells, letters and digits only."""

from __future__ import annotations

import re

from analytics.definitions.rules import INDICATION_HEADERS


def squeezed(text: str) -> str:
    """Letters and digits of a text in lower case: ``PHQ-9 Total`` is ``phq9total``."""
    return re.sub(r"[\W_]+", "", text.lower())


HEADERS: dict[str, tuple[str, ...]] = {
    "patient_id": (
        "patientid", "patientcode", "patientno", "patientnumber", "patientkey", "patient", "clientid", "clientcode",
        "client", "subjectid", "subject", "subjectcode", "subjectno", "subjid", "subj", "participantid", "participant",
        "participantcode", "studyid", "pid", "ptid", "patid", "usubjid", "seqn", "recordid", "personid", "caseid",
        "respondentid", "pseudonym", "enrolleeid", "patientenid", "patientencode", "codepatient", "idpatient"),
    "course_id": (
        "courseid", "course", "episodeid", "episode", "treatmentcourse", "treatmentcourseid", "seriesid", "courseno",
        "coursenumber", "coursecode"),
    "day": (
        "day", "studyday", "relday", "relativeday", "days", "daynumber", "dayno", "dayfromstart", "daysfromstart",
        "dayssincestart"),
    "date": ("date", "visitdate", "eventdate", "servicedate", "dateofservice", "dos", "dateofvisit", "encounterdate",
             "appointmentdate", "datum", "besuchsdatum", "datedevisite", "datedelavisite"),
    "assessed_on": (
        "assessedon", "assessmentdate", "dateofassessment", "dateassessed", "completedon", "completiondate",
        "completeddate", "datecompleted", "scoredate", "dateofscore", "surveydate", "questionnairedate", "formdate",
        "ratingdate", "testdate", "measurementdate", "scaledate", "collectedon", "collectiondate", "recordedtime",
        "recordeddts", "recordeddate", "recordeddatetime", "recordedat", "recordedon", "takentime", "timetaken",
        "measuredon", "measuredat", "observationtime", "observationdate", "flowsheetdate",
        "datesubmitted", "submittedon",
        "submissiondate", "submitdate", "dateofsubmission", "submittedat", "dateadministered", "surveytimestamp",
        "datescored", "dateofsurvey", "dateofquestionnaire", "completedat", "erhebungsdatum",
        "datumderbefragung", "datumdesfragebogens", "datedequestionnaire", "datequestionnaire", "dateduquestionnaire"),
    "treated_on": (
        "treatedon", "infusiondate", "dateofinfusion", "sessiondate", "dateofsession", "treatmentdate",
        "dateoftreatment", "administeredon", "administrationdate", "dosedate", "dosingdate", "injectiondate",
        "infusedon", "txdate", "dateoftx", "rxdate", "ketaminedate", "infdate", "dateofdose", "dateofinjection",
        "infusiondatetime", "sessiondatetime", "dategiven", "infusionsdatum", "datumderinfusion",
        "behandlungsdatum", "sitzungsdatum", "datedeperfusion", "dateperfusion", "datedetraitement", "datedeseance",
        "datedes\u00e9ance"),
    "visit": ("visit", "visitname", "visitlabel", "visitno", "visitnumber", "visitnum", "timepoint", "event",
              "eventname", "redcapeventname", "week", "wave"),
    "time": ("timeofday", "assessedat", "assessmenttime", "clocktime", "visittime"),
    "timing": ("timing", "sessiontiming", "infusiontiming", "relativetosession", "relativetoinfusion",
               "timingtosession"),
    "instrument": ("instrument", "scale", "measure", "questionnaire", "survey", "instrumentname", "scalename",
                   "measurename", "questionnairename", "surveyname", "assessment", "assessmentname", "assessmenttype",
                   "formname", "form", "test", "testname"),
    "total": ("total", "totalscore", "score", "value", "result", "scorevalue", "scoretotal"),
    "record_type": ("recordtype", "rowtype", "eventtype"),
    "observed_until_day": ("observeduntilday", "observeduntil", "lastobservedday", "observeduntildate",
                           "lastobservedon", "lastobserveddate"),
    "planned_sessions": ("plannedsessions", "sessionsplanned", "plannedinfusions", "infusionsplanned",
                         "plannednumberofsessions", "nplanned"),
    "drug": ("drug", "drugname", "medication", "medicationname", "agent", "substance"),
    "route": ("route", "routeofadministration", "administrationroute", "roa", "applikation", "applikationsweg",
              "applikationsart", "voie", "voiedadministration"),
    "dose": ("dose", "dosage", "doseamount", "dosegiven", "doseadministered", "ketaminedose", "totaldose", "dosis"),
    "dose_unit": ("doseunit", "doseunits", "dosageunit", "unitofdose"),
    "minutes": ("minutes", "durationminutes", "durationmin", "durationmins", "sessionminutes", "infusionminutes",
                "infusionduration", "sessionduration", "lengthminutes", "durationofinfusion"),
    "phase": ("phase", "treatmentphase", "coursephase"),
    "nausea": ("nausea",),
    "headache": ("headache", "headaches"),
    "dizziness": ("dizziness", "dizzy"),
    "drowsiness": ("drowsiness", "drowsy", "somnolence"),
    "fatigue": ("fatigue", "tiredness"),
    "vomiting": ("vomiting", "emesis"),
    "dissociation": ("dissociation", "dissociated", "dissociative"),
    "hallucinations": ("hallucinations", "hallucination"),
    "sedation": ("sedation", "sedated"),
    "allergic_reaction": ("allergicreaction", "allergy", "allergicreactions"),
    "respiratory_depression": ("respiratorydepression",),
    "cadss_peak": ("cadsspeak", "cadss", "cadsstotal", "cadssscore", "peakcadss", "cadssmax"),
    "cadss_leaving": ("cadssleaving", "cadssdischarge", "cadssatdischarge", "cadssbeforeleaving", "cadssatleaving"),
    "moaas_lowest": ("moaaslowest", "lowestmoaas", "moaas", "moaasmin", "moaasscore", "minmoaas"),
    "cssrs_highest": ("cssrshighest", "cssrshighestlevel", "highestcssrs", "cssrslevel", "cssrsmax",
                      "cssrsscreenerhighest", "cssrsscreenerlevel"),
    "systolic_before": ("systolicbefore", "bpsystolicpre", "presystolic", "systolicpre", "sbppre", "presbp",
                        "sbpbefore", "systolicbpbefore", "systolicbppre", "sbpbaseline", "bpsystolicbefore"),
    "diastolic_before": ("diastolicbefore", "bpdiastolicpre", "prediastolic", "diastolicpre", "dbppre", "predbp",
                         "dbpbefore", "diastolicbpbefore", "diastolicbppre", "dbpbaseline", "bpdiastolicbefore"),
    "systolic_peak": ("systolicpeak", "bpsystolicpeak", "peaksystolic", "sbppeak", "peaksbp", "sbpmax", "maxsbp",
                      "systolicmax", "bpsystolicmax"),
    "diastolic_peak": ("diastolicpeak", "bpdiastolicpeak", "peakdiastolic", "dbppeak", "peakdbp", "dbpmax", "maxdbp",
                       "diastolicmax", "bpdiastolicmax"),
    "systolic_leaving": ("systolicleaving", "bpsystolicpost", "postsystolic", "systolicpost", "sbppost", "postsbp",
                         "sbpafter", "systolicafter", "sbpleaving", "sbpdischarge", "systolicdischarge"),
    "diastolic_leaving": ("diastolicleaving", "bpdiastolicpost", "postdiastolic", "diastolicpost", "dbppost", "postdbp",
                          "dbpafter", "diastolicafter", "dbpleaving", "dbpdischarge", "diastolicdischarge"),
    "minutes_until_ready": ("minutesuntilready", "minutestoready", "minutestodischarge", "timetodischargeminutes",
                            "recoveryminutes", "minutesuntildischarge"),
    "stopped_early": ("stoppedearly", "discontinuedearly", "sessionstoppedearly", "infusionstopped",
                      "terminatedearly"),
}
"""Headers by column, the surest first; a table with two of them takes the one that comes first here."""

DOSE_UNITS_IN_HEADER: dict[str, str] = {
    f"{stem}{suffix}": unit
    for stem in ("dose", "dosis", "dosage", "ketaminedose", "totaldose", "dosegiven", "ketamine")
    for suffix, unit in (("mg", "mg"), ("mgkg", "mg/kg"), ("mgperkg", "mg/kg"), ("mgh", "mg/h"), ("mgkgh", "mg/kg/h"))
}
"""Headers of doses that carry their unit."""

SIDE_EFFECTS = ("nausea", "headache", "dizziness", "drowsiness", "fatigue", "vomiting", "dissociation",
                "hallucinations", "sedation", "allergic_reaction", "respiratory_depression")


def side_effect_of(text: str) -> str | None:
    """The side effect of a session that a word names; missing where it names none known here."""
    word = squeezed(text)
    return next((field for field in SIDE_EFFECTS if word in HEADERS[field]), None)


ATTRIBUTE_HEADERS = INDICATION_HEADERS | frozenset({
    "site", "sitename", "siteid", "sitecode", "clinic", "clinicname", "clinicid", "location", "facility", "center",
    "centre", "clinician", "cliniciancode", "clinicianid", "provider", "providercode", "providerid", "therapist",
    "therapistcode", "prescriber", "sex", "gender", "sexatbirth", "ageband", "agegroup", "agecategory", "treatment",
    "treatmentarm", "treatmentgroup", "arm", "group", "cohort", "protocol", "program", "programme",
    "failedtreatments", "priortreatments", "nfailedtreatments", "startyear", "yearofstart", "insurance", "insurer",
    "payer", "payertype", "race", "ethnicity", "referral", "referralsource", "severity", "severityband", "history",
    "smoker", "smoking", "comorbidity", "treatmentresistant",
})
"""Headers that are attributes by their name."""

FREE_TEXT_WORDS = frozenset({"note", "notes", "comment", "comments", "remark", "remarks", "description", "text",
                             "narrative", "freetext", "summary", "reason", "message"})
"""Words of headers under which people write sentences."""

SESSION_WORDS = frozenset({"session", "sessions", "infusion", "treatment", "dose", "dosing", "administration",
                           "injection"})
ASSESSMENT_WORDS = frozenset({"assessment", "score", "survey", "questionnaire", "rating", "form", "measure"})
ATTRIBUTE_WORDS = frozenset({"patient", "demographics", "demographic", "intake", "enrollment", "enrolment"})
"""What a record type may say."""

_ROUTES = {
    "IV": ("iv", "intravenous", "intravenously", "ivinfusion", "infusion", "intravenousinfusion", "ivdrip"),
    "IM": ("im", "intramuscular", "intramuscularly", "iminjection", "intramuscularinjection"),
    "nasal": ("in", "nasal", "intranasal", "intranasally", "nasalspray", "spravato", "spray"),
    "lozenge": ("lozenge", "lozenges", "troche", "troches", "sublingual", "sl", "rdt", "buccal", "sublinguallozenge"),
    "oral": ("oral", "po", "bymouth", "tablet", "capsule", "orally"),
    "subcutaneous": ("subcutaneous", "sc", "subq", "sq", "subcut", "subcutaneously"),
    "other": ("other",),
}
_ROUTE_OF = {word: route for route, words in _ROUTES.items() for word in words}

_UNIT_OF = {
    "mg": "mg", "milligram": "mg", "milligrams": "mg", "mgs": "mg", "mg/kg": "mg/kg", "mgkg": "mg/kg",
    "mg/h": "mg/h", "mg/hr": "mg/h", "mg/hour": "mg/h", "mgh": "mg/h",
    "mg/kg/h": "mg/kg/h", "mg/kg/hr": "mg/kg/h", "mg/kg/hour": "mg/kg/h", "mgkgh": "mg/kg/h",
}
_TIMING_OF = {
    **dict.fromkeys(("before", "pre", "predose", "presession", "preinfusion", "beforesession", "beforeinfusion"),
                    "before"),
    **dict.fromkeys(("during", "intra", "peak", "duringsession", "duringinfusion"), "during"),
    **dict.fromkeys(("after", "post", "postdose", "postsession", "postinfusion", "aftersession", "afterinfusion"),
                    "after"),
}


def route_of(text: str) -> str | None:
    """IV, IM, nasal, lozenge, oral, subcutaneous or other."""
    return _ROUTE_OF.get(squeezed(text))


def dose_unit_of(text: str) -> str | None:
    """mg, mg/kg, mg/h or mg/kg/h."""
    return _UNIT_OF.get(text.lower().replace(" ", "").replace("per", "/"))


def phase_of(text: str) -> str | None:
    """Induction or maintenance; a booster is a kind of maintenance."""
    word = squeezed(text)
    if word.startswith(("ind", "acute", "reind")):
        return "induction"
    return "maintenance" if word.startswith(("maint", "boost")) else None


def timing_of(text: str) -> str | None:
    """before, during or after the day's session."""
    return _TIMING_OF.get(squeezed(text))


RESEMBLING: tuple[tuple[str, str, str], ...] = (
    (r"bdi(total|score)?", "could be BDI-I or BDI-II", "bdi2"),
    (r"(hamd|hdrs|hrsd|ham|hamiltondepression)(total|score)?", "could be the Hamilton scale of 17, 21 or 24 items",
     "hamd17"),
    (r"(hamd|hdrs|hrsd)(21|24|6|7)(total|score)?",
     "is another length of the Hamilton scale than the 17 items known here", ""),
    (r"who(total|score|raw)?", "could be the WHO-5 of 0 to 25 or of 0 to 100", "who5"),
    (r"phq2(total|score)?", "could be the PHQ-2 or item 2 of the PHQ-9", "phq9.2"),
    (r"phq8(total|score)?", "could be the PHQ-8 or item 8 of the PHQ-9", "phq9.8"),
    (r"gad2(total|score)?", "could be the GAD-2 or item 2 of the GAD-7", "gad7.2"),
    (r"pcl(total|score|sum)?", "could be the PCL-5 or an older form of 17 items", "pcl5"),
    (r"bpi(total|score|sum)?", "could be the severity or the interference of the BPI", ""),
    (r"(bpi[a-z]+|promis[a-z]*|cgi[a-z]*|ymrs|ces?d|dass(21|42)?|shaps|hama|bai|isi|psqi|cssrs)"
     r"(total|score|sum)?", "looks like a rating scale that is not known here", ""),
)
"""Headers that resemble an instrument without saying which: pattern, why it is open, the likely field."""
