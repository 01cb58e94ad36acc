"""Words of places, programmes, answers and languages that stand in no name of a person, where letters alone decide."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLACES = _words("""
alto ann arbor angeles antonio baton rouge beach bluff bluffs boca brook brooks canyon cedar cliffs coast costa creole
cove creek crest crossing diego dorado falls farms forks forest gables garden gardens gate glen grand grande hampshire
haven highland highlands hills hollow island isle jersey junction kingdom lakes landing lanka las little long mills
maple meadow meadows mesa mountain mountains oak oaks ocean orleans palo palm palms paso paulo pines plains point
pointe prairie puerto raton rapids rica rico rio rock rocky saint salt sands santo sao sea shore shores sierra sioux
sky spring spokane square summit sun sunrise sunset terrace vegas verde view villa village vista walla water waters
willow woodland woodlands worth york zealand arabia saudi lanka emirates republic federation ivory leone sint mariana
samoa guinea faso verde timor kong hong buenos aires addis ababa dar salaam phoenix horizon horizons haute cape crown
kuala lumpur tel aviv inlet domingo
""")
_CALLED_AFTER = _words("""
ehlers danlos charcot tooth guillain barre asberg rating hopkins permanente sloan kettering sinai cedars maris secours
tourette alzheimer crohn raynaud sjogren hashimoto lyme asperger legionnaire
""")
"""Diseases, scales and hospitals that go by the names of persons."""
_PROGRAMMES = _words("""
advanced alliance alpha beta gamma delta assisted better bright calm clear cloud coaching comfort compass core deep
digital direct easy essential express extended first flex foundation free fresh full gold golden good group guided
half healing holistic hybrid inner innovative insight inspire integrated intense intensive journey kind legacy
lifestyle light living mind mindful mindset mood nature new next open path paths phase pilot pioneer platinum plus
premier premium prime pro pure quick rapid reset relief renewal resilience restore safe select serene silver slow
smart solution solutions spirit start starter step steps strong support thrive top total track transform trial true
ultra unity vital vitality whole wise zen session series package bundle option basic classic deluxe
""")
_ANSWERS = _words("""
able absent again agree all almost any anxious average away bad been best better big both break broken busy call
calling came cancel cancelled change changed check checked clear close closed cold come continue continued could
current daily declined deferred delayed did difficult disagree does done down easy else enough every everyone
everything excellent extremely fair fairly fast few fewer fine fit food found further gave get gets getting given
gives going gone good got great had happy hard has have having heavy hers high higher him his home hot hour hourly
hours how improved improving increased into its just keep kept know known large last late later least left less let
like little live living look lost lot lots lower made make many maybe might minor moderately more most mostly much
must nearly need needed needs neither neutral next nobody nor normal nothing now off often only open other ours out
over own partial partially partly past paused pending per please poor possible present previous quite ready really
rescheduled resolved right same saw scheduled see seen send sent she should show showed sick since slightly slow
small sleep some somewhat soon stable still stop strongly such sure take taken that their them then there these they
thing things this those tired today together told too top toward true try twice two under until upset urgent used
useful very wait waiting want was watch weak weekly well went were what when which while who why will wish work
working worse would wrong yesterday yet you your annual annually biweekly monthly quarterly phone video person
telehealth remote virtual onsite walk accepted approved denied rejected billed paid unpaid
""")
_KINDS = _words("""
account accountant administrator analyst architect artist attorney baker banker builder carer cashier chef chinese
christian catholic roman protestant orthodox jewish muslim hindu buddhist cleaner clerk construction consultant
contractor cook creole customer designer developer driver editor educator electrician electric engineer engineering
english executive farmer financial firefighter food french german greek guard haitian hair healthcare human human
immigrant industry italian japanese journalist korean labor labour landscaper laptop lawyer librarian machine
maintenance manager mandarin marketing mechanic military musician officer operator painter paramedic paralegal pilot
plumber police polish portuguese producer professor real estate realtor receptionist registered russian sales school
science scientist secretary security senior junior server service services social software soldier spanish specialist
stylist supervisor swedish tagalog teacher technician technology truck vietnamese volunteer waiter warehouse writer
acid aminophylline blood calcium extract folic hydrochloride hcl iron magnesium multivitamin oil omega release sodium
sulfate vitamin zinc extra strength continuous push bolus drip slow pump patch tablet capsule cream gel injectable
""")
_ENDINGS = re.compile(
    r".{3,}(?:tion|sion|ment|ness|ology|ologist|able|ible|ful|less|osis|itis|emia|algia|pathy|plasty|ectomy|therapy|"
    r"ously|ally|ively|ative|etic|amine|azepam|azolam|zepine|oxetine|azole|idone|apine|statin|sartan|triptan|barbital|"
    r"ville|burgh|opolis|polis|shire)s?")


def is_ordinary(word: str) -> bool:
    """Whether a word, in small letters without accents, is one of the language and of hardly any person's name."""
    return (word in _PLACES or word in _CALLED_AFTER or word in _PROGRAMMES or word in _ANSWERS
            or word in _KINDS or _ENDINGS.fullmatch(word) is not None)
