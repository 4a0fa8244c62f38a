"""Whether a finding is so, now, and of whom: each cue touches what it belongs to and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from triage_fakes import Reader, Verdict

from assistant.language.context import Person, Status

READER = Reader(
    "koorts",
    "rillingen",
    "nachtzweten",
    "benauwd",
    "uitval",
    "rugpijn",
    "hernia",
    "hartaanval",
    "pijn … borst",
    "borst … pijn",
    "doof … kruis",
    "schouder uit kom",
    "niet … plassen",
    "geen gevoel",
    "geen lucht",
    "geen kracht",
    "verlamd",
    "ooit geopereerd",
    "mijn kindje",
    "fever",
    "fieber",
)


def statuses(text: str) -> dict[str, Status]:
    """By the words found; each stands there once."""
    found = READER.verdicts(text)
    assert len({verdict.words for verdict in found}) == len(found)
    return {verdict.words: verdict.status for verdict in found}


def only(text: str) -> Verdict:
    (verdict,) = READER.verdicts(text)
    return verdict


# Negation before


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("ik heb geen koorts", "geen"),
        ("zonder koorts", "zonder"),
        ("geen last van koorts", "geen"),
        ("ik ben niet benauwd", "niet"),
        ("ik heb nooit koorts", "nooit"),
        ("gene koorts", "gene"),
        ("ik heb gn koorts", "gn"),
        ("er is geen sprake van uitval", "geen"),
        ("geen tekenen van uitval", "geen"),
        ("niks geen koorts", "geen"),
        ("no fever", "no"),
        ("ich habe kein fieber", "kein"),
        ("geen verdere koorts", "geen"),
        ("niet echt benauwd", "niet"),
    ],
)
def test_a_negation_denies_what_comes_after_it(text: str, cue: str) -> None:
    verdict = only(text)
    assert (verdict.status, verdict.cue) == (Status.NEGATED, cue)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("geen koorts maar wel doof in mijn kruis", {"koorts": Status.NEGATED, "doof in mijn kruis": Status.PRESENT}),
        ("geen koorts, wel benauwd", {"koorts": Status.NEGATED, "benauwd": Status.PRESENT}),
        ("niet benauwd. koorts 39", {"benauwd": Status.NEGATED, "koorts": Status.PRESENT}),
        ("geen koorts\nbenauwd", {"koorts": Status.NEGATED, "benauwd": Status.PRESENT}),
        ("geen koorts en ik ben verlamd", {"koorts": Status.NEGATED, "verlamd": Status.PRESENT}),
        (
            "zonder koorts toch benauwd, rugpijn",
            {"koorts": Status.NEGATED, "benauwd": Status.PRESENT, "rugpijn": Status.PRESENT},
        ),
        ("geen hernia, ik ben benauwd", {"hernia": Status.NEGATED, "benauwd": Status.PRESENT}),
        ("ik slaap niet door de rugpijn", {"rugpijn": Status.PRESENT}),
        ("niet gewerkt vandaag door koorts", {"koorts": Status.PRESENT}),
        ("koorts, geen rugpijn", {"koorts": Status.PRESENT, "rugpijn": Status.NEGATED}),
        ("eerst geen last nu benauwd", {"benauwd": Status.PRESENT}),
        ("geen klachten wel koorts", {"koorts": Status.PRESENT}),
    ],
)
def test_a_negation_denies_nothing_else(text: str, found: dict[str, Status]) -> None:
    assert statuses(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "geen koorts, rillingen of nachtzweten",
        "geen koorts of rillingen of nachtzweten",
        "geen koorts, geen rillingen, geen nachtzweten",
        "ik heb geen koorts, rillingen of last van nachtzweten gehad",
        "geen koorts noch rillingen noch nachtzweten",
        "zonder koorts, rillingen of nachtzweten",
    ],
)
def test_a_list_closed_with_of_is_denied_to_its_end(text: str) -> None:
    assert statuses(text) == dict.fromkeys(["koorts", "rillingen", "nachtzweten"], Status.NEGATED)


@pytest.mark.parametrize("text", ["geen koorts, rillingen en nachtzweten", "geen hernia, koorts en rillingen"])
def test_a_list_that_is_not_closed_with_of_is_denied_at_its_start_only(text: str) -> None:
    first, *others = statuses(text).values()
    assert first is Status.NEGATED
    assert set(others) == {Status.PRESENT}


def test_en_goes_on_with_geen_for_a_last_noun_only() -> None:
    assert statuses("geen koorts en rillingen") == {"koorts": Status.NEGATED, "rillingen": Status.NEGATED}
    assert statuses("geen koorts en kan niet plassen") == {"koorts": Status.NEGATED, "niet plassen": Status.PRESENT}
    assert statuses("ik ben niet benauwd en rillingen") == {"benauwd": Status.NEGATED, "rillingen": Status.PRESENT}


# Negation after, inside and by an answer


@pytest.mark.parametrize(
    "text",
    [
        "koorts heb ik niet",
        "koorts is er niet",
        "benauwd ben ik niet hoor",
        "koorts heb ik ook niet gehad",
        "uitval is er niet bij",
        "koorts dus niet en verder gaat het",
        "koorts nee, hoofdpijn ook niet",
        "koorts nee",
    ],
)
def test_a_negation_that_ends_its_clause_denies_what_was_said_before_it(text: str) -> None:
    assert only(text).status is Status.NEGATED


@pytest.mark.parametrize(
    "text",
    [
        "koorts die niet zakt",
        "koorts en ik kan niet slapen",
        "benauwd, niet te doen",
        "koorts, mijn man heeft dat niet",
        "rugpijn gaat niet weg",
        "koorts is niet lager dan gisteren",
    ],
)
def test_a_negation_of_something_else_that_follows_denies_nothing(text: str) -> None:
    assert only(text).status is Status.PRESENT


def test_both_of_a_pair_are_denied_by_the_negation_behind_it() -> None:
    assert statuses("koorts of uitval is er niet") == {"koorts": Status.NEGATED, "uitval": Status.NEGATED}


@pytest.mark.parametrize("text", ["mijn borst doet geen pijn", "in mijn borst is geen pijn", "geen pijn op mijn borst"])
def test_a_negation_inside_denies_the_whole(text: str) -> None:
    verdict = only(text)
    assert (verdict.status, verdict.cue) == (Status.NEGATED, "geen")


@pytest.mark.parametrize(
    "text", ["mijn borst doet pijn", "mijn borst, niet mijn rug, doet pijn", "borst doet niet weinig pijn"]
)
def test_without_it_or_with_another_word_denied_the_whole_stands(text: str) -> None:
    assert {verdict.status for verdict in READER.verdicts(text)} <= {Status.PRESENT}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("koorts? nee", Status.NEGATED),
        ("koorts? Nee, niet dat ik weet.", Status.NEGATED),
        ("koorts of rillingen? allebei niet", Status.NEGATED),
        ("koorts? ja", Status.PRESENT),
        ("koorts? ja, niet normaal", Status.PRESENT),
        ("koorts? ik weet het niet", Status.PRESENT),
        ("koorts? mijn man niet", Status.PRESENT),
        ("koorts? geen hoofdpijn", Status.PRESENT),
        ("koorts? geen idee", Status.PRESENT),
        ("koorts of rillingen had ik. allebei niet", Status.NEGATED),
        ("koorts. geen hoofdpijn", Status.PRESENT),
        ("koorts. niet geslapen", Status.PRESENT),
        ("koorts. nee, ik overdrijf niet", Status.PRESENT),
    ],
)
def test_a_visitor_who_answers_the_own_question_is_believed(text: str, status: Status) -> None:
    assert {verdict.status for verdict in READER.verdicts(text)} == {status}


# Negations that deny nothing, or are the symptom


@pytest.mark.parametrize(
    "text",
    [
        "geen idee, koorts denk ik",
        "geen idee koorts",
        "niet normaal benauwd",
        "niet alleen rugpijn",
        "ik weet niet wat, koorts",
        "nog nooit zo benauwd",
        "zonder reden benauwd",
        "geen tijd, koorts",
        "niet te harden rugpijn",
    ],
)
def test_a_harmless_negation_denies_nothing(text: str) -> None:
    assert only(text).status is Status.PRESENT


@pytest.mark.parametrize(
    "text",
    ["ik kan niet plassen", "geen gevoel in mijn been", "krijg geen lucht", "heb geen kracht", "geen gevoel meer"],
)
def test_a_negation_that_is_the_symptom_denies_nothing(text: str) -> None:
    assert only(text).status is Status.PRESENT


@pytest.mark.parametrize("text", ["ik heb geen last van geen gevoel", "nooit geen kracht"])
def test_a_negation_said_twice_denies_nothing(text: str) -> None:
    assert only(text).status is Status.PRESENT


# Past and over


@pytest.mark.parametrize(
    "text",
    [
        "vorig jaar schouder uit de kom",
        "jaren geleden een hernia gehad",
        "vijf jaar geleden was ik verlamd",
        "vroeger vaak benauwd",
        "als kind had ik koorts",
        "in 2015 een hartaanval gehad",
        "ooit een hernia gehad",
        "lang geleden, een hernia",
        "ik was benauwd, jaren geleden",
        "koorts gehad, maar dat is over",
        "ik was benauwd, nu weer helemaal goed",
        "ik was benauwd. dat is weg",
        "hernia, al jaren goed hersteld",
        "letztes jahr fieber",
    ],
)
def test_what_was_long_ago_or_is_over_is_past(text: str) -> None:
    assert only(text).status is Status.PAST


@pytest.mark.parametrize(
    "text",
    [
        "gisteren koorts",
        "vannacht was ik benauwd",
        "ik had vanochtend koorts, maar dat is weg",
        "ooit geopereerd",
        "koorts sinds een week",
        "sinds vorig jaar benauwd, nu koorts",
        "ik had koorts",
        "een paar dagen geleden koorts",
        "weer koorts",
        "koorts en het gaat niet over",
        "vroeger nooit last gehad, koorts",
        "operatie gehad in 2015, koorts",
        "benauwd, net als vorig jaar",
        "koorts, vorig jaar ook een keer",
    ],
)
def test_what_was_a_moment_ago_or_is_not_over_counts(text: str) -> None:
    assert READER.verdicts(text)[-1].status is Status.PRESENT


@pytest.mark.parametrize(
    "text",
    [
        "vorig jaar hernia, nu niet plassen",
        "vroeger een hernia gehad, sindsdien benauwd",
        "als kind een hernia en nu koorts",
        "vorig jaar hernia. koorts",
        "ooit een hernia gehad maar ik heb koorts",
    ],
)
def test_the_past_reaches_to_where_the_present_begins(text: str) -> None:
    first, last = READER.verdicts(text)
    assert (first.status, last.status) == (Status.PAST, Status.PRESENT)


# General questions


@pytest.mark.parametrize(
    "text",
    [
        "wat zijn de tekenen van een hartaanval?",
        "hoe herken je een hernia?",
        "kan rugpijn van het hart komen?",
        "wanneer is koorts gevaarlijk?",
        "waarom krijg je koorts",
        "symptomen van een hernia",
        "informatie over rugpijn",
        "in een film kreeg iemand een hartaanval",
        "voor mijn examen: wat is een hernia",
        "what is fever",
        "mijn hond heeft koorts",
    ],
)
def test_a_question_of_nobody_in_particular_is_general(text: str) -> None:
    assert READER.verdicts(text)[-1].status is Status.GENERAL


@pytest.mark.parametrize(
    "text",
    [
        "ik heb een hartaanval",
        "kan mijn rugpijn van het hart komen?",
        "benauwd, wat moet ik doen?",
        "wat is dit? ik heb koorts",
        "mijn moeder is benauwd, wat moeten we doen",
        "rugpijn, moet ik me zorgen maken",
        "benauwd, is dat erg?",
        "waarom zo benauwd, is dat erg?",
        "verlamd, kan massage helpen?",
        "wat helpt mij tegen koorts",
    ],
)
def test_who_tells_of_somebody_asks_about_somebody(text: str) -> None:
    assert {verdict.status for verdict in READER.verdicts(text)} == {Status.PRESENT}


def test_a_general_question_beside_a_complaint_leaves_the_complaint() -> None:
    found = statuses("hoe herken je een hernia? ik ben benauwd")
    assert found == {"hernia": Status.GENERAL, "benauwd": Status.PRESENT}


# Persons


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("ik heb koorts", [Person.SELF]),
        ("koorts", [Person.UNKNOWN]),
        ("mijn koorts", [Person.SELF]),
        ("mijn vader heeft koorts", [Person.OTHER]),
        ("oma is benauwd en heeft koorts", [Person.OTHER, Person.OTHER]),
        ("mijn vrouw: ze heeft koorts", [Person.OTHER]),
        ("hij heeft koorts", [Person.OTHER]),
        ("mijn buurman heeft koorts en ik ben benauwd", [Person.OTHER, Person.SELF]),
        ("ik ben benauwd, mijn man heeft koorts", [Person.SELF, Person.OTHER]),
        ("ik heb koorts en hij is benauwd", [Person.SELF, Person.SELF]),
        ("my husband has fever", [Person.OTHER]),
    ],
)
def test_a_finding_is_of_the_last_person_named_before_it(text: str, persons: list[Person]) -> None:
    assert [verdict.person for verdict in READER.verdicts(text)] == persons


def test_mijn_before_another_person_is_not_of_oneself() -> None:
    assert only("mijn kindje").person is not Person.SELF


# Whatever is typed


WORDS = (
    "geen niet zonder koorts rillingen benauwd pijn borst doof kruis rugpijn hernia ik mijn moeder heb is er en of "
    "maar nu vorig jaar over wat zijn van nee ja ? , . verlamd plassen weer gisteren gehad"
).split()
anything = st.one_of(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), st.text(max_size=40))


@given(anything)
def test_every_verdict_but_present_names_the_words_that_decided(text: str) -> None:
    for verdict in READER.verdicts(text):
        assert (verdict.cue == "") is (verdict.status is Status.PRESENT)
        assert verdict.cue in text
        assert verdict.words in text


@given(st.lists(st.sampled_from(["koorts", "rillingen", "benauwd", "rugpijn"]), min_size=1, unique=True))
def test_without_a_word_that_denies_dates_or_asks_all_of_it_counts(told: list[str]) -> None:
    assert statuses(f"ik heb nu {' en '.join(told)}") == dict.fromkeys(told, Status.PRESENT)


@given(st.lists(st.sampled_from(["koorts", "rillingen", "nachtzweten", "uitval", "hernia"]), min_size=2, unique=True))
def test_a_denied_list_of_any_length_is_denied_whole(items: list[str]) -> None:
    text = f"geen {', '.join(items[:-1])} of {items[-1]}"
    assert statuses(text) == dict.fromkeys(items, Status.NEGATED)


@given(anything)
def test_a_new_sentence_behind_it_denies_nothing_unless_it_answers(text: str) -> None:
    before = READER.verdicts(f"{text}. ik ben moe")
    after = READER.verdicts(f"{text}. ik ben moe. ik ga niet sporten")
    assert [verdict.status for verdict in before] == [verdict.status for verdict in after]
