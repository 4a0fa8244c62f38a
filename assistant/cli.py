"""The command ``rugpijn``: build the index, ask on the command line, serve the chat and the staff console."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from assistant import texts
from assistant.errors import AssistantError
from assistant.question import clean_question
from assistant.records.errors import NoSuchRecordError
from assistant.records.operate import usable
from assistant.records.place import place_of
from assistant.settings import Settings
from assistant.terminal import converse, show, show_markdown
from assistant.web.pause import PauseSwitch
from ingest.cli import ingest, ingest_worker
from ingest.errors import IngestError

if TYPE_CHECKING:
    from assistant.reply import Assistant

app = typer.Typer(
    help="Chatassistent over rug-, nek- en schouderpijn, die antwoordt uit de artikelen van de praktijk.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(ingest)
app.command()(ingest_worker)
records = typer.Typer(
    help="Bekijk, verwijder of kopieer wat er van vragen en oordelen is bewaard.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(records, name="records")

console = Console()
errors = Console(stderr=True)

Host = Annotated[str | None, typer.Option(help="Adres waarop de chat luistert; 0.0.0.0 voor het hele netwerk.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Poort waarop de chat luistert; standaard 7860.")]
NoRateLimit = Annotated[bool, typer.Option("--no-rate-limit", help="Geen grens aan het aantal vragen (om te testen).")]


@app.command()
def serve(host: Host = None, port: Port = None, no_rate_limit: NoRateLimit = False) -> None:
    """Start de chat: de pagina, de bronnen en de API. Stoppen kan met Ctrl+C."""
    given = {"host": host, "port": port, "rate_limit": False if no_rate_limit else None}
    with complaints():
        from assistant.web.server import serve as serve_until_stopped

        serve_until_stopped(
            Settings.read().model_copy(update={name: value for name, value in given.items() if value is not None})
        )


@app.command()
def staff(
    host: Annotated[str | None, typer.Option(help="Adres waarop het beheer luistert.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Poort ervan; standaard 7861.")] = None,
) -> None:
    """Start het beheer: antwoorden nakijken, artikelen schrijven, testvragen bewaren. Stoppen kan met Ctrl+C."""
    given = {"staff_host": host, "staff_port": port}
    with complaints():
        from assistant.staff.server import serve as serve_staff

        serve_staff(
            Settings.read().model_copy(update={name: value for name, value in given.items() if value is not None})
        )


@app.command("staff-password")
def staff_password() -> None:
    """Maak van een wachtwoord de regel voor .env waaraan het beheer het herkent."""
    from assistant.staff import texts as staff_texts
    from assistant.staff.passwords import PasswordsDifferError, hash_password

    with complaints():
        password = typer.prompt(staff_texts.PASSWORD_PROMPT, hide_input=True, err=True)
        if typer.prompt(staff_texts.PASSWORD_REPEAT, hide_input=True, err=True) != password:
            raise PasswordsDifferError
        hashed = hash_password(password)
    errors.print(staff_texts.PASSWORD_MADE, soft_wrap=True)
    sys.stdout.write(f"RUGPIJN_STAFF_PASSWORD_HASH='{hashed}'\n")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="De vraag, tussen aanhalingstekens.")],
    as_json: Annotated[bool, typer.Option("--json", help="Geef het antwoord als JSON, zoals de API.")] = False,
    with_reasons: Annotated[bool, typer.Option("--why", help="Leg ook uit waarom dit het antwoord is.")] = False,
) -> None:
    """Stel één vraag en lees het antwoord met de bronnen."""
    if with_reasons and as_json:
        raise typer.BadParameter(texts.WHY_OR_JSON)
    with complaints():
        settings = Settings.read()
        # A question that cannot be taken is refused before the model is loaded, which takes seconds.
        clean_question(question, settings.max_question_chars)
        from assistant.explain import explain

        explained = explain(_assistant(settings), question)
    answer = explained.answer
    if as_json:
        from assistant.web.bodies import AskResponse

        sys.stdout.write(
            json.dumps(AskResponse.of(answer).model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"
        )
    else:
        show(answer, console)
    if with_reasons:
        from assistant.staff.why import verdict, why

        show_markdown(f"{verdict(explained)}\n\n{why(explained)}", console)


@app.command()
def chat() -> None:
    """Stel vragen achter elkaar. Stoppen kan met Ctrl+D of een lege regel."""
    with complaints():
        assistant = _assistant(Settings.read())
    console.print(texts.AI_NOTICE, texts.PRIVACY_NOTICE, texts.CHAT_IS_NOT_KEPT, texts.NOT_A_DEVICE, style="dim")
    converse(assistant.reply, _questions(), console)


@app.command()
def calibrate() -> None:
    """Stel af wanneer de chat genoeg weet om te antwoorden. Nodig na een ander taalmodel."""
    with complaints():
        from assistant.evaluation.calibrate import calibrate_and_save

        paths = calibrate_and_save(Settings.read())
    console.print(f"Klaar. De afstelling staat in {' en '.join(paths)}.", soft_wrap=True)


@app.command()
def pause(
    notice: Annotated[str, typer.Argument(help="Wat bezoekers dan lezen; zonder tekst een gewone melding.")] = "",
) -> None:
    """Zet de chat stil. Bezoekers lezen een melding; de pagina blijft bereikbaar."""
    with complaints():
        path = Settings.read().pause_file
        with usable(path):
            PauseSwitch(path).pause(notice)
        said = PauseSwitch(path).notice
    console.print(texts.PAUSED_NOW.format(notice=said), markup=False, highlight=False, soft_wrap=True)


@app.command()
def resume() -> None:
    """Laat de chat weer antwoorden, na 'pause'."""
    with complaints():
        path = Settings.read().pause_file
        was_paused = bool(PauseSwitch(path).notice)
        with usable(path):
            PauseSwitch(path).resume()
    console.print(texts.RESUMED_NOW if was_paused else texts.NOT_PAUSED)


@records.command("show")
def show_records(
    last: Annotated[int, typer.Option("--last", min=0, help="Hoeveel van de laatste gesprekken.")] = 20,
) -> None:
    """Toon hoeveel er is bewaard, en van de laatste gesprekken het nummer, de tijd en de vraag."""
    with complaints():
        with place_of(Settings.read()).opened() as store:
            kept, latest = store.count(), store.latest(last)
    console.print(texts.RECORDS_KEPT.format(exchanges=kept.exchanges, ratings=kept.ratings), highlight=False)
    for number, exchange in latest:
        moment = datetime.fromtimestamp(exchange.at)
        line = f"{number}  {moment:%d-%m-%Y %H:%M}  {exchange.question}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)


@records.command("delete")
def delete_records(
    number: Annotated[int | None, typer.Argument(help="Het nummer van één gesprek; 'records show' noemt ze.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Verwijder alle gesprekken.")] = False,
) -> None:
    """Verwijder één gesprek of alle gesprekken, ook uit het bestand zelf. Van oordelen gaat de tekst weg."""
    if every is (number is not None):
        raise typer.BadParameter(texts.RECORDS_WHICH)
    with complaints():
        place = place_of(Settings.read())
        if number is None:
            count = place.delete_all()
        else:
            with place.opened() as store:
                count = store.forget(number)
            if not count:
                raise NoSuchRecordError(number)
    console.print(texts.RECORDS_DELETED.format(count=count), highlight=False)


@records.command("backup")
def back_up_records(path: Annotated[Path, typer.Argument(help="Het bestand dat gemaakt wordt.")]) -> None:
    """Maak een kopie, ook terwijl de chat draait. Wat in een kopie staat, verdwijnt niet vanzelf."""
    with complaints():
        with place_of(Settings.read()).opened() as store, usable(path):
            store.backup(path)
    console.print(texts.BACKUP_MADE.format(path=path), markup=False, highlight=False, soft_wrap=True)


def _assistant(settings: Settings) -> "Assistant":
    with console.status(texts.STARTING_SHORT):
        from assistant.parts import build_assistant
        from assistant.records import deidentifier

        return build_assistant(settings, hiding=lambda: deidentifier()())


def _questions() -> Iterator[str]:
    while True:
        try:
            question = console.input(f"\n[bold]{texts.QUESTION_LABEL}:[/bold] ")
        except (EOFError, KeyboardInterrupt):
            return
        if not question.strip():
            return
        yield question


@contextmanager
def complaints() -> Iterator[None]:
    """What staff can mend is said in one line, without a traceback."""
    try:
        yield
    except (IngestError, AssistantError) as error:
        errors.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
