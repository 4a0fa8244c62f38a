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
NOT_FOUND_SUGGESTIONS = "Hier kan ik wel iets over vertellen:"

# Before the first question.
PAGE_TITLE = "Vraag het over rug, nek en schouder"
PAGE_INTRO = "Stel uw vraag. U krijgt een kort antwoord uit de artikelen van onze praktijk, met de bron erbij."
AI_NOTICE = "U chat met een computer (AI), niet met een mens of dokter."
PRIVACY_NOTICE = "Typ geen naam, adres of BSN. Schrijf alleen wat nodig is. Wij bewaren uw chat niet."

# The chat page.
QUESTION_LABEL = "Uw vraag"
QUESTION_PLACEHOLDER = "Bijvoorbeeld: wat helpt tegen lage rugpijn?"
SEND = "Verstuur"
STOP = "Stop"
NEW_CONVERSATION = "Nieuw gesprek"
CONVERSATION_LABEL = "Gesprek"
EXAMPLES_LABEL = "Voorbeelden"
SOURCES = "Bronnen"
STOPPED = "U hebt het antwoord gestopt."

# The page of an article.
SOURCE_BACK = "Naar de chat"
SOURCE_CITED = "De gemarkeerde tekst is aangehaald in de chat."
SOURCE_CHANGED = "Dit artikel is veranderd sinds het is aangehaald. De aangehaalde tekst staat er niet meer zo in."
SOURCE_ORIGINAL = "Lees dit artikel op onze website"
SOURCE_PUBLISHED = "Gepubliceerd op {date}"
SOURCE_REVIEWED = "Nagekeken op {date}"
SOURCE_REVIEWED_BY = "Nagekeken op {date} door {reviewer}"
SOURCE_NOT_FOUND = "Dit artikel bestaat niet (meer)."

# While the program is still starting.
STARTING = "De chat start op. Dit duurt ongeveer een kwart minuut. De pagina gaat vanzelf verder."

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
NOT_READY = "De chat start nog op. Probeer het over een paar seconden opnieuw."
SOMETHING_WRONG = "Er ging iets mis. Uw vraag is niet beantwoord. Probeer het nog eens, of bel onze praktijk."
