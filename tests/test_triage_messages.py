"""The project's own rules on everyday messages: what must alarm does, and what only sounds like it stays quiet."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question import legible
from assistant.triage.judge import Triage, triage
from assistant.triage.rulebook import Level, Rulebook, load_rulebook

HUISARTS, SPOED, CRISIS, EMERGENCY = Level.HUISARTS, Level.SPOED, Level.CRISIS, Level.EMERGENCY


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return load_rulebook()


def level(rules: Rulebook, *messages: str) -> Level | None:
    return triage([legible(message) for message in messages], rules).level


def is_urgent(found: Triage) -> bool:
    return found.level is not None and found.level.forbids_advice


# Each flag

ALARMS = {
    "ik heb geen gevoel meer tussen mijn benen": ("cauda_equina", SPOED),
    "sinds gisteren kan ik niet plassen": ("cauda_equina", SPOED),
    "ik plas in mijn broek zonder dat ik het merk": ("cauda_equina", SPOED),
    "mijn linkerbeen is verlamd": ("beenuitval", SPOED),
    "ik zak steeds door mijn been": ("beenuitval", SPOED),
    "tintelingen in allebei mijn benen": ("beenuitval", SPOED),
    "een stroomstoot door mijn rug als ik mijn hoofd buig": ("ruggenmerg_nek", SPOED),
    "ik laat steeds kopjes vallen en heb nekpijn": ("ruggenmerg_nek", SPOED),
    "er zit een band om mijn borst": ("hart", EMERGENCY),
    "pijn op de borst en in mijn linkerarm": ("hart", EMERGENCY),
    "een scheurende pijn in mijn rug": ("aortadissectie", EMERGENCY),
    "de ergste pijn ooit tussen mijn schouderbladen": ("aortadissectie", EMERGENCY),
    "mijn buik klopt en ik heb rugpijn": ("aaa", EMERGENCY),
    "ik krijg geen lucht": ("longen", EMERGENCY),
    "steken in mijn rug als ik diep inadem": ("longen", SPOED),
    "mijn mond hangt scheef": ("beroerte_dissectie", EMERGENCY),
    "mijn man komt niet uit zijn woorden": ("beroerte_dissectie", EMERGENCY),
    "na het kraken van mijn nek ben ik heel duizelig": ("beroerte_dissectie", EMERGENCY),
    "een stijve nek met koorts": ("meningitis", SPOED),
    "ze heeft een stijve nek en is heel suf": ("meningitis", EMERGENCY),
    "van de ladder gevallen en nu rugpijn": ("trauma", EMERGENCY),
    "een auto-ongeluk gehad en nu nekpijn": ("trauma", EMERGENCY),
    "mijn oma van 82 is gevallen en heeft rugpijn": ("fractuur", SPOED),
    "ik slik prednison en heb ineens erge rugpijn": ("fractuur", SPOED),
    "rugpijn met koude rillingen": ("infectie", SPOED),
    "mijn rug doet zeer en ik heb 39 graden": ("infectie", SPOED),
    "mijn schouder is rood, heet en dik": ("septische_artritis", SPOED),
    "mijn schouder is uit de kom": ("schouderluxatie", SPOED),
    "pijn in mijn kaak bij het kauwen": ("reuscelarteriitis", SPOED),
    "ik ben zwanger en zie sterretjes": ("zwangerschap", SPOED),
    "mijn dochtertje van 4 heeft rugpijn": ("kind", SPOED),
    "ik slik bloedverdunners en ben gevallen": ("bloedverdunner", SPOED),
    "ik heb 14 paracetamol genomen": ("overdosis", SPOED),
    "ik wil niet meer leven": ("suicide", CRISIS),
    "mijn man slaat mij": ("geweld", CRISIS),
    "ik had borstkanker en heb nu rugpijn": ("kanker", HUISARTS),
    "ik heb al acht weken pijn in mijn rug": ("houdt_aan", HUISARTS),
    "beide schouders zijn elke ochtend stijf, ik ben 68": ("pmr", HUISARTS),
}


@pytest.mark.parametrize(("text", "flag", "least"), [(text, *due) for text, due in ALARMS.items()])
def test_an_alarm_in_plain_words_is_raised_by_its_flag(rules: Rulebook, text: str, flag: str, least: Level) -> None:
    found = triage([text], rules)
    assert flag in {raised.flag.id for raised in found.raised}
    assert found.level is not None
    assert found.level.rank >= least.rank


@pytest.mark.parametrize("text", [text for text, (_, due) in ALARMS.items() if due is HUISARTS])
def test_what_can_wait_some_days_is_not_made_urgent(rules: Rulebook, text: str) -> None:
    assert level(rules, text) is HUISARTS


@pytest.mark.parametrize(
    "text",
    [
        "my chest hurts",
        "ich kann nicht wasser lassen",
        "göğsüm ağrıyor",
        "boli mnie w klatce piersiowej",
        "je veux mourir",
        "لا اشعر بين ساقي",
    ],
)
def test_the_basics_in_other_languages_alarm(rules: Rulebook, text: str) -> None:
    assert is_urgent(triage([text], rules))


# Ordinary complaints


@pytest.mark.parametrize(
    "text",
    [
        "hoe lang duurt een frozen shoulder?",
        "wat helpt tegen een stijve nek?",
        "ik heb rugpijn sinds gisteren",
        "mijn nek zit vast door het werk",
        "mijn schouder is stijf",
        "welke massage is goed voor mijn rug",
        "pijn in mijn onderrug na het tuinieren",
        "hartstikke stijf vandaag",
        "hallo",
        "dank u wel",
        "kan ik morgen langskomen?",
    ],
)
def test_who_is_merely_stiff_is_not_frightened(rules: Rulebook, text: str) -> None:
    assert level(rules, text) is None


# Quiet, and its counterpart that alarms

NEGATION = [
    ("rugpijn, geen koorts", "rugpijn, wel koorts"),
    ("ik heb geen pijn op de borst", "ik heb pijn op de borst"),
    ("mijn borst doet geen pijn", "mijn borst doet pijn"),
    ("ik ben niet benauwd", "ik ben benauwd"),
    ("geen koorts, rillingen of nachtzweten bij mijn rugpijn", "rillingen of koorts bij mijn rugpijn"),
    ("rugpijn, koorts heb ik niet", "rugpijn, koorts heb ik ook"),
    ("rugpijn. koorts? nee", "rugpijn. koorts? ja"),
    ("gene koorts, wel een stijve rug", "koorts en ne stijve rug"),
    ("geen koorts en geen stijve nek, wel schouderpijn", "koorts en een stijve nek, geen schouderpijn"),
    ("geen koorts, wel rugpijn", "geen koorts maar wel doof in mijn kruis"),
    ("rugpijn zonder koorts", "niet alleen rugpijn, ook koorts"),
    ("ik ben niet zwanger en heb rugpijn", "ik ben zwanger en zie sterretjes"),
    ("ik ben niet gevallen maar heb rugpijn", "ik ben niet duizelig maar mijn been is verlamd"),
]
SYMPTOM_ITSELF = [
    ("ik kan gewoon plassen", "ik kan niet plassen"),
    ("plassen gaat goed", "plassen gaat niet meer"),
    ("het gevoel tussen mijn benen is normaal", "geen gevoel tussen mijn benen"),
    ("ik krijg genoeg lucht", "ik krijg geen lucht"),
    ("er is niets met de kracht", "geen kracht in mijn been"),
    ("ik voel het wc-papier goed", "ik voel het wc-papier niet"),
    ("ik kan mijn plas goed ophouden", "ik kan mijn plas niet ophouden"),
]
PAST = [
    ("vorig jaar schouder uit de kom, nu weer goed", "gisteren schouder uit de kom"),
    ("vijf jaar geleden had ik koorts bij mijn rugpijn", "sinds vijf dagen koorts bij mijn rugpijn"),
    ("als kind ben ik van de trap gevallen, nu stijf", "vanochtend van de trap gevallen, kan niet opstaan"),
    ("in 2015 was mijn been verlamd, helemaal goed gekomen", "sinds gisteren is mijn been verlamd"),
    ("ooit een hernia gehad, nu af en toe stijf", "ooit een hernia gehad, nu kan ik niet plassen"),
]
GENERAL = [
    ("wat zijn alarmsignalen bij rugpijn?", "zijn dit alarmsignalen? ik kan niet plassen"),
    ("kan rugpijn van het hart komen?", "kan dit van mijn hart komen? ik heb druk op mijn borst"),
    ("hoe herken je een beroerte?", "hoe herken je een beroerte? mijn mond hangt scheef"),
    ("wanneer is koorts met rugpijn gevaarlijk?", "ik heb koorts met rugpijn, is dat gevaarlijk?"),
    ("wat zijn de symptomen van een hartaanval?", "ik denk dat ik een hartaanval heb"),
    ("in een film kreeg iemand een hartaanval", "mijn man krijgt een hartaanval"),
]
PERSONS = [
    ("mijn buurman heeft koorts en ik heb rugpijn", "mijn buurman heeft rugpijn en koorts"),
    ("mijn vader slikt bloedverdunners en ik ben gevallen", "mijn vader slikt bloedverdunners en is gevallen"),
    ("mijn oma is 80 en ik ben gevallen", "mijn oma is 80 en is gevallen"),
]
FIGURES_OF_SPEECH = [
    ("ik lach me dood met die masseur", "ik wil dood"),
    ("ik ben doodop en dood van de honger", "ik ben liever dood dan zo verder"),
    ("ik ben verlamd van schrik", "ik ben verlamd aan een kant"),
    ("ik heb mijn hart verloren aan yoga", "ik heb pijn in mijn hart en linkerarm"),
    ("ik wil een eind aan de rugpijn", "ik wil er een eind aan maken"),
]
HOMONYMS = [
    ("het kruis om mijn nek is zwaar", "mijn kruis voelt doof"),
    ("borstcrawl geeft een zere schouder", "mijn borst doet zeer"),
    ("ik ben doof aan een oor", "ik ben doof in mijn kruis"),
    ("het was benauwd in dat kamertje", "ik ben heel benauwd"),
    ("dat valt reuze mee, mijn been", "mijn been valt weg"),
]
HARMLESS = [
    ("geen idee wat het is, mijn nek is stijf", "geen idee wat het is, maar mijn borst drukt"),
    ("ik heb geen tijd voor rugpijn", "ik heb geen tijd om te bellen maar mijn arm is verlamd"),
    ("geen zin in sporten door mijn rug", "geen zin om te bellen maar ik kan niet plassen"),
    ("niet normaal zo stijf", "niet normaal zo benauwd als ik ben"),
]
PAIRS = [
    pytest.param(*pair, id=f"{kind}: {pair[0][:30]}")
    for kind, pairs in {
        "negation": NEGATION,
        "symptom itself": SYMPTOM_ITSELF,
        "past": PAST,
        "general": GENERAL,
        "person": PERSONS,
        "figure of speech": FIGURES_OF_SPEECH,
        "homonym": HOMONYMS,
        "harmless": HARMLESS,
    }.items()
    for pair in pairs
]


@pytest.mark.parametrize(("quiet", "alarming"), PAIRS)
def test_what_sounds_like_an_alarm_is_quiet_and_its_counterpart_is_not(
    rules: Rulebook, quiet: str, alarming: str
) -> None:
    assert not is_urgent(triage([quiet], rules))
    assert is_urgent(triage([alarming], rules))


# However it is typed


@pytest.mark.parametrize(
    "text",
    [
        "ik ben benuawd",
        "PIJN OP DE BORST!!!",
        "pijn op de brost",
        "p\u200bijn op de bo\u00adrst",
        "mijnkruis voelt doof",
        "ik kan nietplassen",
        "scheef gezigt",
        "mijn linkerooglid hangt",
        "𝗽𝗶𝗷𝗻 𝗼𝗽 𝗱𝗲 𝗯𝗼𝗿𝘀𝘁",
        "píjn óp dé bórst",
        "piiijn op de borrrst",
        "ik  kan ni plassen",
        "sinds ½ uur druk op mijn borst",
    ],
)
def test_slips_and_odd_typing_do_not_hide_an_alarm(rules: Rulebook, text: str) -> None:
    assert is_urgent(triage([legible(text)], rules))


@pytest.mark.parametrize(
    "text", ["mijn rug is hard", "ik heb dorst", "een harde knobbel", "klachten van de handel", "ik ben hartstikke moe"]
)
def test_good_dutch_is_no_slip_of_an_alarm(rules: Rulebook, text: str) -> None:
    assert not is_urgent(triage([text], rules))


URGENT_TEXTS = [text for text, (_, due) in ALARMS.items() if due is not HUISARTS]
CHATTER = [
    "Goedemiddag.",
    "Sorry dat ik stoor.",
    "Alvast bedankt!",
    "Ik zit op kantoor.",
    "Groetjes, Kim.",
    "Het zal wel meevallen.",
]


@given(st.sampled_from(URGENT_TEXTS), st.sampled_from(CHATTER), st.sampled_from(CHATTER), st.booleans())
def test_small_talk_around_an_alarm_silences_nothing(
    rules: Rulebook, text: str, before: str, after: str, shout: bool
) -> None:
    said = f"{before} {text.upper() if shout else text}. {after}"
    assert is_urgent(triage([said], rules))


@given(
    st.sampled_from(URGENT_TEXTS),
    st.sampled_from(
        [
            "{}. geen koorts",
            "{}. niet geslapen",
            "{}. nee ik overdrijf niet",
            "geen koorts. {}",
            "{}, vorig jaar ook een keer",
            "{}, net als vorig jaar",
            "vroeger nooit last gehad, {}",
            "vorig jaar had ik een hernia. {}",
            "ik heb het al eerder gehad: {}",
        ]
    ),
)
def test_what_is_denied_or_past_beside_an_alarm_silences_nothing(rules: Rulebook, text: str, beside: str) -> None:
    assert is_urgent(triage([beside.format(text)], rules))


@given(st.sampled_from(URGENT_TEXTS), st.sampled_from(CHATTER))
def test_small_talk_after_an_alarm_leaves_it_standing(rules: Rulebook, text: str, after: str) -> None:
    found = triage([text, after], rules)
    assert is_urgent(found)
    assert not found.is_new


@given(st.text(max_size=200))
def test_any_text_is_judged(rules: Rulebook, text: str) -> None:
    found = triage([legible(text)], rules)
    assert all(0 <= seen.start < seen.end <= len(text) for seen in found.sightings)


# Over messages


@pytest.mark.parametrize(
    "messages",
    [
        ["ik heb rugpijn", "o ja, ik heb ook koorts"],
        ["ik ben zwanger", "ik zie sterretjes"],
        ["ik ben gevallen", "ik ben 78"],
        ["mijn nek is stijf", "en koorts"],
    ],
)
def test_symptoms_split_over_messages_alarm_together_and_not_before(rules: Rulebook, messages: Sequence[str]) -> None:
    assert not is_urgent(triage(messages[:1], rules))
    assert is_urgent(triage(messages, rules))


@pytest.mark.parametrize(
    "answer",
    [
        "ik heb de huisarts gebeld",
        "ik heb 112 gebeld",
        "de ambulance is onderweg",
        "ik ga nu bellen",
        "de dokter heeft ernaar gekeken",
        "doe ik, bedankt",
    ],
)
def test_an_answer_in_plain_words_ends_the_alarm(rules: Rulebook, answer: str) -> None:
    found = triage(["ik kan niet plassen", answer], rules)
    assert (found.raised, found.was_answered) == ((), True)
    assert triage(["ik kan niet plassen", answer, "wat kost een massage?"], rules).raised == ()


@pytest.mark.parametrize(
    "no_answer",
    ["ik bel niet", "ik heb de huisarts nog niet gebeld", "moet ik echt bellen?", "ik wil niemand bellen", "oké"],
)
def test_what_is_no_answer_leaves_it_standing(rules: Rulebook, no_answer: str) -> None:
    assert is_urgent(triage(["ik kan niet plassen", no_answer], rules))


def test_an_answered_alarm_comes_back_with_a_new_symptom(rules: Rulebook) -> None:
    messages = ["ik kan niet plassen", "ik heb de huisarts gebeld", "nu krijg ik ook geen lucht"]
    assert level(rules, *messages) is EMERGENCY


# Belgium


@pytest.mark.parametrize(
    "text", ["ik woon in gent en heb rugpijn", "ik pak dafalgan voor mijn rug", "mijn kinesist zegt dat het goed is"]
)
def test_a_belgian_is_known_by_the_words(rules: Rulebook, text: str) -> None:
    assert triage([text], rules).is_belgian


@pytest.mark.parametrize(
    "text", ["ik woon in utrecht en heb rugpijn", "ik slik paracetamol", "mijn fysiotherapeut zegt dat het goed is"]
)
def test_a_dutch_visitor_is_not_taken_for_a_belgian(rules: Rulebook, text: str) -> None:
    assert not triage([text], rules).is_belgian
