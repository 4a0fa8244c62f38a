"""Several processes behind each proxy, restarted one by one while visitors ask on: every question is answered."""

import json
import os
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from proxies import DEPLOY, NAME, PROXIES, Proxy, running_proxy
from server_process import ServerProcess, fake_server, free_port

QUESTION = {"question": "Wat helpt?"}
VISITORS = 4
DRAIN_SECONDS = 3.0
# nginx puts a question to another process at once; Caddy asks every second who is ready.
SECONDS_TO_NOTICE = {"nginx": 0.0, "caddy": 3.0}


@dataclass
class Processes:
    """Two, on ports that stay theirs."""

    folder: Path
    ports: tuple[int, int]
    stacks: dict[int, ExitStack]
    running: dict[int, ServerProcess]

    def start(self, port: int) -> None:
        self.stacks[port] = ExitStack()
        settings = {"public_hosts": [NAME], "drain_seconds": DRAIN_SECONDS}
        self.running[port] = self.stacks[port].enter_context(fake_server(self.folder, port, **settings))

    def restart(self, port: int) -> None:
        self.running[port].terminate()
        assert self.running[port].ends_within(30) == 0
        self.stacks[port].close()
        self.start(port)

    def close(self) -> None:
        for stack in self.stacks.values():
            stack.close()


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    two = Processes(tmp_path_factory.mktemp("app"), (free_port(), free_port()), {}, {})
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(two.start, two.ports))
        yield two
    finally:
        two.close()


@pytest.fixture(params=PROXIES)
def proxy(request: pytest.FixtureRequest, processes: Processes, tmp_path: Path) -> Iterator[Proxy]:
    with running_proxy(request.param, tmp_path, *processes.ports) as proxy:
        yield proxy


def keep_asking(proxy: Proxy, number: int, until: threading.Event, connection: str) -> list[str]:
    """How each question fared: "answered", or what went wrong."""
    fates = []
    with proxy.client(60 + number) as visitor:
        visitor.headers["Connection"] = connection
        while not until.is_set():
            try:
                with visitor.stream("POST", "/api/ask/stream", json=QUESTION) as response:
                    text = response.read().decode()
                fates.append("answered" if "event: done" in text else f"{response.status_code} {text[:200]}")
            except httpx.TransportError as error:
                fates.append(repr(error))
            time.sleep(0.02)
    return fates


def fates_while(proxy: Proxy, work: Callable[[], None], connection: str = "keep-alive") -> Counter[str]:
    """Of the questions that visitors ask without end until ``work`` is done."""
    over = threading.Event()
    with ThreadPoolExecutor(VISITORS) as pool:
        asking = [pool.submit(keep_asking, proxy, number, over, connection) for number in range(VISITORS)]
        try:
            work()
        finally:
            over.set()
        return Counter(fate for each in asking for fate in each.result())


@pytest.mark.server
def test_a_rolling_restart_loses_no_answer(processes: Processes, proxy: Proxy) -> None:
    def restart_all() -> None:
        for port in processes.ports:
            processes.restart(port)
            time.sleep(3.0)  # for the proxy to find it ready

    fates = fates_while(proxy, restart_all)
    assert set(fates) == {"answered"}
    assert fates["answered"] > 100


# What systemd does, but for the restart itself: that is asked of the test, by a file.
SYSTEMCTL = """#!/bin/sh
case $1 in
    reload) kill -HUP "$(cat "$FOLDER/nginx.pid")" ;;
    restart) touch "$FOLDER/${2#rugpijn@}"; while [ -e "$FOLDER/${2#rugpijn@}" ]; do sleep 0.1; done ;;
esac
"""


@pytest.mark.server
def test_the_script_restarts_one_by_one_behind_nginx_and_leaves_the_list_as_it_was(
    processes: Processes, tmp_path: Path
) -> None:
    (tmp_path / "systemctl").write_text(SYSTEMCTL)
    (tmp_path / "systemctl").chmod(0o755)
    with running_proxy("nginx", tmp_path, *processes.ports) as proxy:
        site = tmp_path / "rugpijn.conf"
        before = site.read_text()

        def run() -> None:
            own = {
                "FOLDER": str(tmp_path),
                "SITE": str(site),
                "NGINX_OPTIONS": f"-p {tmp_path} -c {tmp_path}/nginx.conf",
            }
            path = f"{tmp_path}:{os.environ['PATH']}:/usr/sbin"
            command = ["bash", DEPLOY / "restart-one-by-one.sh", *map(str, processes.ports)]
            script = subprocess.Popen(command, env=os.environ | own | {"PATH": path})
            while script.poll() is None:
                for port in processes.ports:
                    if (tmp_path / str(port)).exists():
                        assert site.read_text().count(f"server 127.0.0.1:{port} down;") == 2
                        processes.restart(port)
                        (tmp_path / str(port)).unlink()
                time.sleep(0.05)
            assert script.returncode == 0

        # With a connection each: nginx closes idle ones when it reloads, and this client does not ask again by itself.
        fates = fates_while(proxy, run, "close")
    assert set(fates) == {"answered"}
    assert site.read_text() == before


@pytest.mark.server
def test_a_process_that_is_killed_is_passed_over(processes: Processes, proxy: Proxy) -> None:
    first, _ = processes.ports
    processes.running[first].process.kill()
    processes.running[first].process.wait()
    time.sleep(SECONDS_TO_NOTICE[proxy.name])
    with proxy.client(70) as visitor:
        statuses = [visitor.post("/api/ask", json=QUESTION).status_code for _ in range(10)]
    processes.stacks[first].close()
    processes.start(first)
    assert statuses == [200] * 10


@pytest.mark.server
def test_a_page_gets_its_answer_from_the_process_that_was_asked(proxy: Proxy) -> None:
    with proxy.client(71) as visitor:
        config = visitor.get("/config").json()
        event = next(each for each in config["dependencies"] if each["api_name"] == "on_ask")
        for number in range(6):
            session = f"bezoek{number}"
            joining = {"data": ["Wat helpt?", None], "fn_index": event["id"], "session_hash": session}
            visitor.post("/gradio_api/queue/join", json=joining).raise_for_status()
            came = []
            with visitor.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as response:
                for line in response.iter_lines():
                    if line.startswith("data: "):
                        came.append(json.loads(line.removeprefix("data: "))["msg"])
            assert "process_completed" in came


@pytest.mark.server
def test_who_is_told_to_stop_says_so_first_and_answers_meanwhile(tmp_path: Path) -> None:
    with fake_server(tmp_path, drain_seconds=DRAIN_SECONDS) as server:
        server.terminate()
        begun = time.monotonic()
        time.sleep(0.3)
        assert httpx.get(f"{server.url}/ready").status_code == 503
        assert httpx.get(f"{server.url}/health").status_code == 200
        assert httpx.post(f"{server.url}/api/ask", json=QUESTION).status_code == 200
        assert server.ends_within(30) == 0
        assert time.monotonic() - begun >= DRAIN_SECONDS
