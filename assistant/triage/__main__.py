"""``python -m assistant.triage "…"``: what the rules see in a message, and why they raise an alarm or not."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.answer import Alarm
from assistant.errors import AssistantError
from assistant.language.context import Person, Status
from assistant.question import legible
from assistant.settings import Settings
from assistant.triage.alarm import Helplines, alarm
from assistant.triage.assess import Assessor
from assistant.triage.judge import Raised, Triage
from assistant.triage.reading import Sighting
from assistant.triage.rulebook import Rulebook, load_rulebook
from ingest.errors import IngestError

_STATUS = {
    Status.PRESENT: "telt",
    Status.NEGATED: "ontkend",
    Status.PAST: "voorbij",
    Status.GENERAL: "algemene vraag",
}
_PERSON = {Person.SELF: "zelf", Person.OTHER: "een ander", Person.UNKNOWN: "?"}

console = Console()


def explain(
    messages: Annotated[list[str], typer.Argument(help="De berichten van één bezoeker, het laatste achteraan.")],
    rules_only: Annotated[
        bool, typer.Option("--rules-only", help="Sla de tweede blik over; dan is het sneller.")
    ] = False,
) -> None:
    """Leg uit wat de alarmregels in een bericht zien."""
    try:
        settings = Settings.read()
        rules = load_rulebook()
        found = _assessor(rules, settings, rules_only).assess([legible(message) for message in messages])
    except (AssistantError, IngestError) as error:
        console.print(f"{error}", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
    console.print(_sightings(found, rules) if found.sightings else "In het laatste bericht is niets gevonden.")
    console.print(_findings(found))
    for raised in found.raised:
        console.print(_reason(raised))
    _print_outcome(found, alarm(found, Helplines(settings.country, settings.spoedpost)))
    if not rules.is_signed:
        console.print("Deze regels zijn nog niet door een arts ondertekend.", style="yellow")


def _assessor(rules: Rulebook, settings: Settings, rules_only: bool) -> Assessor:
    if rules_only:
        return Assessor(rules)
    from ingest.embed import SentenceTransformerEmbedder

    embedder = SentenceTransformerEmbedder(settings.embedding_model)
    return Assessor.load(rules, settings.second_opinion_file, embedder.name, embedder.query)


def _sightings(found: Triage, rules: Rulebook) -> Table:
    table = Table("bevinding", "plaats", "woorden", "oordeel", "door", "van", title="Het laatste bericht")
    for sighting in sorted(found.sightings, key=lambda each: (each.start, each.finding)):
        table.add_row(
            Text(f"{sighting.finding}: {rules.findings[sighting.finding].name}"),
            f"{sighting.start}–{sighting.end}",
            Text(sighting.words),
            _STATUS[sighting.status],
            Text(_because(sighting)),
            _PERSON[sighting.person],
        )
    return table


def _because(sighting: Sighting) -> str:
    return f"“{sighting.cue_words}”" if sighting.cue_words else ""


def _findings(found: Triage) -> Text:
    names = ", ".join(sorted(found.findings)) or "niets"
    return Text(f"Wat nu geldt, uit alle berichten samen: {names}")


def _reason(raised: Raised) -> Text:
    flag = raised.flag
    if raised.certainty is not None:
        why = f"tweede blik: {raised.certainty:.0%} zeker dat dit op een alarm lijkt"
    else:
        why = f"regel: {raised.combination}"
    signed = f"nagekeken door {flag.reviewed_by}" if flag.reviewed_by else "nog niet nagekeken door een arts"
    return Text(f"{raised.level}: {flag.id}, {flag.name} ({why}; bron: {flag.source}; {signed})")


def _print_outcome(found: Triage, banner: Alarm | None) -> None:
    if banner is not None:
        console.print(Text(f"Niveau: {banner.urgency}. De bezoeker leest: {banner.title}"), style="bold")
    elif found.was_answered:
        console.print("Geen alarm meer: de bezoeker schrijft dat er hulp is.", style="bold")
    elif found.needs_safety_net:
        console.print("Geen alarm, wel de zin die zegt wanneer te bellen.", style="bold")
    else:
        console.print("Geen alarm.", style="bold")


if __name__ == "__main__":
    typer.run(explain)
