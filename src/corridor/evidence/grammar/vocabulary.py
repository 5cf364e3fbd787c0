"""Words that the grammar knows, in lists to read and add to; units and verbs of speech stand in tables."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a text in their order."""
    return tuple(text.split())


# What one person may be called by work, office or family.
ROLES = words(
    "president premier minister governor mayor general colonel captain major lieutenant commander "
    "marshal admiral chief chairman chairwoman chair speaker secretary ambassador envoy king queen "
    "prince princess sheikh imam bishop archbishop patriarch priest father doctor dr professor prof "
    "leader deputy spokesman spokeswoman spokesperson director manager adviser advisor aide head "
    "official officer inspector commissioner coordinator representative delegate negotiator mediator "
    "monitor observer reporter correspondent journalist photographer editor analyst researcher expert "
    "lawyer judge prosecutor ombudsman surgeon nurse medic midwife teacher headmaster farmer driver "
    "resident villager shopkeeper baker engineer worker volunteer soldier fighter peacekeeper guard "
    "master member founder author owner counsel solicitor barrister magistrate attorney councillor "
    "senator lawmaker clerk harbourmaster pilot witness survivor refugee evacuee student pensioner "
    "mother widow man woman boy girl sheriff superintendent constable chancellor lord lady rapporteur "
    "principal dean rector warden foreman trader fisherman policeman policewoman chairperson "
    "secretary-general cochair treasurer ecologist geologist hydrologist scientist meteorologist "
    "economist pastor rabbi monk nun activist campaigner organiser organizer interpreter translator "
    "accountant mechanic carpenter electrician cook pharmacist librarian grocer butcher plumber "
    "architect tailor barber porter hotelier businessman businesswoman consultant contractor relative "
    "cousin uncle aunt sister brother son daughter husband wife grandmother grandfather diplomat cleric "
    "dignitary elder chief-of-staff operator dispatcher skipper conductor technician veterinarian "
    "veterinary psychologist historian"
)

# What may speak as a body.
ORGANISATIONS = words(
    "government ministry office agency army military police command council committee commission "
    "parliament assembly party opposition union federation association organisation organization "
    "company board bank court church leadership authorities authority administration department "
    "directorate directory secretariat mission embassy cabinet junta militia front movement group "
    "coalition alliance delegation side sides parties service services guard guards television radio "
    "newspaper daily weekly channel media station press hospital university institute centre center "
    "foundation charity team presidency kremlin palace forces force"
)

# Several people who speak as one, beside the people of units.csv.
SPEAKING_PEOPLE = words(
    "sources authorities officials witnesses people commanders leaders rebels organisers relatives "
    "lawyers analysts experts diplomats negotiators mediators aides spokesmen ministers parents "
    "fighters drivers"
)

# Things that are written and have no mouth: "the law says" is no statement by anybody.
WRITTEN = words(
    "law letter sign report statement clause article resolution text agreement treaty headline message "
    "leaflet rule post constitution document map notice poster order book bible quran data figures "
    "numbers plan reports rumours rumors estimates way thing fact time money clock"
)

# What may begin a noun phrase.
DETERMINERS = words("the a an its their his her our my both one two three four five another other local")

# Verbs, conjunctions, question words and pronouns: none stands in a speaker's noun phrase.
NEVER_IN_SPEAKER = words(
    "is are was were be been being has have had do does did will would can could may might must shall "
    "should that which who whom whose what when where why how if because although though while whereas "
    "whether unless until since as than but or nor so yet then there here not no never i we you me us "
    "him them this these those it he she they said says say told saying according after before during "
    "despite without within into onto through including nothing nobody everybody everyone everything "
    "none more less much many few several some any each every"
)

# None of these begins a speaker's noun phrase, and its core ends before them.
PREPOSITIONS = words("of in on at by to with from for under over about against between and")

# Words that begin what is said of a speaker behind the core: "a diplomat close to the talks".
AFTER_CORE = words("near around outside inside close familiar")

# Words in -ing and -ly that are no verbs and no adverbs.
NOT_VERBAL = words(
    "mining fishing ruling peacekeeping shipping housing family assembly daily weekly monthly elderly "
    "building planning king monitoring logistics engineering governing warring"
)

# Words that end the phrase behind a number.
ENDS_PHRASE = words(
    "a an the of in on at by for from to with without within over under about into through during since "
    "until and or but nor so as if when while where that which who whom whose than then there here this "
    "these those is are was were be been being has have had do does did will would can could may might "
    "must shall should not no his her its their our my your he she it they we i you said says say told "
    "left went came got per each every all both more less fewer later earlier ago old out off up down "
    "away long deep high wide times only also just already still even too very now before after against "
    "between among across around near along behind beyond because like including percent fled died "
    "killed moved took made gave saw met held ran sent lost found"
)

# Words in -ing that describe what is counted.
DESCRIBING_ING = words(
    "peacekeeping fishing working remaining living missing surviving starving fighting incoming "
    "outgoing sleeping cooking drinking building heating existing neighbouring mining"
)

# What may stand capitalised right before a name without being part of a longer name.
BEFORE_NAMES = words(
    "president premier prime minister foreign defence defense interior health finance energy governor "
    "mayor general colonel captain major lieutenant commander marshal admiral chief chairman chairwoman "
    "speaker secretary ambassador a an envoy king queen prince princess sheikh imam bishop archbishop "
    "patriarch father doctor dr professor mr mrs ms miss leader deputy vice former acting spokesman "
    "spokeswoman spokesperson the in on at to from for by of near after before and or but as while when "
    "if since until between with without around outside inside across via through into towards toward "
    "against under over both neither either all even only also where what how why who this that monday "
    "tuesday wednesday thursday friday saturday sunday january february march april june july august "
    "september october november december one two three four five six seven eight nine ten eleven twelve "
    "twenty hundreds dozens"
)

# Behind a place's name these make another, larger place.
REGIONS = words(
    "province region district county oblast governorate raion marz department canton prefecture river lake sea gulf"
)

# Behind a name, capitalised, these make a longer name.
LARGER_NAMES = REGIONS | words(
    "street avenue boulevard square lane university college fc stadium station hotel bay valley island"
)

# Verbs that are of speech only before "that" or a quotation: "recalled that", not "recalled its envoy".
NEED_THAT = words(
    "recalled maintained declared noted argued acknowledged conceded claimed claims stressed wrote "
    "explained added adds admitted replied responded answered remarked commented continued concluded "
    "lamented swore revealed disclosed indicated testified alleged contended asserted reiterated "
    "underlined emphasised emphasized clarified predicted estimated confirmed"
)

# Peoples whose plural does not end in -ians, -eans or -ans.
NATIONS = words(
    "Afghans Armenians Azerbaijanis Azeris Bangladeshis Burmese Chinese Germans Greeks Hazaras Iraqis "
    "Israelis Kurds "
    "Kyrgyz Lebanese Nepalis Pakistanis Poles Rohingya Saudis Serbs Somalis Sudanese Tajiks Tamils Tatars "
    "Turks Uzbeks "
    "Yazidis Yemenis"
)
