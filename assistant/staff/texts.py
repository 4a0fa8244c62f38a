"""Every Dutch word that staff reads on the console. What visitors read is in ``assistant.texts``."""

# The whole console, and logging in.
CONSOLE_TITLE = "Beheer van de chat"
TAB_QUESTION = "Vraag"
TAB_ARTICLES = "Artikelen"
TAB_CHECKS = "Testvragen"
TAB_CONVERSATIONS = "Gesprekken"
TAB_GAPS = "Hiaten"
TAB_STATUS = "Stand"
CLOSE = "Sluiten"
LOG_OUT = "Uitloggen"
CONNECTION_LOST = "De verbinding is verbroken. Wij proberen het steeds opnieuw; de pagina gaat dan vanzelf verder."
LOGGED_OUT_MEANWHILE = "U bent uitgelogd. Wat u typte, staat er nog: log in op een nieuw tabblad en ga hier verder."
LOG_IN_ELSEWHERE = "Inloggen op een nieuw tabblad"
FILE_TOO_LARGE = "Dat bestand is te groot."
CONSOLE_LISTENING = "Het beheer is te openen op {url} (stoppen: Ctrl+C). Het laden duurt ongeveer een kwart minuut."
CONSOLE_LOADED = "Het beheer is geladen na {seconds:.0f} seconden."
CONSOLE_STARTING = "Het beheer start op. Dit duurt ongeveer een kwart minuut. De pagina gaat vanzelf verder."
CONSOLE_UNREACHABLE = "Het beheer is nu niet bereikbaar. Start het opnieuw en laad deze pagina nog eens."
CONSOLE_FAILED = "Het beheer kan niet starten. Waarom niet, staat in het venster waarin het is gestart."
LOGIN_TITLE = "Inloggen"
LOGIN_INTRO = "Log in met het wachtwoord van het beheer."
PASSWORD_LABEL = "Wachtwoord"
LOG_IN = "Inloggen"
LOGIN_WRONG = "Dat wachtwoord klopt niet. Let op hoofdletters en probeer het opnieuw."
LOGIN_NOT_READ = "Het wachtwoord is niet goed aangekomen. Probeer het opnieuw."
LOGIN_TOO_OFTEN = "Er is te vaak geprobeerd in te loggen. Probeer het over {minutes} minuten opnieuw."
LOGIN_NEEDED = "U bent niet ingelogd. Open het beheer en log in."
OTHER_ORIGIN = "Dit verzoek kwam niet van een pagina van het beheer, en is daarom geweigerd."
PASSWORD_NEEDED = (
    "Op {where} kunnen ook anderen het beheer openen, en er is geen wachtwoord. Het beheer start daarom niet. "
    "Maak een wachtwoord met: rugpijn staff-password"
)
PASSWORD_UNFIT = "Dat wachtwoord kan niet. Neem er een van {shortest} tot {longest} tekens, bijvoorbeeld vier woorden."
PASSWORDS_DIFFER = "De twee wachtwoorden zijn niet gelijk. Begin opnieuw."
PASSWORD_PROMPT = "Wachtwoord voor het beheer"
PASSWORD_REPEAT = "Nog een keer"
PASSWORD_MADE = "Zet deze regel in .env en start het beheer opnieuw:"
PASSWORD_HASH_UNUSABLE = (
    "Wat in RUGPIJN_STAFF_PASSWORD_HASH staat, is niet gemaakt van een wachtwoord. "
    "Maak de regel opnieuw met: rugpijn staff-password"
)
STAFF_PACKAGE_MISSING = (
    'Voor een wachtwoord ontbreekt een pakket. Installeer het met: .venv/bin/pip install "rugpijn-assistent[staff]"'
)
STAFF_FOLDER_UNUSABLE = (
    "Het beheer kan niet schrijven in {folder} ({reason}). Maak die map schrijfbaar, of kies een andere met "
    "RUGPIJN_STAFF_DIR."
)
SOMETHING_WRONG = "Dat is niet gelukt. Probeer het opnieuw. Lukt het weer niet, vraag dan wie de chat beheert."


# Vraag: ask as a visitor would, and see why.
QUESTION_HEADING = "Stel een vraag zoals een bezoeker"
QUESTION_INTRO = "U ziet het antwoord dat de bezoeker krijgt, en waarom het zo luidt. Er wordt niets van bewaard."
ASK_LABEL = "Vraag"
ASK_PLACEHOLDER = "Bijvoorbeeld: hoe lang duurt een frozen shoulder?"
ASK_BUTTON = "Stel de vraag"
EARLIER_TITLE = "Eerdere berichten van de bezoeker (als die er zijn)"
EARLIER_LABEL = "Eerdere berichten"
EARLIER_INFO = "Eén bericht per regel, het oudste bovenaan."
EARLIER_TOO_MANY = "Dat zijn {count} eerdere berichten. Er mogen er hoogstens {most} zijn."
ASKING = "De chat maakt het antwoord …"
ASKED = "Het antwoord staat hieronder."
REPLY_TITLE = "Zo ziet de bezoeker het"
REPLY_BY_MODEL_TITLE = "Zo ziet de bezoeker het: met het taalmodel"
REPLY_QUOTED_TITLE = "Zonder het taalmodel"
OUTCOME_TITLE = "In het kort"
WHY_TITLE = "Waarom dit antwoord"
OUTCOMES = {
    "triage_failed": "Het bericht kon niet op alarmsignalen worden nagekeken. Dan geeft de chat voor de zekerheid geen "
    "antwoord. Vraag wie de chat beheert om in het logboek te kijken.",
    "alarm": "Het bericht heeft een alarmsignaal. Dan staat er alleen het alarm: niets uit de artikelen.",
    "courtesy": "Het bericht is geen vraag maar een groet, een bedankje of iets dergelijks.",
    "refused": "Deze vraag beantwoordt de chat met opzet niet. Hieronder staat door welke regel.",
    "answered": "De chat is zeker genoeg ({confidence}; nodig is {threshold}) en antwoordt uit de artikelen.",
    "claimed": "De bezoeker vraagt wat de praktijk zelf zegt. Dan mag dat worden aangehaald, met erbij wie het zegt.",
    "doctor": "De bezoeker moet naar de huisarts. De artikelen geven geen zeker antwoord ({confidence}; nodig is "
    "{threshold}). Daarom staat er alleen wat zij over een bezoek aan de dokter zeggen.",
    "helped": "De bezoeker schrijft dat er hulp is. De artikelen geven geen antwoord op dit bericht.",
    "withheld": "Wat hier in de artikelen over staat, mag niet als antwoord dienen. Bij de zinnen staat waarom.",
    "unsure": "De chat is niet zeker genoeg dat de artikelen dit beantwoorden: {confidence}; nodig is {threshold}.",
    "unreachable": "De artikelen waren niet te bereiken. Vraag wie de chat beheert of de database draait.",
}
WHY_ALARMS = "Alarmsignalen"
SEEN_HEADERS = ("Gevonden", "Woorden", "Plaats", "Telt mee?", "Door", "Van wie")
SEEN_PLACE = "teken {start} tot {end}"
SEEN_STATUS = {
    "present": "ja",
    "negated": "nee, ontkend",
    "past": "nee, het is voorbij",
    "general": "nee, een algemene vraag",
}
SEEN_PERSON = {"self": "de bezoeker", "other": "iemand anders", "unknown": "niet bekend"}
NOTHING_SEEN = "In het laatste bericht is niets gevonden dat op een alarm kan wijzen."
HOLDING = "Wat nu geldt, uit alle berichten samen: {findings}."
RULE = "Alarm ‘{level}’: {name}. Door: {why}. Bron: {source}. {signed}"
RULE_FINDINGS = "{findings} samen"
RULE_FINDING = "{findings}"
RULE_SECOND_LOOK = "de tweede blik, die het bericht met {certainty} zekerheid op een alarm vindt lijken"
RULE_SIGNED = "Nagekeken door {name}."
RULE_UNSIGNED = "Nog niet nagekeken door een arts."
NO_ALARM_RAISED = "Er is geen alarm."
ALARM_WAS_ANSWERED = "Er is geen alarm meer, want de bezoeker schrijft dat er hulp is of dat de klacht er niet is."
SAFETY_NET_SHOWN = "Voor de zekerheid staat onder het antwoord wanneer iemand moet bellen."
WHY_QUESTION = "De vraag, zoals de chat die begrijpt"
UNDERSTOOD = {
    "alone": "Gelezen als",
    "language": "Taal",
    "mended": "Verbeterde spelling",
    "terms": "Zo noemen de artikelen het",
    "searched_with": "Gezocht met",
    "refusal": "Niet beantwoord omdat",
    "rule": "Regel",
    "words": "Woorden van de bezoeker",
}
UNDERSTOOD_HEADERS = ("Wat", "Hier")
ALONE_SAME = "de vraag zelf; zij is zonder de eerdere berichten te begrijpen"
NOT_SEARCHED = "er is niet gezocht"
MENDED = "{typed} → {read}"
LANGUAGES = {
    "nl": "Nederlands",
    "en": "Engels",
    "de": "Duits",
    "fr": "Frans",
    "tr": "Turks",
    "pl": "Pools",
    "ar": "Arabisch",
}
REFUSAL_REASONS = {
    "dose": "de vraag gaat over hoeveel van een medicijn",
    "stop_medicine": "de vraag gaat over stoppen met een medicijn",
    "instructions": "het bericht wil de chat andere opdrachten geven",
    "role_play": "het bericht vraagt de chat om iemand anders te spelen",
    "diagnosis": "er wordt om een diagnose gevraagd",
    "prognosis": "er wordt gevraagd hoe het met deze bezoeker afloopt",
    "practical": "het is iets om aan de praktijk zelf te vragen",
    "other_body": "het gaat over een ander deel van het lichaam",
    "off_topic": "het gaat niet over rug, nek of schouder",
}
WHY_PASSAGES = "Gevonden stukken"
PASSAGES_INTRO = (
    "De best passende stukken uit de artikelen. In elk vak staat eerst de plaats onder alle stukken (1e is de beste) "
    "en dan het getal. De balk vergelijkt met het beste stuk."
)
PASSAGE_HEADER = "Stuk"
RELEVANCE_HEADER = "Alles samen"
PASSAGE_SIGNALS = {
    "passage": "Lijkt op het stuk",
    "sentence": "Lijkt op de beste zin",
    "questions": "Lijkt op bekende vragen",
    "stems": "Zelfde woorden",
    "letter_groups": "Stukjes van woorden",
}
RANK = "{rank}e"
WHY_SURENESS = "Hoe zeker de chat is"
SURENESS = "De zekerheid is {confidence}. Vanaf {threshold} geeft de chat antwoord. {risk}"
RISKS = {
    "ordinary": "Dat is de gewone grens.",
    "raised": "Die grens is hoger dan gewoon, want er is een alarm of het gaat over medicijnen.",
}
PUSH_HEADERS = ("Waaraan het ligt", "Bij deze vraag", "Gewoonlijk", "Gevolg")
PUSHES = {
    "answered": "Lijkt op vragen die de artikelen beantwoorden",
    "unanswered": "Lijkt op vragen die de artikelen niet beantwoorden",
    "near": "Hoeveel van de vragen die erop lijken, de artikelen beantwoorden",
    "sentence": "Lijkt op de beste zin",
    "words": "Heeft dezelfde woorden als het beste stuk",
}
PUSH_NONE = "niet te meten"
PUSH_UP = "zekerder ({effect})"
PUSH_DOWN = "minder zeker ({effect})"
PUSH_NOTHING = "geen verschil"
WHY_SENTENCES = "Gekozen zinnen"
WOULD_BE_CHOSEN = "Deze zinnen waren het antwoord geworden als de chat zeker genoeg was geweest."
CHOSEN_FOR_QUOTES = "Voor het antwoord zonder taalmodel."
NONE_CHOSEN = "Er is geen enkele zin gekozen."
SENTENCE_HEADERS = ("Zin", "Artikel", "Waarom")
WHY_PASSED_OVER = "Zinnen die niet zijn gekozen"
PASSED_OVER_INTRO = "De best passende {shown} van {count}. Daaronder staat hoe vaak elke reden voorkomt."
REASON_HEADERS = ("Reden", "Zinnen")
FATES = {
    "advice": "zegt wanneer iemand naar de dokter moet",
    "relevant": "past het best bij de vraag",
    "context": "hoort bij een zin die is gekozen",
    "promotional": "prijst de praktijk, en daar is niet naar gevraagd",
    "unsafe": "stelt gerust, en dat is niet veilig bij wat deze bezoeker schrijft",
    "leans_on_unsaid": "is niet te begrijpen zonder een zin die niet gezegd mag worden",
    "asks": "is zelf een vraag",
    "best_is_unsaid": "past veel minder goed dan een zin die niet gezegd mag worden",
    "no_claim": "is niet wat de praktijk over zichzelf zegt, en daar is naar gevraagd",
    "less_relevant": "past minder goed bij de vraag",
    "said_already": "staat met dezelfde woorden al in het antwoord",
    "passages_full": "staat in een ander stuk, en het antwoord heeft al genoeg stukken",
    "too_long": "zou het antwoord te lang maken",
    "not_understood": "is niet te begrijpen zonder een zin die niet in het antwoord staat",
    "only_openings": "is niet het begin van een punt; van deze lange lijst staan alleen die in het antwoord",
    "only_advice": "er staat alleen advies over de dokter; de artikelen geven geen zeker antwoord",
}
WHY_MODEL = "Het taalmodel"
MODEL_NOT_ASKED = (
    "Het taalmodel is voor deze vraag niet gebruikt. Het mag alleen een gewoon antwoord uit de artikelen in eigen "
    "woorden zeggen."
)
MODEL_OUTCOMES = {
    "phrased": "Het antwoord is van het taalmodel. Elke zin is nagekeken tegen de artikelen.",
    "not_found": "Het taalmodel vond geen antwoord in de stukken. Daarom staat er het antwoord zonder taalmodel.",
    "too_little": "Er bleef te weinig over van wat het taalmodel zei. Daarom staat er het antwoord zonder taalmodel.",
    "failed": "Er ging iets mis. Daarom staat er het antwoord zonder taalmodel.",
}
MODEL_FAILED = "Het taalmodel gaf geen bruikbaar antwoord: {why}. Daarom staat er het antwoord zonder taalmodel."
MODEL_FAILURES = {
    "unreachable": "het is niet te bereiken",
    "tls": "de beveiligde verbinding lukt niet",
    "not_nearby": "het staat niet op dit netwerk, en dat is niet toegestaan",
    "redirected": "het verwijst naar een ander adres",
    "unauthorised": "de sleutel klopt niet",
    "rate_limited": "er zijn te veel vragen gesteld",
    "refused_request": "het weigert de vraag",
    "server_error": "het heeft zelf een storing",
    "slow_first": "het begon te laat",
    "slow_between": "het viel te lang stil",
    "slow_total": "het duurde te lang",
    "too_long": "het zei te veel",
    "broken_off": "het brak af",
    "malformed": "het antwoord was niet te lezen",
    "empty": "het zei niets",
    "busy": "het is al bezig met andere vragen",
    "circuit_open": "het ging te vaak mis en rust even",
    "unknown": "de oorzaak is niet bekend",
}
DROPPED_HEADERS = ("Wat het taalmodel ook zei", "Waarom dat wegviel", "In plaats daarvan")
DROPPED_MISSING = "{why}; in het artikel staat niet: {missing}"
DROPPED_QUOTED = "de zin uit het artikel"
DROPPED_NOTHING = "niets"
DROPPED_WHY = {
    "no_citation": "er staat geen bron bij",
    "unknown_citation": "de bron bestaat niet",
    "repeated": "het was al gezegd",
    "too_much": "het antwoord werd te lang",
    "link": "er staat een internetadres in",
    "markup": "er staan opmaaktekens in",
    "length": "de zin is te lang of te kort",
    "question": "het is een vraag",
    "quantity": "een getal of hoeveelheid klopt niet",
    "diagnosis": "het is een diagnose",
    "promise": "het is een belofte",
    "absolute": "het is stelliger dan het artikel",
    "often": "het zegt anders dan het artikel hoe vaak iets is",
    "negation": "‘wel’ en ‘niet’ zijn verwisseld",
    "opposite": "het zegt het tegendeel van het artikel",
    "replaced": "een woord is door een ander vervangen",
    "medicine": "het noemt een medicijn dat niet in het artikel staat",
    "cause": "oorzaak en gevolg zijn verwisseld",
    "unsupported": "het staat niet in het artikel",
}
WHY_TIMINGS = "Hoe lang het duurde"
TIMINGS = {"triage": "Nakijken op alarm en regels", "retrieve": "Zoeken", "compose": "Antwoord maken", "total": "Samen"}
TIMING_HEADERS = ("Stap", "Milliseconden")
KEEP_BUTTON = "Bewaar als testvraag"
KEEP_TITLE = "Bewaren als testvraag"
KEEP_INTRO = "Zo blijft het: als dit na een wijziging anders uitkomt, ziet u dat bij Testvragen."
KEEP_KIND = "Dit moet eruit komen"
KEEP_ARTICLE = "Uit dit artikel"
KEEP_NO_ARTICLE = "geen artikel"
KEEP_LEVEL = "Minstens dit alarm: {level}."
KEEP_CONFIRM = "Ja, bewaar"
KEEP_CANCEL = "Toch niet"
KEPT = "Bewaard. De vraag staat nu bij Testvragen."


# Artikelen: write, look before publishing, publish, go back.
FOLDER_UNUSABLE = (
    "De map of het bestand {folder} kan niet worden gelezen of geschreven ({reason}). Er is niets gepubliceerd. "
    "Vraag wie de chat beheert om naar de schijfruimte en de rechten te kijken."
)
CORPUS_UNREADABLE = (
    "Het bestand {name} bij de artikelen kan niet worden gelezen. Haal het uit de map of zet het er opnieuw in; "
    "tot die tijd kan er niets worden gepubliceerd."
)
SIDECAR_BY_HAND = (
    "een bestand naast de artikelen is zo geschreven dat het hier niet kan worden aangepast. "
    "Pas review_notes.toml of het bestand in questions/ zelf aan."
)
NO_SUCH_ARTICLE = "Dit artikel is er niet (meer). Open de lijst opnieuw."
NO_SUCH_DRAFT = "Dit concept is er niet meer. Iemand anders heeft het gepubliceerd of weggegooid."
DRAFT_TOO_LONG = "De tekst is langer dan {megabytes} MB en is niet bewaard. Verdeel hem over meer artikelen."
DRAFT_LINE = "Regel {line} van de tekst:"
DRAFT_NO_LINE = "Dit artikel is nog niet klaar:"
FIELD_LABELS = {
    "title": "Titel",
    "slug": "vaste naam",
    "tag": "Onderwerp",
    "url": "Adres op de website",
    "published": "Gepubliceerd op",
    "reviewed": "Nagekeken op",
    "reviewer": "Nagekeken door",
}
TITLE_MISSING = "er staat geen titel."
TITLE_MISSING_MEND = "Vul bij Titel in hoe het artikel heet."
TITLE_TOO_LONG = "de titel is langer dan {most} tekens."
TITLE_TOO_LONG_MEND = "Kort de titel in."
TITLE_WITHOUT_LETTERS = "in de titel staan geen gewone letters."
TITLE_WITHOUT_LETTERS_MEND = "Geef het artikel een titel met letters van a tot z."
UPLOAD_KIND = "Van {name} kan geen artikel worden gemaakt. Kies een bestand dat eindigt op {supported}."
UPLOAD_TOO_LARGE = "{name} is groter dan {megabytes} MB. Haal er afbeeldingen uit of verdeel het over meer artikelen."
UPLOAD_UNNAMED = "Bestand zonder naam"
PUBLISH_BUSY = "Iemand anders is nu aan het publiceren of bewaren. Wacht even en probeer het opnieuw."
ARTICLE_CHANGED = (
    "Iemand anders heeft dit artikel intussen veranderd. Uw tekst is bewaard als concept en er is niets gepubliceerd. "
    "Bekijk het artikel zoals het nu is en kies daarna wat er moet gebeuren."
)
ARTICLE_GONE = (
    "Dit artikel is intussen verwijderd. Uw tekst is bewaard als concept en er is niets gepubliceerd. "
    "U kunt de tekst als nieuw artikel publiceren."
)
TITLE_TAKEN = "Er is al een artikel dat zo heet: „{title}” ({source}). Geef dit artikel een andere titel."
NOTES_LOST = (
    "Er is niets gepubliceerd. Bij deze zinnen staat een aantekening, en zij staan straks niet meer in de artikelen: "
    "{sentences} Kies onder „Bekijk eerst” wat er met elke aantekening moet gebeuren."
)
LAST_ARTICLE = "Dit is het enige artikel. Zonder artikelen kan de chat niets beantwoorden, dus het blijft staan."
NOTHING_CHANGED = "Er is niets veranderd, dus er valt niets te publiceren."
NO_SUCH_EDITION = "Deze eerdere versie is er niet meer of is beschadigd. Kies een andere."
CHANGED_MEANWHILE = (
    "Het bestand {name} werd tijdens het publiceren met de hand veranderd. Er is niets gepubliceerd; uw tekst is "
    "bewaard als concept. Open het artikel opnieuw."
)
PUBLISH_FAILED = "Er is niets gepubliceerd; de artikelen zijn zoals ze waren. Wat er misging: {reason}"
PUBLISH_FINISHED_LATER = "Een publicatie die werd afgebroken, is bij het starten alsnog afgemaakt."
PUBLISH_DROPPED = "Een publicatie werd afgebroken voordat er iets veranderde. De artikelen zijn zoals ze waren."

ARTICLES_INTRO = "Hieruit antwoordt de chat. Wat u hier schrijft, staat pas in de chat als u het publiceert."
ARTICLES_HEADERS = ("Titel", "Nagekeken op", "Stukken tekst", "Let op")
NEVER_REVIEWED = "niet bekend"
STALE = "moet worden nagekeken"
FILE_CHANGED = "het bestand is met de hand gewijzigd en nog niet gepubliceerd"
FILE_GONE = "het bestand is weg; het artikel staat nog in de chat"
FILES_BESIDE = "de vragen of de aantekeningen"
CHANGED_BY_HAND = (
    "In de map met artikelen is iets met de hand veranderd wat nog niet in de chat staat: {files}. "
    "Bij de volgende publicatie gaat het mee."
)
FILE_REFUSED = "Dit bestand kan niet worden gelezen: {complaint}"
DRAFT_DAMAGED = "Het concept in {name} is beschadigd en kan niet worden geopend. Het bestand is niet weggegooid."
DRAFTS_TITLE = "Concepten"
DRAFTS_NONE = "Er zijn geen concepten."
DRAFT_NAMED = "{title} (bewaard op {moment})"
DRAFT_UNTITLED = "Zonder titel"
DRAFT_CHOOSE = "Concept"
DRAFT_OPEN = "Verder schrijven"
ARTICLE_CHOOSE = "Artikel"
ARTICLE_READ = "Bekijken"
ARTICLE_EDIT = "Wijzigen"
ARTICLE_REMOVE = "Verwijderen …"
ARTICLE_NEW = "Nieuw artikel"
ARTICLE_UPLOAD = "Bestand kiezen"
ARTICLE_UPLOAD_INFO = (
    "Een bestand mag van Word (.docx) zijn, een PDF, een webpagina (.html) of gewone tekst (.md, .txt). "
    "U kunt de tekst daarna nog wijzigen."
)
UPLOAD_READING = "Het bestand wordt gelezen …"
CHOOSE_FIRST = "Kies eerst in de lijst welke u bedoelt."
BACK_TO_LIST = "Terug naar de lijst"
HAND_LOOK = "Bekijk wat met de hand is veranderd"

ABOUT_FILE = "Bestand: {name}."
ABOUT_PUBLISHED = "Gepubliceerd op {day}."
ABOUT_REVIEWED = "Nagekeken op {day}"
ABOUT_NOT_REVIEWED = "Niet bekend wanneer het is nagekeken"
ABOUT_REVIEWER = " door {name}"
OUTLINE_INTRO = "Zo is het artikel verdeeld. De chat zoekt per stuk en haalt er zinnen uit aan."
PASSAGE_NUMBER = "Stuk {number}"
PASSAGE_OWNER = "Deze woorden staan ook in „{title}”. De chat noemt dat artikel als bron."
PASSAGE_QUESTIONS = "Vragen die dit stuk beantwoordt ({count}), waaronder:"
NOTE = "Aantekening: {kind}."
NOTE_ABOUT = "Bij de zin „{sentence}”."
NOTE_SOURCE = "Bron: {source}."
NOTE_KINDS = {
    "promotional": "reclame of belofte",
    "contested": "staat niet vast",
    "medication": "gaat over medicijnen",
    "unsafe_as_reassurance": "kan iemand ten onrechte geruststellen",
    "see_doctor": "stuurt naar de dokter",
}

WRITING_TITLE = "Schrijven"
BODY_LABEL = "Tekst"
BODY_INFO = "Begin een kop met ## en een punt van een lijst met -. Zet een lege regel tussen alinea's."
TAG_INFO = "Eén onderwerp, bijvoorbeeld Rugpijn. Mag leeg blijven."
DATE_INFO = "Dag-maand-jaar, bijvoorbeeld 15-3-2026. Mag leeg blijven."
URL_INFO = "Met https:// ervoor. Mag leeg blijven."
REVIEWER_INFO = "Naam en beroep. Mag leeg blijven."
MORE_FIELDS = "Onderwerp, adres en datums"
DRAFT_QUESTIONS = "Wat bezoekers vroegen"
DRAFT_SAVED = "Bewaard op {moment}."
DRAFT_SAVED_BESIDE = (
    "Iemand anders heeft dit concept intussen ook veranderd. Uw tekst is bewaard als een tweede concept ernaast."
)
DRAFT_SAVE = "Bewaar"
DRAFT_DISCARD = "Gooi dit concept weg …"
DRAFT_DISCARD_SURE = "Ja, gooi dit concept weg"
DRAFT_DISCARDED = "Het concept is weggegooid. Aan de artikelen is niets veranderd."
DRAFT_LOOK = "Bekijk eerst"

PREVIEW_TITLE = "Zo wordt het"
PREVIEW_REPORT_TITLE = "Wat er verandert"
PREVIEW_BUSY = "Er wordt gekeken wat er verandert …"
PREVIEW_READY = "Dit is nog niet gepubliceerd. Klopt het? Publiceer het dan."
PREVIEW_STOPPED = "Dit kan nog niet worden gepubliceerd. Beslis eerst over de aantekeningen."
PREVIEW_CHECKS_TITLE = "Testvragen"
PREVIEW_CHECKS_NONE = "Er zijn nog geen testvragen, dus ook geen die anders uitkomen."
PREVIEW_CHECKS_SAME = "Alle {count} testvragen worden beantwoord zoals nu."
LOST_NOTES_TITLE = "Aantekeningen waarvan de zin verdwijnt"
LOST_NOTES_INTRO = (
    "Iemand heeft bij deze zinnen een aantekening gemaakt, en de zinnen staan straks niet meer zo in de artikelen. "
    "Een aantekening zorgt ervoor dat de chat voorzichtig is met een zin. Kies hieronder bij elke zin of de "
    "aantekening meeverhuist naar de zin die er het meest op lijkt, of vervalt."
)
NOTES_MOVE = "Verhuist mee naar de nieuwe zin"
NOTES_MOVE_ONE = "„{sentence}” → „{nearest}”"
NOTES_LAPSE = "Vervalt"
NOTES_LAPSE_ONE = "„{sentence}”"
NOTES_BOTH = "Kies voor elke zin één van beide: verhuizen of vervallen. Dubbel gekozen: „{sentence}”"
NOTES_LOOK = "Kijk opnieuw"
LEFT_OUT_TITLE = "Vragen die niet meer worden gebruikt"
LEFT_OUT_INTRO = "Bij deze vragen hoort een zin die straks niet meer zo in de artikelen staat. Dat houdt niets tegen."
CUTS_TITLE = "Zo wordt het artikel verdeeld"
PASSAGE_UNCHANGED = "Ongewijzigd"
PASSAGE_NEW = "Nieuw"
PASSAGE_CHANGED = "Gewijzigd"
PASSAGE_GONE = "Verdwijnt"
PASSAGE_WAS = "Dit stond er:"
PUBLISH = "Publiceer"
PUBLISH_REMOVAL = "Verwijder dit artikel"
PUBLISH_EDITION = "Zet deze versie terug"
KEEP_WRITING = "Verder schrijven"
PUBLISHING = "Er wordt gepubliceerd …"
PUBLISHED = "Gepubliceerd. De chat antwoordt nu hieruit."
REPORT_HEADERS = ("Artikelen", "Aantal", "Welke")
REPORT_CREATED = "nieuw"
REPORT_UPDATED = "gewijzigd"
REPORT_UNCHANGED = "ongewijzigd"
REPORT_REMOVED = "verwijderd"
REPLACE_ANYWAY = "Ik heb het bekeken: mijn tekst vervangt die van nu"
MAKE_NEW = "Maak er een nieuw artikel van"
NOW_TITLE = "Zo is het artikel nu"

EDITIONS_TITLE = "Terug naar een eerdere versie"
EDITIONS_INTRO = "U kunt alle artikelen terugzetten zoals ze waren. Ook dat kunt u weer terugdraaien."
EDITIONS_NONE = "Er is nog geen eerdere versie. Die komt er bij de eerste keer dat u hier iets publiceert."
EDITION_CHOOSE = "Versie"
EDITION_LOOK = "Bekijk wat er dan verandert"
EDITION_FOUND = "zoals het was voor de eerste publicatie"
EDITION_BY_HAND = "na wijzigingen met de hand"
EDITION_PUBLISHED = "na het publiceren van „{title}”"
EDITION_REMOVED = "na het verwijderen van „{title}”"
EDITION_WENT_BACK = "na het terugzetten van een eerdere versie"

STEPS = {
    "artikelen lezen": "De artikelen worden gelezen",
    "passages maken": "De artikelen worden verdeeld",
    "taalmodel laden": "Het taalmodel wordt geladen",
    "vectoren maken": "Nieuwe teksten worden verwerkt",
    "woorden tellen": "De woorden worden geteld",
    "opslaan": "Alles wordt opgeslagen",
    "testvragen": "De testvragen worden gesteld",
    "in gebruik nemen": "De chat neemt het over",
}
STEP_OTHER = "Even geduld"
STEP_COUNTED = "{step}: {done} van {total} …"


# Testvragen: the practice's own questions, run after every change.
CHECK_ENTRY = "testvraag"
CHECK_ENTRIES = "testvragen"
CHECKS_HEADER = """# Testvragen van de praktijk
#
# Elke vraag begint met een regel [[check]]. Daaronder staat:
#
#   id        een naam in kleine letters, cijfers en streepjes; ontbreekt hij, dan wordt hij gemaakt
#   question  de vraag, zoals een bezoeker hem stelt
#   earlier   wat de bezoeker daarvoor al schreef, als dat zo is: ["eerste bericht", "tweede bericht"]
#   kind      wat eruit moet komen: "answered" (een antwoord), "not_found" (staat niet in de artikelen),
#             "out_of_scope" (daar gaat de chat niet over) of "urgent" (een alarm)
#   article   bij "answered": de naam van het artikel dat moet worden aangehaald, zoals in het adres /bron/…
#   words     bij "answered", als u wilt: woorden die in de aangehaalde zinnen moeten staan
#   urgency   bij "urgent" of "answered", als u wilt: het alarm dat er minstens moet staan,
#             van licht naar zwaar: "huisarts", "spoed", "crisis", "112"
#
# U kunt dit bestand zelf aanpassen, of in het beheer van de chat onder Testvragen. Wat met # begint, blijft staan.
"""
CHECK_REMEDIES = {
    "id": "Gebruik alleen kleine letters, cijfers en streepjes, en elke naam één keer.",
    "question": 'Schrijf: question = "…".',
    "earlier": 'Schrijf: earlier = ["…", "…"].',
    "kind": 'Kies uit: "answered", "not_found", "out_of_scope" of "urgent".',
    "article": 'Schrijf het artikel zoals het in het adres staat: article = "rugpijn-wat-te-doen".',
    "words": 'Schrijf: words = ["…", "…"], of laat het weg.',
    "urgency": 'Kies uit: "huisarts", "spoed", "crisis" of "112", of laat het weg.',
    "added": "Schrijf een datum zonder aanhalingstekens: added = 2026-01-31, of laat het weg.",
    "origin": 'Kies uit: "hand", "console", "gap" of "csv", of laat het weg.',
}
CHECKS_FILE_BROKEN = (
    "De testvragen kunnen niet worden gelezen; er is niets veranderd. Verbeter dit in het bestand: {complaints}"
)
CHECKS_NOT_SAVED = (
    "{name} kan niet worden opgeslagen ({reason}). Kijk of de schijf vol is en of het bestand mag worden veranderd."
)
CHECKS_BUSY = "Iemand anders verandert de testvragen op dit moment. Probeer het zo opnieuw."
CHECKS_NOT_IN_LINES = "de vragen staan niet elk onder een eigen regel [[check]] en kunnen hier niet worden aangepast."
CHECK_KNOWN = "Deze vraag staat al bij de testvragen: {question}"
CHECK_UNKNOWN = "Er is geen testvraag (meer) met de naam {id}."
CHECK_NEEDS_ARTICLE = "Bij een antwoord hoort het artikel dat moet worden aangehaald."
CHECK_ARTICLE_NOT_HERE = "Een artikel hoort alleen bij een vraag die een antwoord moet krijgen."
CHECK_WORDS_NOT_HERE = "Woorden horen alleen bij een vraag die een antwoord moet krijgen."
CHECK_URGENCY_NOT_HERE = "Een alarm hoort alleen bij ‘alarm’ of ‘antwoord’."
CHECK_ID_TWICE = "de naam '{id}' staat er twee keer."
CHECK_TOO_LONG = "De vraag, of een bericht ervoor, is langer dan {limit} tekens."
CHECK_EMPTY = "Er staat geen vraag."
CHECK_WRONG = "{name}: dit kan hier niet staan."
RUN_UNUSABLE = "De bewaarde uitslag {name} is beschadigd. Doe alle testvragen opnieuw en aanvaard die uitslag."

CHECK_KINDS = {
    "answered": "antwoord",
    "not_found": "niet gevonden",
    "out_of_scope": "gaat de chat niet over",
    "urgent": "alarm",
}
CHECK_LEVELS = {"huisarts": "huisarts", "spoed": "spoed", "crisis": "crisis", "112": "112"}
CHECK_ORIGINS = {"hand": "zelf geschreven", "console": "uit Vraag", "gap": "uit Hiaten", "csv": "uit een CSV-bestand"}
NO_REPLY = "geen reactie"

FAULT_KIND = "er moet ‘{wanted}’ uitkomen; het is ‘{got}’"
FAULT_ARTICLE = "het artikel ‘{wanted}’ wordt niet aangehaald; wel: {got}"
FAULT_WORDS = "in de aangehaalde zinnen staat niet: ‘{wanted}’"
FAULT_URGENCY = "het alarm moet minstens ‘{wanted}’ zijn; het is ‘{got}’"
FAULT_FAILED = "de vraag kon niet worden gesteld: {got}"
NO_ARTICLE = "geen artikel"
NO_ALARM = "geen alarm"

CSV_COLUMNS = {
    "id": "naam",
    "question": "vraag",
    "earlier": "eerdere berichten",
    "kind": "uitkomst",
    "article": "artikel",
    "words": "woorden",
    "urgency": "alarm",
    "added": "toegevoegd",
    "origin": "herkomst",
}
CSV_TOO_LARGE = "Het bestand is groter dan {limit} MB. Verdeel het over meer bestanden."
CSV_TOO_MANY = "In het bestand staan meer dan {limit} vragen. Verdeel het over meer bestanden."
CSV_EMPTY = "Het bestand is leeg."
CSV_IS_EXCEL = "Dit is een Excel-bestand. Kies in Excel ‘Opslaan als’ en dan ‘CSV UTF-8’, en kies dat bestand hier."
CSV_NO_COLUMNS = "Op de eerste regel moeten de namen van de kolommen staan, minstens ‘vraag’ en ‘uitkomst’."
CSV_NOT_READABLE = "Het bestand is niet te lezen als CSV. Sla het opnieuw op als ‘CSV UTF-8’."
CSV_ROW = "Regel {line}: {reason}"
CSV_NOT_CLOSED = "de rij is niet te lezen; kijk of elk aanhalingsteken ook weer sluit."
CSV_NO_SUCH_VALUE = "‘{value}’ is geen {column}; kies uit: {known}."
CSV_NO_DATE = "‘{value}’ is geen datum; schrijf 2026-01-31 of 31-1-2026."
CSV_TWICE = "deze vraag staat al hoger in het bestand."

CHECKS_INTRO = (
    "Vragen waarvan u zeker wilt weten dat de chat ze goed beantwoordt. Doe ze na elke verandering opnieuw: "
    "u ziet meteen wat er anders werd. Er doet geen taalmodel aan mee."
)
CHECKS_NONE = "Er zijn nog geen testvragen. Voeg er hieronder een toe, of bewaar er een bij Vraag."
CHECKS_RUN = "Doe alle testvragen"
CHECKS_RUNNING = "Bezig: {done} van {total} vragen gedaan."
CHECKS_RAN = "Klaar. {passed} van {total} vragen gaan goed."
CHECKS_NOT_RUN = "Deze testvragen zijn nog niet gedaan."
CHECKS_LAST_RUN = "Laatst gedaan op {moment}: {passed} van {total} vragen gaan goed."
CHECKS_LIST_TITLE = "De testvragen"
CHECKS_HEADERS = ("Uitslag", "Vraag", "Moet eruit komen", "Kwam eruit")
CHECK_PASSED = "goed"
CHECK_FAILED = "fout"
CHECK_WAITING = "nog niet gedaan"
EXPECTED_ARTICLE = "uit ‘{article}’"
EXPECTED_WORDS = "met ‘{words}’"
EXPECTED_LEVEL = "minstens {level}"

CHANGES_TITLE = "Anders dan de aanvaarde uitslag"
CHANGES_NONE = "Niets is anders dan de uitslag die u op {moment} hebt aanvaard."
CHANGES_NO_ACCEPTED = (
    "U hebt nog geen uitslag aanvaard. Klopt wat u ziet? Aanvaard het dan; daarna ziet u wat er verandert."
)
CHANGES_SUMMARY = "{lost} rood geworden, {gained} groen geworden, {others} met een ander antwoord, {new} nieuw."
CHANGE_LOST = "rood geworden"
CHANGE_GAINED = "groen geworden"
CHANGE_OTHER = "ander antwoord"
CHANGE_BEFORE = "Eerst"
CHANGE_NOW = "Nu"
CHANGE_WHY = "Wat er niet klopt: {faults}."
CHANGES_MORE = "En nog {count} andere."
CHECKS_ACCEPT = "Aanvaard deze uitslag"
CHECKS_ACCEPTED = "Aanvaard. Vanaf nu ziet u wat er hierna verandert."
CHECKS_NOTHING_TO_ACCEPT = "Er is nog geen uitslag. Doe eerst alle testvragen."

HISTORY_TITLE = "Hoe het ging"
HISTORY_NONE = "Hier komt te staan hoe elke keer ging."
HISTORY_PICTURE = (
    "Hoeveel vragen goed en fout gingen, de laatste {count} keer, van links naar rechts. Effen is goed, gestreept is "
    "fout."
)
HISTORY_HEADERS = ("Wanneer", "Goed", "Fout")

CHECK_ADD_TITLE = "Voeg een testvraag toe"
CHECK_QUESTION_LABEL = "De vraag, zoals een bezoeker hem stelt"
CHECK_EARLIER_LABEL = "Wat de bezoeker daarvoor al schreef (mag leeg blijven)"
CHECK_EARLIER_INFO = "Elk bericht op een eigen regel."
CHECK_KIND_LABEL = "Wat eruit moet komen"
CHECK_ARTICLE_LABEL = "Het artikel dat moet worden aangehaald"
CHECK_WORDS_LABEL = "Woorden die in de aangehaalde zinnen moeten staan (mag leeg blijven)"
CHECK_WORDS_INFO = "Woorden of stukjes zin, elk op een eigen regel."
CHECK_LEVEL_LABEL = "Het alarm dat er minstens moet staan"
CHECK_LEVEL_ANY = "maakt niet uit"
CHECK_ADD = "Voeg toe"
CHECK_ADDED = "Toegevoegd: {question}"
CHECK_REMOVE_TITLE = "Verwijder een testvraag"
CHECK_REMOVE_LABEL = "Welke testvraag"
CHECK_REMOVE = "Verwijder"
CHECK_REMOVE_FIRST = "Kies eerst een testvraag."
CHECK_REMOVED = "Verwijderd: {question}"
CSV_TITLE = "Naar en van een spreadsheet"
CSV_INTRO = (
    "Bewaar de testvragen als CSV-bestand, pas ze aan in een spreadsheet en lees ze weer in. Schrijf eerdere "
    "berichten en woorden elk op een eigen regel in de cel. Wat niet in het bestand staat, blijft hier staan."
)
CSV_EXPORT = "Bewaar als CSV"
CSV_IMPORT = "Lees een CSV-bestand in"
CSV_IMPORTED = "{added} toegevoegd, {changed} aangepast, {unchanged} stonden er al zo."
CSV_REFUSED = "Niet ingelezen:"


# Gesprekken: what visitors asked, where that is kept, and what they thought of it.
CONVERSATIONS_INTRO = (
    "Wat bezoekers vroegen, wat de chat antwoordde en wat ze ervan vonden. Namen, adressen, telefoonnummers, "
    "e-mailadressen en burgerservicenummers zijn eruit gehaald voordat er iets werd bewaard."
)
CONVERSATIONS_NOT_KEPT = (
    "Gesprekken worden nu niet bewaard; hier staan alleen oordelen. Wilt u gesprekken bewaren? Vraag dan wie de chat "
    "beheert om RUGPIJN_KEEP_CONVERSATIONS_DAYS op het aantal dagen te zetten dat ze bewaard blijven."
)
CONVERSATIONS_KEPT = "Gesprekken blijven {days} dagen bewaard en worden daarna vanzelf verwijderd."
CONVERSATIONS_SEARCH = "Zoek"
CONVERSATIONS_WORDS = "Woorden in de vraag"
CONVERSATIONS_KIND = "Soort antwoord"
CONVERSATIONS_LEVEL = "Alarm"
CONVERSATIONS_OPINION = "Oordeel"
CONVERSATIONS_SINCE = "Vanaf (dag-maand-jaar)"
CONVERSATIONS_UNTIL = "Tot en met (dag-maand-jaar)"
CONVERSATIONS_ANY = "alles"
CONVERSATIONS_FOUND = "{count} gesprekken. U ziet er {shown}, de nieuwste eerst."
CONVERSATIONS_FOUND_NONE = "Er zijn geen gesprekken die hierop lijken."
CONVERSATIONS_NO_DAY = "‘{typed}’ is geen dag. Schrijf bijvoorbeeld 25-11-2026."
CONVERSATIONS_LIST = "Kies een gesprek om het te lezen"
CONVERSATIONS_OLDER = "Oudere"
CONVERSATIONS_NEWEST = "Terug naar de nieuwste"
CONVERSATION_GONE = "Dit gesprek is er niet meer."
CONVERSATION_DELETE = "Verwijder dit gesprek"
CONVERSATION_DELETED = "Het gesprek is verwijderd, ook uit het bestand."
CONVERSATIONS_DELETE_ALL = "Verwijder alle gesprekken"
CONVERSATIONS_DELETE_SURE = (
    "Weet u het zeker? Alle {count} gesprekken worden verwijderd, met wat bezoekers er zelf bij schreven. "
    "Dat kan niet ongedaan worden gemaakt."
)
CONVERSATIONS_DELETE_CONFIRM = "Ja, verwijder ze"
CONVERSATIONS_DELETE_CANCEL = "Toch niet"
CONVERSATIONS_ALL_DELETED = "{count} gesprekken zijn verwijderd, ook uit het bestand."
SAID_HELPED = "hielp"
SAID_NOT_HELPED = "hielp niet"
SAID_ABOUT = "over een reactie van de soort ‘{kind}’"
SAID_QUESTION = "De vraag"
SAID_ANSWER = "Het antwoord"
SAID_OPINIONS = "Wat de bezoeker ervan vond"
SAID_NO_OPINION = "De bezoeker zei er niets over."
SAID_HEADERS = ("Wat", "Hier")
SAID_WHEN = "Gevraagd"
SAID_GOES = "Wordt verwijderd"
SAID_KIND = "Soort antwoord"
SAID_LEVEL = "Alarm"
SAID_WHERE = "Waar"
SAID_CHANNELS = {"page": "chatpagina", "stream": "widget", "ask": "API"}
RATINGS_TITLE = "Oordelen"
RATINGS_NONE = "Er zijn nog geen oordelen."
RATINGS_COUNT = "{total} oordelen: het antwoord hielp {helpful} keer ({share})."
RATINGS_WITH_WORDS = "Alleen oordelen waar een bezoeker iets bij schreef"
RATINGS_LIST = "Kies een oordeel om het te kunnen verwijderen"
RATING_WORDS = "De bezoeker schreef erbij"
RATING_DELETE = "Verwijder dit oordeel"
RATING_DELETED = "Het oordeel is verwijderd, ook uit het bestand."


# Hiaten: what no article answers yet.
GAPS_INTRO = (
    "Vragen waarop de chat geen antwoord had, of een antwoord dat niet hielp. Vragen die op elkaar lijken staan bij "
    "elkaar; wat het meest werd gevraagd staat bovenaan."
)
GAPS_NOT_KEPT = (
    "Hier staan alleen vragen als gesprekken worden bewaard. Dat staat nu uit. Wilt u het aan? Vraag dan wie de chat "
    "beheert om RUGPIJN_KEEP_CONVERSATIONS_DAYS op het aantal dagen te zetten dat gesprekken bewaard blijven. "
    "Namen, adressen, telefoonnummers en e-mailadressen worden eruit gehaald voordat er iets wordt bewaard."
)
GAPS_NONE = "Er zijn geen vragen zonder goed antwoord bewaard."
GAPS_LOOK = "Kijk opnieuw"
GAPS_READING = "Bezig met lezen: {done} van {total} vragen. U kunt al kijken."
GAPS_ASKING = "Bezig met opnieuw vragen: {done} van {total}. U kunt al kijken."
GAPS_LOOKED = (
    "{questions} vragen, {groups} onderwerpen. Van de grootste onderwerpen worden nu {answered} vragen beantwoord."
)
GAPS_WITH_OTHERS = "Ook vragen over iets anders dan waar de chat over gaat"
GAPS_CHOOSE = "Onderwerpen, het grootste eerst"
GAPS_CHOICE = "{count}× {name}"
GAPS_CHOICE_ANSWERED = "{count}× {name} — nu {answered} beantwoord"
GAPS_MORE = "Er zijn nog {count} vragen die op geen andere lijken of minder vaak zijn gesteld; die staan hier niet."
GAP_HEADERS = ("Vraag", "Wanneer", "Waarom", "Nu")
GAP_WHY = {
    "not_found": "geen antwoord",
    "out_of_scope": "daar gaat de chat niet over",
    "not_helpful": "het antwoord hielp niet",
}
GAP_ANSWERED = "antwoord uit ‘{article}’"
GAP_SAME = "nog hetzelfde antwoord"
GAP_NOT_ASKED = "nog niet gevraagd"
GAP_COUNT = "{count} vragen; daarvan worden er nu {answered} beantwoord."
GAP_COUNT_ONE = "1 vraag; die wordt nu {answered} beantwoord."
GAP_NOT = "niet"
GAP_SO = "wel"
GAP_EXAMPLES_MORE = "En nog {count} andere."
GAP_START = "Begin een artikel"
GAP_KEEP = "Bewaar wat nu wordt beantwoord als testvragen"
GAP_KEEP_NOTE = "Een testvraag blijft bewaard, ook als u het gesprek verwijdert waar hij uit komt."
GAP_CHOOSE_FIRST = "Kies eerst een onderwerp."
GAP_NO_ARTICLES = "Het onderdeel Artikelen is nu niet beschikbaar."
LASTING_TITLE = "De vragen waar dit artikel voor is"
LASTING_KEPT = "{count} vragen zijn nu testvragen."
LASTING_KEPT_ONE = "1 vraag is nu een testvraag."
LASTING_KNOWN = "{count} waren dat al."
LASTING_KNOWN_ONE = "1 was dat al."
LASTING_OTHERS = "Deze vragen worden nog niet beantwoord zoals bedoeld:"
LASTING_OTHER = "{question} ({faults})"
LASTING_NOTHING = "Er is niets om te bewaren: geen van deze vragen wordt nu beantwoord."


# Stand: how the chat is doing.
STATUS_TITLE = "Hoe het gaat met de chat"
STATUS_RUNNING = "De chat antwoordt bezoekers."
STATUS_PAUSED = "De chat staat stil. Bezoekers lezen: {notice}"
PAUSE_NOTICE_LABEL = "Wat bezoekers lezen als de chat stilstaat"
PAUSE_NOTICE_INFO = "Laat leeg voor de gewone melding."
PAUSE = "Zet de chat stil"
RESUME = "Laat de chat weer antwoorden"
PAUSED_DONE = "De chat staat nu stil."
RESUMED_DONE = "De chat antwoordt weer."
PAUSE_NOT_WRITTEN = "Dat is niet gelukt: {path} kan niet worden veranderd ({reason}). Er is niets veranderd."
STATUS_REPLIES_TITLE = "Antwoorden"
STATUS_PERIOD = "Periode"
STATUS_DAYS = "{days} dagen"
STATUS_BY_DAY = "Per dag"
STATUS_NO_REPLIES = "In de laatste {days} dagen is er niets gevraagd."
STATUS_REPLIES = "In de laatste {days} dagen gaf de chat {replies} antwoorden."
STATUS_KIND_HEADERS = ("Soort", "Aantal", "Deel")
STATUS_KINDS = {
    "answered": "Antwoord uit de artikelen",
    "not_found": "Staat niet in de artikelen",
    "out_of_scope": "Daar gaat de chat niet over",
    "urgent": "Alarm",
}
STATUS_ALARMS_TITLE = "Alarmen"
STATUS_NO_ALARMS = "Er was geen alarm."
STATUS_ALARM_HEADERS = ("Niveau", "Aantal")
STATUS_LEVELS = {
    "huisarts": "Huisarts, binnen enkele dagen",
    "spoed": "Spoed, vandaag",
    "crisis": "Crisis (113, Veilig Thuis)",
    "112": "112, nu",
}
STATUS_SPEED_TITLE = "Snelheid"
STATUS_SPEED = "De helft van de antwoorden was er binnen {p50} seconden, en 95 van de 100 binnen {p95} seconden."
STATUS_OPINIONS_TITLE = "Oordelen"
STATUS_OPINIONS = "Het antwoord hielp: {helpful} keer. Het hielp niet: {not_helpful} keer."
STATUS_MODEL_TITLE = "Taalmodel"
STATUS_MODEL = (
    "Het taalmodel moest {asked} antwoorden verwoorden. Bij {failed} lukte dat niet, en bestond het antwoord uit "
    "aangehaalde zinnen."
)
STATUS_OUTCOME_HEADERS = ("Hoe het ging", "Aantal")
STATUS_OUTCOMES = {
    "phrased": "gelukt",
    "not_found": "het vond geen antwoord in de stukken",
    "too_little": "er bleef te weinig over van wat het zei",
    "failed": "er ging iets mis",
    **MODEL_FAILURES,
}
STATUS_PICTURE = (
    "Elke kolom is een dag; de laatste van de {days} dagen staat rechts. In de tabel staat binnen hoeveel seconden de "
    "helft van de antwoorden er was, en 95 van de 100."
)
STATUS_DAY_HEADERS = (
    "Dag",
    "Samen",
    "Antwoord",
    "Niet gevonden",
    "Niet over",
    "Alarmen",
    "Helft (s)",
    "95 % (s)",
)
STATUS_INDEX_TITLE = "Artikelen in gebruik"
STATUS_FACT_HEADERS = ("Wat", "Nu")
STATUS_INDEX_MADE = "Index gemaakt"
STATUS_INDEX_VERSION = "Versie"
STATUS_INDEX_MODEL = "Zoekmodel"
STATUS_ARTICLES = "Artikelen"
STATUS_PASSAGES = "Passages"
STATUS_QUESTIONS = "Vragen bij de passages"
STATUS_NOTES = "Aantekeningen"
STATUS_REFUSED = "Deze artikelen konden niet worden gelezen, en worden dus niet gebruikt:"
STATUS_LEFT_OUT = "{count} vragen bij passages worden niet gebruikt:"
STATUS_INDEX_NOT_TAKEN = (
    "Er is een nieuwere index, die niet in gebruik kon worden genomen. De chat antwoordt met deze. "
    "Waarom, staat in het logboek."
)
STATUS_FILE_TITLE = "Wat er wordt bewaard"
STATUS_FILE = "Plaats"
STATUS_FILE_SIZE = "Grootte"
STATUS_FREE = "Vrij op de schijf"
STATUS_CONVERSATIONS = "Bewaarde gesprekken"
STATUS_KEEPING = "Gesprekken bewaren"
STATUS_KEPT_DAYS = "{days} dagen, zonder namen en adressen"
STATUS_NOT_KEPT = "nee; alleen oordelen en aantallen"
STATUS_FILE_SOUND = "Alles kon worden bewaard."
STATUS_LOST = (
    "{count} gegevens konden niet worden bewaard, het laatst op {day}. De bezoekers kregen wel antwoord. "
    "Kijk of de schijf vol is."
)
STATUS_DAMAGED = "Een beschadigd bestand is opzij gezet: {path}. De chat ging verder in een nieuw bestand."
STATUS_LITTLE_ROOM = "De schijf is bijna vol: nog {free} vrij. Maak ruimte."
