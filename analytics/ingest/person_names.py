"""Which words are names of persons: the commonest given and family names, and words that are none."""

from __future__ import annotations

import re
import unicodedata


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GIVEN = _words("""
aarav aaron abdul abdullah abigail abraham adam adele adrian adriana agathe agnes ahmad ahmed ahmet aidan aiden aisha
akira akosua alan alana albert alberto alejandra alejandro aleksandra alessandro alex alexa alexander alexandra
alexandre alexis alfred ali alice alicia alina alison alix allan allison alma alvaro alyssa amanda amandine amelia
amina aminata amir amit amparo amy ana ananya anastasia anders andre andrea andreas andres andrew andrzej angela
angelica angelina anil anita anja anke ann anna annabelle anne annegret annette annie anouk anthony antoine anton
antonia antonio aria ariana arjun arlene arnaud arnold arthur arturo ashley astrid asuncion audrey aurelie aurelio ava
avery axel ayesha baldomero barbara barry beatrice beatriz becky belinda ben benedict benjamin benoit bernadette
bernard bernd bernice bertha beth bethany betty bianca birgit blake bob bobby bonnie brad bradley brandon brenda
brendan brent brett brian brianna bridget brigitte britta bruce bruno bryan caitlin caleb calvin cameron camila camille
candice carl carla carlos carmelo carmen caroline carolyn carrie carsten casey cassandra catalina caterina catherine
cathy cecile cecilia celia celine chantal charlene charles charlie chelsea cheryl chidi chloe chris christa christelle
christina christine christoph christopher cindy claire clara clarence clark claude claudia clayton clemence cody
colette colin colleen concepcion connie connor constance consuelo corey corinne courtney craig cristian cristina
cristobal curtis cynthia dagmar damien dan dana daniel daniela danielle danny darlene darren daryl dave david dawid
debbie deborah debra deepak deepika delphine denis denise dennis derek detlef diana diane dianne didier diego dieter
dirk dmitri dolores dominic dominik don donald donna dora doreen doris dorothea dorothy doug douglas duncan dustin
dylan earl eberhard ed eddie edgar edith edmund eduardo edward edwin eileen ekkehard elaine eleanor elena elfriede eli
elias elijah elisa elisabeth elise eliza elizabeth ella ellen ellie elodie elsa elsie emeka emil emilia emiliano emilio
emily emma emmanuel emmanuelle encarnacion enrique eric erica erik erika erin ernest ernesto erwin esperanza esteban
estelle esther ethan eugene eugenia eusebio eva evan evelyn ezequiel ezra fabian fabien fabrice fatima fatou felicia
felipe felix fermin fernanda fernando fidel fiona florian frances francesca francesco francis franck francois franz
fred freda frederick frederique freya friedrich gabor gabriel gabriela gabriele gabrielle gaelle gareth gary gavin
geoffrey george georgina gerald geraldine gerard gerda gerhard gertrude gianni gilbert gilles giovanni gisela giulia
giuseppe gladys glenda glenn gloria gonzalo gordon graham greg gregorio gregory greta gretchen gretl guillaume
guillermo gunter gunther gustavo gwen gwendolyn hannah hannelore hans harald harold harpreet harriet harry hartmut
harvey hassan hazel hector heidi heike heiko heinrich heinz helen helga helmut henri henry herbert herman hernan hertha
herve hilario hilda hildegard hiroshi holger horst howard hugh hugo hugues hussein ian ibrahim ida ifeoma ignacio igor
ilona ilse imran ines inga ingeborg ingrid inmaculada irene irina irma irmgard isaac isabel isabella isabelle isaiah
isidro isla ismael ivan ivana jacinto jack jackie jacob jacqueline jacques jaime jake jamal james jamie jan jana jane
janet janice janina janine jared jasmine jason javier jean jeanette jeanne jeff jeffery jeffrey jenna jennifer jenny
jens jeremiah jeremy jerome jerry jesse jessica jesus jill jim jimmy joachim joan joanna joanne joaquin jochen jodi joe
joel joelle johan johanna johannes john johnny jon jonas jonathan jordi jorge jose josef josefa joseph josephine josh
joshua joyce juan juanita judith judy juergen julia julian juliana julie juliette julio jurgen justin jutta kaitlyn
kamal karen karin karina karl karla kate katharina katherine kathleen kathryn kathy katie katja katrina kavita kay
kayla keith kelly ken kendra kenneth kenny kerry kerstin kevin khalid kieran kim kimberly kirsten klara klaus kofi
krista kristen kristin kristina krzysztof kumar kurt kwame kyle laetitia lakshmi lance lara larry lars latoya laura
laure lauren laurence laurent laurie lea leah lee leila lena leo leon leona leonard leonardo leroy leslie leticia lewis
liam lidia lieselotte lillian linda lindsay lindsey lisa liz lloyd logan lois lola lorenzo lori lorraine lothar louis
louise luc luca lucas lucia luciano lucie lucille lucy ludovic luis luisa lukas luke lutz lydia lynn macarena mackenzie
maddison madeline magali magdalena mahmoud malcolm mandy manfred manoj manuel manuela marc marcel marcelino marcia
marco marcos marcus margaret margarita margit marguerite maria mariah marian mariana marianne marie marilyn mario
marion marisa marissa marjorie marleen marlene marlies marta martha marthe martin martina marvin mary maryam mathew
mathias mathieu matilda matt matteo matthew matthias maud maureen maurice max maxine maya megan meghan mehdi mei
melanie melinda melissa meredith mia michael michaela micheal michel michele michelle miguel mikael mike mikhail
milagros mildred milena minnie miranda miriam mitchell mohamed mohammad mohammed moira molly mona monica monika monique
montserrat morgan moritz muhammad muriel myra nadia nadine nancy naomi nasser natalia natalie natasha nathalie nathan
nathaniel neal neha neil nell nellie nelson ngozi nicholas nick nicola nicolas nicole nieves nikhil nils nina noah noel
noemi noemie nora norbert noreen norma norman nuria octavio odette odile olga oliver olivia olivier omar oscar otto
owen pablo pam pamela paola pascal pascale patrice patricia patrick paul paula pauline pedro peggy penelope perry peter
petra phil philip philippe phillip phoebe phyllis pierre pilar piotr polly pooja preeti priscilla priya quentin rachael
rachel rafael rahul raj rajesh ralph ramiro ramon ramona randall randy raquel rashid raul ravi raymond rebecca regina
reginald reinhard reinhold rekha remedios remy renate rene renee rhonda ricardo richard rick ricky rita robert roberta
roberto rocio rodney rodolfo rodrigo roger rohan roland rolf roman ron ronald rosa rosalie rosario rosemarie rosemary
ross roxanne roy ruben rudiger rudolf rupert russell ruth ryan sabine sabrina sally salma salvador sam samantha sami
samir samuel sandeep sandra sandrine sanjana sanjay sara sarah sasha saul scott sean sebastian sebastien selena serena
sergei sergey sergio seth severine shane shannon sharon shaun shawn sheila shelley sherry shirley shreya sibylle sidney
siegfried sigrid silke silvia simon simone sita sofia solange soledad solomon sonal sonia sonja sophia sophie stacey
stacy stan stanley stefan stefanie steffen stella stephan stephanie stephen steve steven stewart stuart sunil suresh
susan susana susanne suzanne sven svenja swati sylvain sylvia sylvie tamara tammy tanya tara tatiana ted terence teresa
terrence terri terry thelma theodore theresa therese thibault thierry thomas thorsten tiffany tim timothy tina tobias
todd tom tomas tommy toni tony torsten tracey tracy travis trevor tristan ulrich ulrike uma ursula ute uwe valentin
valentina valerie vanessa vera vernon veronica veronique vesna vicente vicki vickie victor vijay vikram vincent viola
virgil virginie vivian vladimir volker waltraud wanda warren wendy werner wesley wilfried wilhelm willem william willie
wolfgang xavier xin yann yasmin yolanda yosef yuki yusuf yves yvette yvonne zachary zahra zainab zoe zofia
""")

SURNAMES = _words("""
adams ahmed alexander ali allen alvarez anderson andrews armstrong arnold bailey baker banerjee barnes bauer becker
bell bennett berg bernard black boyd bradley brooks brown bryant burns butler campbell carroll carter castillo castro
chan chang chapman chavez chen choi clark cole coleman collins contreras cook cooper cox crawford cruz cunningham
daniels davies davis delgado diaz dixon dubois duncan dunn edwards elliott ellis evans ferguson fernandez fischer
fisher fleming flores ford foster fox franklin freeman fuentes garcia gardner gibson gomez gonzales gonzalez gordon
graham gray green greene griffin guerrero gupta gutierrez guzman hall hamilton hansen hanson harper harris harrison
hart hawkins hayes henderson henry hernandez herrera hicks hill hoffman hoffmann holmes howard huang hudson hughes hunt
hunter ivanov jackson jacobs james jenkins jensen jimenez johansson johnson johnston jones jordan kaur keller kelley
kelly kennedy khan kim king klein knight koch kowalski kumar larsen larson lawrence lawson lee lefebvre lewis li lin
liu long lopez macdonald maldonado marsh marshall martin martinez mason matthews mcdonald medina mehta mendez mendoza
meyer miller mills mitchell moore morales moreau moreno morgan morris morrison muller munoz murphy murray myers
nakamura nelson neumann newman nguyen nichols novak nunez obrien oconnor ogden okafor oliver olsen olson oneill ortega
ortiz owens palmer park parker patel patterson payne pena perez perkins perry peters petersen peterson petrov pham
phillips pierce porter powell price quinn ramirez ramos rao reed reid reyes reynolds rice richards richardson richter
riley rivera roberts robertson robinson rodriguez rogers romero rose ross rossi roy ruiz russell russo ryan salazar
sanchez sanders sandoval santiago santos sato schmidt schmitz schneider schroeder schultz schulz schwarz scott shah
sharma shaw silva simmons simpson singh smith snyder soto spencer stephens stevens stewart stone sullivan suzuki tanaka
taylor thomas thompson thomson torres tran tucker turner vargas vasquez vega wagner walker wallace walsh wang ward
warren washington watson weaver webb weber weiss wells west wheeler white williams williamson willis wilson winter wolf
wong wood woods wright wu yamamoto yang yilmaz young zhang zhao zimmermann
""")

AMBIGUOUS = _words("""
jordan austin charlotte madison jackson lincoln sydney florence victoria savannah brooklyn chelsea paris london
carolina georgia virginia dakota houston dallas denver cleveland kingston lawrence salem jasper phoenix troy adelaide
israel francisco diego antonio jose louis paul pierre helena augusta eugene orlando santiago sofia regina wayne tyler
beverly carson hamilton franklin washington marion jesus logan duncan roman lee aurora santa berlin vienna columbus
richmond will mark bill art grace hope faith joy rose iris ivy lily daisy violet ruby amber pearl jade april may june
august summer autumn dawn eve star sky river rich frank gene rob pat sue chance chase hunter mason sage holly heather
olive ginger misty crystal melody harmony destiny trinity angel norm drew grant dean duke earl king prince bishop max
guy christian carol penny sandy cliff stone forrest glen dale heath lane brook rowan robin wren jay ray miles major
royal justice case baker cook black white brown green gray grey gold silver long short young old west north south east
hill hall park wood woods marsh winter rice price reed fox wolf bell ford knight hart marshall porter gardner butler
hunt mills rivers wells stanley perry warren marie ward rosa casey parker cooper carter taylor fisher page day sterling
berg star clay weber bergen alma mesa concord monroe alexandria perth bristol kent lancaster york chester lourdes don
ed kay roy li lin park choi chan
""")
"""Names that are as well a place, a month or a plain word: on their own they are no evidence of a person."""

NO_PERSONS = _words("""
clinic clinics hospital centre center centers health healthcare medical medicine practice surgery site sites office
campus branch institute university college department dept unit ward wards ketamine esketamine spravato arketamine
racemic placebo saline midazolam infusion infusions injection lozenge troche nasal spray oral sublingual intranasal
intravenous intramuscular subcutaneous iv im treatment treatments therapy arm group groups cohort protocol control
active waitlist usual care standard program programme plan dose low high medium maintenance induction booster acute
depression depressive anxiety disorder disorders pain chronic neuropathic migraine headache syndrome complex regional
crps fibromyalgia bipolar ptsd ocd mdd trd gad suicidal ideation major recurrent episode severe moderate mild resistant
disease trauma stress injury cancer back neck knee shoulder joint joints spinal cord nerve neuralgia trigeminal post
pre baseline screening visit visits week weeks day days month months year years follow followup end start final first
second third fourth intake discharge before after during session course score scores total subscale item morning
afternoon evening night north south east northern southern eastern western central downtown uptown midtown city county
state village town heights valley lake beach bay island harbor harbour springs ridge grove creek santa san saint st
fort mount new los las port upper lower greater yes no unknown other none missing not male female man woman nonbinary
non binary trans prefer say sex gender white hispanic latino asian african american caucasian native black pacific
islander mixed race ethnicity married single divorced widowed separated partnered employed unemployed retired student
disabled part full time self private public medicare medicaid insurance insurer payer commercial cash pay blue cross
shield aetna cigna humana kaiser united tricare referral referred psychiatrist psychologist physician doctor nurse
practitioner anesthesiologist anaesthetist therapist counselor social worker assistant clinician provider prescriber
team staff director sertraline fluoxetine escitalopram citalopram paroxetine venlafaxine duloxetine bupropion
mirtazapine trazodone lithium lamotrigine quetiapine aripiprazole olanzapine lorazepam clonazepam diazepam gabapentin
pregabalin naltrexone prozac zoloft paxil celexa lexapro effexor cymbalta pristiq wellbutrin remeron desyrel trintellix
viibryd auvelity abilify rexulti vraylar latuda seroquel zyprexa risperdal geodon lamictal depakote tegretol topamax
neurontin lyrica xanax ativan klonopin valium ambien lunesta ritalin adderall vyvanse concerta strattera provigil
buspar vistaril inderal ketalar anesket suboxone vortioxetine agomelatine desvenlafaxine lurasidone methylphenidate
topiramate valproate buspirone hydroxyzine morphine oxycodone tramadol hydrocodone buprenorphine propofol ondansetron
clonidine amitriptyline nortriptyline several more than half nearly every never rarely sometimes often always question
questionnaire scale form survey former current smoker smoking alcohol drinker completed ongoing stopped early planned
due lost word of mouth web search advert advertisement website friend family internet online general primary river red
orange yellow purple pink mean average worst least pressure blood systolic diastolic heart rate weight height bmi
medication medications drug drugs route response remission improved unchanged worsened status type category level tms
ect esk ket cbt mindfulness psychotherapy counselling combined augmentation only with without and or the in at
infusionist anaesthesia anesthesia wellness recovery outpatient inpatient community memorial pavilion building floor
room suite wing house lodge tower plaza square street avenue road
""") - SURNAMES
"""Words that stand in no name of a person: of sites, treatments, drugs, visits, indications, answers and roles."""

_SITES = _words("clinic clinics hospital centre center centers health healthcare medical practice surgery wellness "
                "institute office site branch ward pavilion")

_TITLE = re.compile(r"\b(?:dr|Dr|DR|Mr|Mrs|Ms|Miss|Prof|Professor|Herr|Frau|Mme|Sra|Sister|Rev)\b\.?\s+"
                    r"(?:med\.?\s+)?[^\W\d_][^\W\d_'’-]+")
_SHAPE = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'’-])*(?:(?:,\s*|\s+)[^\W\d_](?:[^\W\d_]|[.'’-])*){0,4}[.,]?")
_DEGREES = _words("md do rn np pa pac phd psyd lcsw crna fnp dnp aprn mbbs jr sr ii iii esq dds dvm")
_DEGREE = re.compile(r"(?:,\s*(?:" + "|".join(sorted(_DEGREES)) + r")\.?)+$", re.IGNORECASE)
_PARTICLES = _words("de da di del della van von der den la le el al bin ibn ten ter do dos y e zu")


def folded(text: str) -> str:
    """A text in lower case, without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))


def has_title(text: str) -> bool:
    """Whether a text names a person by a title, as ``Dr Smith``; ``Dr Smith Clinic`` is a site."""
    match = _TITLE.search(text)
    return match is not None and not set(folded(text).replace("'s", "").split()) & NO_PERSONS


def is_of_a_site(text: str) -> bool:
    """Whether a text names a clinic or the like, which may be called by its street or its founder."""
    return bool(_SITES & set(re.findall(r"[a-z]+", folded(text))))


def evidence(text: str) -> str:
    """What a text says of a person's name.

    Returns
    -------
    str
        ``sure`` for a title or a listed given name beside another name, ``word`` for one listed name alone,
        ``shape`` for two to four capitalised words that are nothing else known, ``plain`` for such words in small
        letters, ``lone`` for one capitalised word, and nothing otherwise.
    """
    text = text.replace("_", " ").strip()
    if len(text) > 60:
        return ""
    if has_title(text):
        return "sure"
    kept = _kept_words(text)
    if not kept:
        return ""
    names = [_closed_up(word) for word, _ in kept]
    is_upper = all(as_written[0].isupper() or not as_written[0].islower() for _, as_written in kept)
    if len(names) == 1:
        return _of_one(names[0], kept[0][1], is_upper)
    if not 2 <= len(names) <= 4:
        return ""
    return "sure" if _is_name(names, has_comma="," in _without_degree(text)) else "shape" if is_upper else "plain"


def name_words(text: str) -> list[str]:
    """The words of what may be a name, in small letters without accents, degrees and particles; none of other text."""
    return [_closed_up(word) for word, _ in _kept_words(text.replace("_", " ").strip())]


def _closed_up(word: str) -> str:
    return re.sub("['\N{RIGHT SINGLE QUOTATION MARK}]", "", word)


def _without_degree(text: str) -> str:
    return _DEGREE.sub("", re.sub(r"(?<=[a-z])\.(?=[a-z])", " ", text))


def _kept_words(text: str) -> list[tuple[str, str]]:
    """The words that can be of a name, folded and as written; none where one of them is of another thing."""
    text = _without_degree(text)
    if _SHAPE.fullmatch(text) is None:
        return []
    written = [word.strip(".,'\N{RIGHT SINGLE QUOTATION MARK}") for word in re.split(r"[\s,]+", text)]
    words = [(folded(word), word) for word in written if word]
    if any(part in NO_PERSONS for word, _ in words for part in word.split("-")):
        return []
    return [(word, as_written) for word, as_written in words
            if word not in _DEGREES and not (word in _PARTICLES and as_written.islower())]


def _of_one(name: str, written: str, is_upper: bool) -> str:
    if written.isupper() and len(name) < 4 and name.isascii():
        return ""
    known = name in GIVEN or name in SURNAMES or (
        "-" in name and all(part in GIVEN or part in SURNAMES for part in name.split("-")))
    if known and name not in AMBIGUOUS:
        return "word"
    return "lone" if is_upper and (len(name) >= 3 or not name.isascii()) else ""


def _is_name(names: list[str], *, has_comma: bool) -> bool:
    """Whether two to four words are a listed given name and another, or a listed family name with initials."""
    heads = [name.split("-")[0] for name in names]
    first = heads[1] if has_comma else heads[0]
    others = [name for name in heads if name != first] or heads[1:]
    if first in GIVEN and (first not in AMBIGUOUS or any(name in GIVEN | SURNAMES for name in others)):
        return True
    if heads[-1] in GIVEN - AMBIGUOUS and heads[0] in SURNAMES:
        return True
    return any(len(name) == 1 for name in names) and any(name in SURNAMES - AMBIGUOUS for name in heads)
