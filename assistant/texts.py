"""Every Dutch word a visitor can read, in one place to review. Plain, "u", short sentences.

Nothing here comes from the practice's articles. Whoever changes a text need not know Python: change what stands
between the quotation marks, and leave what stands between { and } as it is.
"""

# Under every reply, in every channel.
DISCLAIMER = (
    "Dit is algemene informatie, geen medisch advies. Twijfelt u of wordt het erger? Bel uw huisarts. "
    "Is er levensgevaar? Bel 112."
)

# When the articles do not answer the question.
NOT_FOUND = "Dit staat niet in onze artikelen. Ik verzin geen antwoord. Vraag het uw huisarts of onze praktijk."

# When the articles do name what the visitor has, but only as something that is harmless.
WITHHELD = (
    "Onze artikelen noemen dit, maar bij uw klacht wil ik u daarmee niet geruststellen. Laat uw huisarts ernaar "
    "kijken. Wordt het erger? Wacht dan niet."
)

# When a visitor only greets or thanks.
COURTESY = "Hebt u een vraag over uw rug, nek of schouder? Stel die gerust. Ik zoek het op in onze artikelen."

# Refusals. When the assistant does not answer: what it can do, and where to go. By reason; see refusals.toml.
OUT_OF_SCOPE = (
    "Hier kan ik u niet mee helpen. Ik geef alleen informatie over rug, nek en schouder. "
    "Vraag over uw gezondheid? Kijk op Thuisarts.nl of bel uw huisarts."
)
REFUSALS = {
    "dose": (
        "Welk medicijn u kunt nemen en hoeveel, kan ik niet zeggen. Vraag het uw apotheker of huisarts, en lees de "
        "bijsluiter. Ik geef alleen informatie over rug, nek en schouder."
    ),
    "stop_medicine": (
        "Over stoppen met een medicijn, of wisselen, kan ik niets zeggen. Bel uw huisarts of apotheker: die weet "
        "waarom u het gebruikt. Ik geef alleen informatie over rug, nek en schouder."
    ),
    "instructions": (
        "Zo'n opdracht kan ik niet uitvoeren. Ik haal alleen zinnen aan uit de artikelen van onze praktijk over rug, "
        "nek en schouder. Andere vraag over uw gezondheid? Kijk op Thuisarts.nl of bel uw huisarts."
    ),
    "practical": (
        "Dit staat niet in onze artikelen. Vraag het onze praktijk: bel, mail of kijk op onze website. "
        "Ik geef alleen informatie over rug, nek en schouder. Kunnen uw klachten niet wachten? Bel uw huisarts."
    ),
    "role_play": (
        "Ik speel geen dokter en ook niemand anders: ik ben een computer (AI). Ik geef alleen informatie over rug, "
        "nek en schouder. Wilt u persoonlijk advies? Bel uw huisarts."
    ),
    "diagnosis": (
        "Wat u hebt, kan ik niet zeggen. Ik ben geen dokter en kan u niet onderzoeken. Bel daarvoor uw huisarts. "
        "Ik geef alleen algemene informatie over rug, nek en schouder."
    ),
    "prognosis": (
        "Hoe het met u zal gaan, kan ik niet zeggen: dat is bij ieder mens anders. Vraag het uw huisarts. "
        "Ik geef alleen algemene informatie over rug, nek en schouder."
    ),
    "other_body": (
        "Hier kan ik u niet mee helpen. Ik geef alleen informatie over rug, nek en schouder. "
        "Voor andere klachten kijkt u op Thuisarts.nl of belt u uw huisarts."
    ),
    "off_topic": (
        "Hier kan ik u niet mee helpen. Ik ben een computer (AI) en geef alleen informatie over rug, nek en schouder. "
        "Vraag over uw gezondheid? Kijk op Thuisarts.nl of bel uw huisarts."
    ),
}
# Above a reply to a question in another language, in that language: the answer quotes Dutch, or there is no answer.
LANGUAGE_NOTES = {
    "en": "Our articles are in Dutch. This is what they say, word for word.",
    "de": "Unsere Artikel sind auf Niederländisch. Das steht wörtlich darin.",
    "fr": "Nos articles sont en néerlandais. Voici ce qu'ils disent, mot pour mot.",
    "tr": "Yazılarımız Hollandacadır. Aşağıda yazılanlar kelimesi kelimesine onlardan alınmıştır.",
    "pl": "Nasze artykuły są po niderlandzku. Oto dosłowne cytaty.",
    "ar": "مقالاتنا باللغة الهولندية. هذا ما ورد فيها حرفيًا.",
}
LANGUAGE_NOTES_WITHOUT_ANSWER = {
    "en": "I have no answer to this. I answer in Dutch, from our articles on back, neck and shoulder only.",
    "de": "Darauf habe ich keine Antwort. Ich antworte auf Niederländisch, nur aus unseren Artikeln über Rücken, "
    "Nacken und Schulter.",
    "fr": "Je n'ai pas de réponse. Je réponds en néerlandais, seulement d'après nos articles sur le dos, la nuque et "
    "l'épaule.",
    "tr": "Bunun yanıtı bende yok. Yalnızca sırt, boyun ve omuz hakkındaki yazılarımızdan, Hollandaca yanıt veriyorum.",
    "pl": "Nie mam na to odpowiedzi. Odpowiadam po niderlandzku, tylko na podstawie naszych artykułów o plecach, karku "
    "i barku.",
    "ar": "ليس لدي جواب على هذا. أجيب بالهولندية، من مقالاتنا عن الظهر والرقبة والكتف فقط.",
}
# Beside an alarm, for who writes in another language: what to do now. Also for a doctor to approve.
ALARM_NOTES = {
    "112": {
        "en": "Call 112 now. Do not wait.",
        "de": "Rufen Sie jetzt 112 an. Warten Sie nicht.",
        "fr": "Appelez le 112 maintenant. N'attendez pas.",
        "tr": "Hemen 112'yi arayın. Beklemeyin.",
        "pl": "Zadzwoń teraz pod 112. Nie czekaj.",
        "ar": "اتصل بالرقم 112 الآن. لا تنتظر.",
    },
    "crisis": {
        "en": "Please call one of these numbers now. There are people who can help you. In danger? Call 112.",
        "de": "Bitte rufen Sie jetzt eine dieser Nummern an. Dort hilft man Ihnen. In Gefahr? Rufen Sie 112 an.",
        "fr": "Appelez maintenant un de ces numéros. On peut vous aider. En danger ? Appelez le 112.",
        "tr": "Lütfen hemen bu numaralardan birini arayın. Size yardım edebilirler. Tehlikede misiniz? 112'yi arayın.",
        "pl": "Zadzwoń teraz pod jeden z tych numerów. Tam uzyskasz pomoc. W niebezpieczeństwie? Zadzwoń pod 112.",
        "ar": "اتصل الآن بأحد هذه الأرقام. هناك من يستطيع مساعدتك. هل أنت في خطر؟ اتصل بالرقم 112.",
    },
    "spoed": {
        "en": "See a doctor today: call your huisarts (GP) now, or the huisartsenspoedpost. Getting worse? Call 112.",
        "de": "Noch heute zum Arzt: Rufen Sie jetzt Ihren Hausarzt (huisarts) an. Wird es schlimmer? Rufen Sie 112 an.",
        "fr": "Voyez un médecin aujourd'hui : appelez votre médecin (huisarts). Cela empire ? Appelez le 112.",
        "tr": "Bugün doktora görünün: hemen aile hekiminizi (huisarts) arayın. Kötüleşiyor mu? 112'yi arayın.",
        "pl": "Idź do lekarza jeszcze dziś: zadzwoń teraz do lekarza (huisarts). Pogarsza się? Zadzwoń pod 112.",
        "ar": "راجع الطبيب اليوم: اتصل الآن بطبيبك (huisarts). هل تسوء الحالة؟ اتصل بالرقم 112.",
    },
    "huisarts": {
        "en": "Make an appointment with your huisarts (GP) within a few days. Getting worse? Call at once.",
        "de": "Gehen Sie in den nächsten Tagen zum Hausarzt (huisarts). Wird es schlimmer? Rufen Sie sofort an.",
        "fr": "Voyez votre médecin (huisarts) d'ici quelques jours. Cela empire ? Appelez tout de suite.",
        "tr": "Birkaç gün içinde aile hekiminizden (huisarts) randevu alın. Kötüleşiyor mu? Hemen arayın.",
        "pl": "Umów się w ciągu kilku dni do lekarza (huisarts). Pogarsza się? Zadzwoń od razu.",
        "ar": "خذ موعدًا مع طبيبك (huisarts) خلال أيام قليلة. هل تسوء الحالة؟ اتصل فورًا.",
    },
}
# Whenever the question is about medicines, answered or not.
MEDICINE = "Stop niet zelf met medicijnen. Overleg met uw huisarts of apotheker."

# Under an answer: questions that can be answered, and what a reviewer noted about a quoted sentence.
SUGGESTIONS = "Dit kunt u wel vragen:"
REMARK = "Let op:"
REMARK_ABOUT = "Let op bij{numbers}:"
REMARK_SOURCE = " (Bron: {source}.)"
ATTRIBUTION = "De praktijk schrijft:"

# The alarm banner, suggestions and remarks on screen. The first word of a banner, by how soon help is needed.
ALARM_SIGNS = {
    "huisarts": "Let op",
    "spoed": "Spoed",
    "crisis": "Hulp",
    "112": "Alarm",
}
# On the page, before the first question.
NOT_A_DEVICE = "Dit is informatie, geen medisch hulpmiddel. Een arts moet de lijst met alarmsignalen nog ondertekenen."

# Alarm, by level: what stands on the banner. A doctor must approve these words before a practice uses them.
ALARM_112_TITLE = "Bel nu 112"
ALARM_112 = "Wat u schrijft, kan levensgevaarlijk zijn. Wacht niet. Kunt u niet praten? Gebruik de app 112NL."
ALARM_112_BE = "Wat u schrijft, kan levensgevaarlijk zijn. Wacht niet. Kunt u niet praten? Gebruik de app 112 BE."
ALARM_SPOED_TITLE = "Bel nu uw huisarts"
ALARM_SPOED = (
    "Is die dicht? Bel de huisartsenspoedpost. Wacht niet tot morgen. Neem eerst geen massage. "
    "Wordt het snel erger? Bel 112."
)
ALARM_SPOED_BE = (
    "Is die dicht? Bel de huisarts van wacht: 1733. Wacht niet tot morgen. Neem eerst geen massage. "
    "Wordt het snel erger? Bel 112."
)
ALARM_PREGNANT_TITLE = "Bel nu uw verloskundige of het ziekenhuis"
ALARM_PREGNANT = (
    "Bel wie uw zwangerschap begeleidt, ook 's nachts en in het weekend. Bent u pas bevallen? Dan ook. "
    "Wacht niet tot morgen. Neem eerst geen massage. Wordt het snel erger? Bel 112."
)
ALARM_OVERDOSE_TITLE = "Bel nu uw huisarts of de huisartsenspoedpost"
ALARM_OVERDOSE = (
    "Zeg wat er is ingenomen, hoeveel en wanneer. Wacht niet af, ook niet als u zich goed voelt. "
    "Is iemand suf, benauwd of niet wakker te krijgen? Bel 112."
)
ALARM_OVERDOSE_TITLE_BE = "Bel nu het Antigifcentrum of uw huisarts"
ALARM_SUICIDE_TITLE = "Bel gratis 113. U hoeft dit niet alleen te dragen"
ALARM_SUICIDE = (
    "Denkt u aan zelfdoding, of iemand bij u? Bel gratis en anoniem 113 (0800-0113), dag en nacht. Of chat via 113.nl. "
    "Bent u nu in gevaar? Bel 112."
)
ALARM_SUICIDE_TITLE_BE = "Bel gratis 1813. U hoeft dit niet alleen te dragen"
ALARM_SUICIDE_BE = (
    "Denkt u aan zelfdoding, of iemand bij u? Bel gratis en anoniem de Zelfmoordlijn: 1813, dag en nacht. "
    "Of chat via zelfmoord1813.be. Bent u nu in gevaar? Bel 112."
)
ALARM_VIOLENCE_TITLE = "Bel Veilig Thuis. Niemand mag u pijn doen"
ALARM_VIOLENCE = (
    "Wordt u of iemand anders geslagen, bedreigd of tegengehouden? Bel gratis Veilig Thuis: 0800-2000, dag en nacht. "
    "Is er nu gevaar? Bel 112."
)
ALARM_VIOLENCE_TITLE_BE = "Bel 1712. Niemand mag u pijn doen"
ALARM_VIOLENCE_BE = (
    "Wordt u of iemand anders geslagen, bedreigd of tegengehouden? Bel gratis en anoniem 1712. "
    "Is er nu gevaar? Bel 112."
)
ALARM_HUISARTS_TITLE = "Ga hiermee naar uw huisarts"
ALARM_HUISARTS = "Maak binnen een paar dagen een afspraak met uw huisarts. Wordt het erger? Bel meteen."
# When an alarm of an earlier message still stands.
ALARM_AGAIN = "Wat u eerder schreef, blijft belangrijk. Hebt u al gebeld? Schrijf dat, dan praten we verder."
ALARM_ANSWERED = "Goed dat u hulp hebt gezocht. Wordt het erger of verandert er iets? Bel opnieuw."
# When it is no alarm, but could become one.
SAFETY_NET = (
    "Bel uw huisarts bij koorts, minder kracht, een doof gevoel of moeite met plassen. "
    "Doe dat ook bij steeds meer pijn, of als u zich zorgen maakt. Is er levensgevaar? Bel 112."
)
TRIAGE_FAILED = (
    "Ik kan uw bericht nu niet goed nakijken en geef daarom geen antwoord. Hebt u klachten die u zorgen geven? "
    "Bel uw huisarts of de huisartsenspoedpost. Is er levensgevaar? Bel 112. Denkt u aan zelfdoding? Bel 113."
)
# The numbers on the buttons.
CALL_112 = "Bel 112"
CALL_112_IF_WORSE = "Snel erger? Bel 112"
CALL_SPOEDPOST = "Bel de huisartsenspoedpost"
CALL_WACHT_BE = "Bel de huisarts van wacht"
CALL_113 = "Bel 113"
CALL_113_FREE = "Bel 0800-0113"
CALL_1813_BE = "Bel de Zelfmoordlijn"
CALL_VEILIG_THUIS = "Bel Veilig Thuis"
CALL_1712_BE = "Bel 1712"
CALL_POISON_BE = "Bel het Antigifcentrum"

# Before the first question.
PAGE_TITLE = "Vraag het over rug, nek en schouder"
PAGE_INTRO = "Stel uw vraag. U krijgt een kort antwoord uit de artikelen van onze praktijk, met de bron erbij."
AI_NOTICE = "U chat met een computer (AI), niet met een mens of dokter."
PRIVACY_NOTICE = "Typ geen naam, adres of BSN. Schrijf alleen wat nodig is."
CHAT_IS_NOT_KEPT = "Wij bewaren uw chat niet."
CHAT_GOES_ELSEWHERE = (
    "Een taalmodel van een ander bedrijf helpt bij het antwoord. "
    "Uw vraag gaat daarheen, met namen en adressen weggehaald."
)
CHAT_IS_KEPT = (
    "Om de chat te verbeteren bewaren wij vragen en antwoorden {days} dagen, zonder uw adres en met namen weggehaald."
)

# The chat page.
QUESTION_LABEL = "Uw vraag"
QUESTION_PLACEHOLDER = "Typ uw vraag"
SEND = "Verstuur"
STOP = "Stop"
NEW_CONVERSATION = "Nieuw gesprek"
CONVERSATION_LABEL = "Gesprek"
EXAMPLES_LABEL = "Voorbeelden"
SOURCES = "Bronnen"
STOPPED = "U hebt het antwoord gestopt."
SEARCHING = "Ik zoek in onze artikelen …"
ANSWER_LABEL = "Antwoord"
COPY_ANSWER = "Kopieer dit antwoord"
COPIED = "Gekopieerd"
LOADING = "De chat wordt geladen …"
NO_SCRIPT = "Deze chat heeft JavaScript nodig. Zet JavaScript aan in uw browser, of bel onze praktijk."
CONNECTION_LOST = "De verbinding is verbroken. Wij proberen het steeds opnieuw; de pagina gaat dan vanzelf verder."
TOO_BUSY = "Het is nu erg druk. Probeer het over een minuut nog eens."
CLOSE = "Sluiten"
QUEUE_POSITION = "In de rij: {position} van {size}"

# The widget on the practice's website: its button, by language, and what it says when the chat does not come.
WIDGET_BUTTON = {
    "nl": ("Stel een vraag over rug, nek of schouder", "Sluit de chat"),
    "en": ("Ask about back, neck or shoulder", "Close the chat"),
    "de": ("Frage zu Rücken, Nacken oder Schulter", "Chat schließen"),
    "fr": ("Une question sur le dos, la nuque ou l'épaule", "Fermer le chat"),
    "tr": ("Sırt, boyun veya omuz hakkında sorun", "Sohbeti kapat"),
    "pl": ("Zapytaj o plecy, kark lub bark", "Zamknij czat"),
    "ar": ("اسأل عن الظهر أو الرقبة أو الكتف", "أغلق الدردشة"),
}
WIDGET_NAME = "Chat over rug, nek en schouder"
WIDGET_UNREACHABLE = "De chat komt hier niet. Open hem op een eigen pagina, of bel onze praktijk."

# The panel that the widget opens.
PANEL_TITLE = "Vraag het ons"
OPEN_FULL_PAGE = "Hele pagina"
OPEN_FULL_PAGE_TITLE = "Open de chat op een eigen pagina"
CLOSE_CHAT = "Sluiten"
COPY = "Kopieer"
HELPFUL = "Hielp dit?"
YES = "Ja"
NO = "Nee"
NOT_HELPFUL_WHY = "Wat klopt er niet? U hoeft dit niet te zeggen."
NOT_HELPFUL_REASONS = {
    "wrong": "Het antwoord is niet goed",
    "other_question": "Dit vroeg ik niet",
    "unclear": "Ik begrijp het niet",
    "": "Zeg ik liever niet",
}
COMMENT_LABEL = "Wilt u er iets bij schrijven? Dat hoeft niet."
COMMENT_HINT = "Onze praktijk leest dit. Namen en adressen halen wij eruit. Na {days} dagen gooien wij het weg."
COMMENT_SEND = "Verstuur opmerking"
COMMENT_SKIP = "Nee, dank u"
THANKS = "Dank u wel."
READ_IN_ARTICLE = "Lees dit in het artikel"
ANSWER_READY = "Het antwoord is er."
ALARM_READY = "Let op: lees eerst de waarschuwing."
STILL_SEARCHING = "Het duurt langer dan anders. Een ogenblik nog …"
LOST = "De verbinding is weg, of de chat start opnieuw. Uw vraag staat er nog."
TRY_AGAIN = "Probeer opnieuw"
RESTORED = "Uw gesprek staat er nog."

# The page that shows how to put the widget on a website.
DEMO_TITLE = "De chat op uw website"
DEMO_INTRO = (
    "Zet deze ene regel in de pagina, vlak voor </body>. Rechtsonder ziet u hoe het er dan uitziet: probeer het."
)
DEMO_OPTIONS = "Wat u kunt instellen"
DEMO_OPTION_ROWS = {
    'data-position="left"': "De knop links in plaats van rechts.",
    'data-colour="#7a1f4b"': "De kleur van de knop, als CSS-kleur. De tekst wordt vanzelf zwart of wit.",
    'data-greeting="Vraag het ons"': "Woorden op de knop, naast het teken. Hoogstens 40 tekens.",
    'data-offset="24 80"': "Afstand tot de zijkant en de onderkant, in pixels.",
    'data-language="en"': "Taal van de knop: nl, en, de, fr, tr, pl of ar. De chat zelf antwoordt in het Nederlands.",
}
DEMO_PINNED = "Met een vaste versie"
DEMO_PINNED_INTRO = (
    "Met deze regel laadt de browser alleen precies dit bestand. Na een nieuwe versie van de chat blijft hij werken; "
    "haal hier dan de nieuwe regel op."
)
DEMO_POLICY = "Heeft uw website een Content-Security-Policy?"
DEMO_POLICY_INTRO = "Voeg dan dit toe. 'unsafe-inline' is niet nodig."
DEMO_ALLOWED = "Toestemming"
DEMO_ALLOWED_INTRO = (
    "De chat laat zich alleen zien op websites die de beheerder heeft opgegeven, met de instelling "
    "RUGPIJN_FRAME_ANCESTORS. Voor de hele uitleg: docs/widget.md."
)

# The page of an article.
SOURCE_BACK = "Naar de chat"
SOURCE_CITED = "De gemarkeerde tekst is aangehaald in de chat."
SOURCE_JUMP = "Ga naar de gemarkeerde tekst"
SOURCE_MARK_OPENS = "begin van de aangehaalde tekst: "
SOURCE_MARK_CLOSES = " (einde van de aangehaalde tekst)"
SOURCE_CHANGED = "Dit artikel is veranderd sinds het is aangehaald. De aangehaalde tekst staat er niet meer zo in."
SOURCE_ORIGINAL = "Lees dit artikel op onze website"
SOURCE_PUBLISHED = "Gepubliceerd op {date}"
SOURCE_REVIEWED = "Nagekeken op {date}"
SOURCE_REVIEWED_BY = "Nagekeken op {date} door {reviewer}"
SOURCE_NOT_FOUND = "Dit artikel bestaat niet (meer)."
DATE = "{day} {month} {year}"
MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)

# While the program is still starting.
STARTING = "De chat start op. Dit duurt ongeveer een kwart minuut. De pagina gaat vanzelf verder."
UNREACHABLE = "De chat is nu niet bereikbaar. Laad deze pagina zo opnieuw, of bel onze praktijk."
START_FAILED = "De chat kan nu niet starten. Probeer het later opnieuw, of bel onze praktijk."

# What went wrong, said to the visitor.
QUESTION_EMPTY = "Typ eerst een vraag."
QUESTION_TOO_LONG = "Uw vraag is te lang. Gebruik hoogstens {limit} tekens."
QUESTION_NOT_READABLE = "Wij kunnen uw vraag niet lezen. Typ hem opnieuw, zonder bijzondere tekens."
HISTORY_TOO_LONG = "Dit gesprek is te lang geworden. Begin een nieuw gesprek."
REQUEST_NOT_UNDERSTOOD = "Dit verzoek is niet goed opgebouwd: {problem}."
REQUEST_TOO_LARGE = "Dit verzoek is te groot."
PAGE_NOT_FOUND = "Deze pagina bestaat niet."
METHOD_NOT_ALLOWED = "Dit kan zo niet."
TOO_MANY_QUESTIONS = "U stelt veel vragen achter elkaar. Wacht {seconds} seconden en probeer het opnieuw."
TOO_SLOW = "Het antwoord duurt te lang. Probeer het zo nog eens."
DAY_IS_FULL = "De chat heeft vandaag al veel vragen beantwoord en stopt tot morgen. Bel gerust onze praktijk."
PAUSED = "De chat is even niet open. Probeer het later nog eens, of bel onze praktijk."
BODY_TOO_SLOW = "Uw vraag kwam niet op tijd binnen. Probeer het nog eens."
WRONG_HOST = "Dit adres hoort niet bij deze chat."
NOT_READY = "De chat start nog op. Probeer het over een paar seconden opnieuw."
STOPPING = "De chat wordt even gestopt. Probeer het over een minuut opnieuw."
SOMETHING_WRONG = "Er ging iets mis. Uw vraag is niet beantwoord. Probeer het nog eens, of bel onze praktijk."

# What exactly is wrong with a request; follows "Dit verzoek is niet goed opgebouwd: ".
NOT_JSON = "de inhoud is geen geldige JSON"
NOT_UTF8 = "de inhoud is geen UTF-8"
BODY_MISSING = "de inhoud ontbreekt"
BODY_NOT_OBJECT = "de inhoud moet een JSON-object zijn"
CONTENT_TYPE_NOT_JSON = "de kop 'Content-Type' moet 'application/json' zijn"
TWO_LENGTHS = "de lengte staat er op twee manieren in"
FIELD_MISSING = "het veld '{field}' ontbreekt"
FIELD_NOT_TEXT = "het veld '{field}' moet tekst zijn"
FIELD_NOT_LIST = "het veld '{field}' moet een lijst zijn"
FIELD_NOT_OBJECT = "het veld '{field}' moet een JSON-object zijn"
FIELD_NOT_ROLE = "het veld '{field}' moet 'user' of 'assistant' zijn"
FIELD_NOT_READABLE = "het veld '{field}' bevat tekens die niet te lezen zijn"
FIELD_WRONG = "het veld '{field}' klopt niet"

# The title above an error, by HTTP status.
PROBLEM_TITLES = {
    400: "Verzoek niet begrepen",
    404: "Niet gevonden",
    405: "Niet toegestaan",
    408: "Te traag",
    413: "Te groot",
    415: "Verkeerde soort inhoud",
    421: "Verkeerd adres",
    422: "Niet te verwerken",
    429: "Even wachten",
    500: "Er ging iets mis",
    503: "Nu niet beschikbaar",
}
PROBLEM_TITLE = "Fout"

# What the operator reads when starting the program.
LISTENING = "De chat is te openen op {url} (stoppen: Ctrl+C). Het laden duurt ongeveer een kwart minuut."
LOADED = "De chat is geladen na {seconds:.0f} seconden."
PORT_IN_USE = (
    "Poort {port} is al in gebruik. Stop het andere programma of kies een andere poort, bijvoorbeeld: --port {other}"
)
CANNOT_LISTEN = (
    "De chat kan niet luisteren op {host}, poort {port}: {reason}. Kies een ander adres of een andere poort (--port)."
)
LIMITS_ALONE = (
    "De gedeelde tellers van het aantal vragen zijn niet te bereiken. Dit proces telt zolang alleen; de chat gaat door."
)
REDIS_PACKAGE_MISSING = (
    "RUGPIJN_LIMITS noemt een Redis, en wat daarmee praat is niet geïnstalleerd. "
    'Installeer het met: .venv/bin/pip install "rugpijn-assistent[redis]"'
)
INDEX_TAKEN = "De nieuwe index is in gebruik genomen."
INDEX_NOT_TAKEN = "De nieuwe index is niet in gebruik genomen; de chat antwoordt verder uit de oude. {reason}"
INDEX_NOT_LOOKED_AT = "Er kan nu niet gekeken worden of er een nieuwe index is; de oude blijft in gebruik. {reason}"
STORE_LOST = "De chat kan nu niet bij de artikelen. Probeer het zo nog eens, of bel onze praktijk."
STORE_LAGS = "De artikelen lopen hier nu achter. Probeer het zo nog eens."
INDEX_OF_OTHER_MODEL = "hij is gemaakt met het taalmodel '{found}', ingesteld is '{expected}'."

# The description of the HTTP API, for web developers.
API_TITLE = "Rugpijn-assistent"
API_DESCRIPTION = "Beantwoordt vragen over rug, nek en schouder uit de artikelen van de praktijk, met bronvermelding."
API_ASK = "Stel een vraag"
API_STREAM = "Stel een vraag en krijg het antwoord in delen"
API_STREAM_EVENTS = (
    "Het antwoord komt in delen, als 'server-sent events'. Eerst 'triage': is dit een alarm? Dan per zin 'sentence'. "
    "Tot slot 'done', met het hele antwoord. Gaat het onderweg mis, dan is 'error' het laatste, met een 'problem'."
)
API_FEEDBACK = "Zeg of een antwoord hielp"
API_EXAMPLE = "Wat helpt tegen lage rugpijn?"
API_HEALTH = "Draait het programma?"
API_READY = "Is alles geladen?"
API_NEEDS_SCRIPT = "Deze pagina heeft JavaScript nodig. De beschrijving zelf staat in openapi.json."
API_RETRY_AFTER = "Over zoveel seconden kan het opnieuw."
API_REFUSED = "Geweigerd of mislukt; 'detail' zegt in gewone taal waarom."

# In conversations that are kept: what stands instead of what would say who somebody is.
MASKS = {
    "bsn": "[bsn]",
    "iban": "[rekening]",
    "email": "[e-mail]",
    "phone": "[telefoon]",
    "name": "[naam]",
    "address": "[adres]",
    "place": "[plaats]",
    "date": "[datum]",
    "link": "[link]",
    "number": "[nummer]",
}

# What the operator reads about what is kept: feedback, and conversations if that was asked for.
RECORDS_LOST = "Wat bezoekers vragen of vinden, wordt nu niet bewaard: {why}. Antwoorden gaan gewoon door."
RECORDS_TOO_MANY = "het komt sneller binnen dan het weggeschreven kan worden"
RECORDS_UNFINISHED = "het programma stopt terwijl er nog op de database of een ander programma wordt gewacht"
RECORDS_NOT_ANONYMOUS = "namen en adressen konden er niet uit worden gehaald"
RECORDS_NOT_PREPARED = "Gesprekken worden niet bewaard, want het weghalen van namen en adressen start niet: {why}."
RECORDS_NOT_CLEANED = "Oude gesprekken konden nu niet worden verwijderd: {why}. Het wordt steeds opnieuw geprobeerd."
RECORDS_NEWER = (
    "{where} is van een nieuwere versie van dit programma ({found}; deze versie kent tot en met {known}). "
    "Zet de nieuwere versie terug, of {mend}."
)
RECORDS_FILE = "Het bestand {path}"
RECORDS_OTHER_FILE = "kies een ander bestand met RUGPIJN_RECORDS_FILE"
RECORDS_DATABASE = "Wat er bewaard is in de database {where}"
RECORDS_OTHER_DATABASE = "kies een andere database met RUGPIJN_STORE"
RECORDS_DATABASE_UNUSABLE = (
    "In de database {where} kan nu niets worden bewaard of gelezen: {reason}. Controleer of PostgreSQL draait. "
    "Controleer ook het adres in RUGPIJN_STORE, en of die gebruiker tabellen mag maken."
)
FILE_UNUSABLE = (
    "Het bestand {path} kan niet worden gebruikt: {reason}. Controleer het pad, de schrijfrechten en de schijfruimte."
)
RECORDS_NONE = "Er is nog niets bewaard: {where} is er niet."
RECORDS_NOT_SCRUBBED = (
    "De gesprekken zijn verwijderd, maar een ander programma houdt {where} open, zodat resten leesbaar blijven. "
    "Sluit dat programma; de chat ruimt de resten binnen een uur zelf op."
)
BACKUP_EXISTS = "{path} bestaat al. Kies een andere naam voor de kopie."
PRIVACY_PACKAGE_MISSING = (
    "Gesprekken bewaren (RUGPIJN_KEEP_CONVERSATIONS_DAYS) kan alleen zonder namen en adressen. "
    "Voor een taalmodel buiten uw netwerk (RUGPIJN_LLM) geldt hetzelfde. "
    "Wat namen en adressen weghaalt, is niet geïnstalleerd. "
    'Installeer het met: .venv/bin/pip install "rugpijn-assistent[privacy]"'
)

# The command line.
STARTING_SHORT = "De assistent start op …"
PAUSED_NOW = "De chat staat stil; 'rugpijn resume' zet hem weer aan. Bezoekers lezen nu: {notice}"
RESUMED_NOW = "De chat antwoordt weer."
NOT_PAUSED = "De chat stond niet stil."
RECORDS_KEPT = "Bewaarde gesprekken (een vraag en een antwoord): {exchanges}. Oordelen: {ratings}."
RECORDS_DELETED = "Aantal verwijderde gesprekken: {count}."
RECORDS_NO_SUCH = "Er is geen gesprek met nummer {number}."
WHY_OR_JSON = "Kies --why of --json; samen kan niet."
RECORDS_WHICH = "Geef het nummer van één gesprek, of --all voor alle gesprekken."
BACKUP_MADE = "De kopie staat in {path}. Wat daarin staat, blijft tot u de kopie zelf weggooit."
