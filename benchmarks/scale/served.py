"""A store of one size behind the chat as an operator starts it: one visitor, and two hundred on several processes."""

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPConnection

import psutil

from assistant.evaluation.questions import AnswerableQuestion, Half, Question, all_questions
from benchmarks.asking import ask
from benchmarks.load_clients import Door, Plan, Sample
from benchmarks.load_figures import percentile
from benchmarks.scale.place import Place
from benchmarks.scale.results import Answering, Serving
from benchmarks.served import HOST, Served, served
from benchmarks.visits import conversations
from benchmarks.watch import cpu_seconds, own_megabytes, watching

_WARM_UP = 20
_HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Course:
    """``questions`` of the report half (0: all); ``visitors`` come in over ``arrival_seconds``, ask for ``seconds``."""

    questions: int = 0
    visitors: int = 200
    arrival_seconds: float = 10
    seconds: float = 40


@dataclass
class _Said:
    """Milliseconds of replies, and how they were."""

    milliseconds: list[float] = field(default_factory=list)
    gold: list[bool] = field(default_factory=list)
    refused: list[bool] = field(default_factory=list)


def answer(place: Place, passages: int, course: Course) -> Answering:
    """The development questions over HTTP, one after the other."""
    questions = _spread(all_questions(Half.REPORT), course.questions)
    start = time.perf_counter()
    with served(**place.environment) as chat:
        ready = time.perf_counter() - start
        _asked(chat, all_questions(Half.TUNE)[:_WARM_UP])
        database = [place.server] if place.server else []
        theirs = cpu_seconds(*database)
        with watching(chat.process, psutil.Process(), *database) as taken:
            cpu = chat.cpu_seconds
            said = _asked(chat, questions)
            cpu = chat.cpu_seconds - cpu
        return Answering(
            store=place.store,
            passages=passages,
            measured_on=date.today().isoformat(),
            other_cores=taken.other_cores,
            questions=len(questions),
            p50=percentile(said.milliseconds, 50),
            p95=percentile(said.milliseconds, 95),
            gold=sum(said.gold) / max(1, len(said.gold)),
            refused=sum(said.refused) / max(1, len(said.refused)),
            ready_seconds=ready,
            own_megabytes=own_megabytes(chat.process),
            resident_megabytes=chat.megabytes,
            database_megabytes=place.database_megabytes(),
            cpu_ms=cpu * 1000 / len(questions),
            database_cpu_ms=(cpu_seconds(*database) - theirs) * 1000 / len(questions),
        )


def serve(place: Place, passages: int, processes: int, course: Course) -> Serving:
    """The visitors are shared out evenly, without a proxy between."""
    with _several(place, processes) as chats, ThreadPoolExecutor(processes) as threads:
        watched = [psutil.Process(), *(chat.process for chat in chats)]
        database = [place.server] if place.server else []
        theirs, own = cpu_seconds(*database), sum(chat.cpu_seconds for chat in chats)
        with watching(*watched, *database) as taken:
            outcomes = list(threads.map(lambda chat: ask(_plan(chat, course, processes)), chats))
        own, theirs = sum(chat.cpu_seconds for chat in chats) - own, cpu_seconds(*database) - theirs
    samples = [sample for outcome in outcomes for sample in outcome.samples]
    good = [sample for sample in samples if not sample.error]
    counted = [each for each in good if course.arrival_seconds <= each.asked]
    ended = [each for each in good if course.arrival_seconds <= each.ended <= course.seconds]
    return Serving(
        store=place.store,
        passages=passages,
        measured_on=date.today().isoformat(),
        other_cores=taken.other_cores,
        processes=processes,
        visitors=course.visitors,
        answers_per_second=len(ended) / (course.seconds - course.arrival_seconds),
        p50=_first_ms(counted, 50),
        p95=_first_ms(counted, 95),
        errors=len(samples) - len(good),
        server_cpu_ms=own * 1000 / max(1, len(good)),
        database_cpu_ms=theirs * 1000 / max(1, len(good)),
    )


def _first_ms(samples: Sequence[Sample], percent: float) -> float:
    return percentile([sample.first - sample.asked for sample in samples], percent) * 1000


@contextmanager
def _several(place: Place, processes: int) -> Iterator[list[Served]]:
    with ExitStack() as stack:
        yield [stack.enter_context(served(**place.environment)) for _ in range(processes)]


def _plan(chat: Served, course: Course, processes: int) -> Plan:
    return Plan(
        door=Door.STREAM,
        host=HOST,
        port=chat.port,
        visitors=course.visitors // processes,
        arrival_seconds=course.arrival_seconds,
        seconds=course.seconds,
        conversations=conversations(),
        failures=(),
        searching="",
    )


def _asked(chat: Served, questions: Sequence[Question]) -> _Said:
    said = _Said()
    connection = HTTPConnection(HOST, chat.port, timeout=60)
    for question in questions:
        body = json.dumps({"question": question.question}).encode()
        start = time.perf_counter()
        connection.request("POST", "/api/ask", body, _HEADERS)
        reply = json.loads(connection.getresponse().read())
        said.milliseconds.append((time.perf_counter() - start) * 1000)
        text = " ".join(" ".join(each["text"] for each in reply["sentences"]).split())
        if isinstance(question, AnswerableQuestion):
            said.gold.append(any(" ".join(quote.split()) in text for quote in question.gold))
        else:
            said.refused.append(reply["kind"] != "answered")
    connection.close()
    return said


def _spread(questions: Sequence[Question], most: int) -> Sequence[Question]:
    return questions[:: max(1, len(questions) // most)][:most] if most else questions
