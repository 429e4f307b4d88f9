"""Pages of a running server with four clients at once, beside /healthz in the same run."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from itertools import count
from urllib.parse import urlencode

import psutil

from service.config import Settings
from service.demo import LOGINS
from tests.bench.measures import Measured

CLIENTS = 4
SECONDS = 6.0
# Before it counts, each page is asked for so long that every process has compiled it.
WARM_SECONDS = 1.5
# /healthz is asked before and after each page, as other work on the machine comes and goes.
BESIDE_SECONDS = 2.0
_START_SECONDS = 60
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_NUMBERS = count(1)


class _Fields(HTMLParser):
    """The fields of a page's forms with the values they have."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in self.values:
                self.values[self._select] = given.get("value", "")
        elif tag in ("input", "textarea") and name:
            ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if ticked:
                self.values.setdefault(name, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


class Client:
    """A browser of one person: one connection, its cookies, and no more."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of an answer; redirections are not followed."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = urlencode(fields) if fields is not None else None
        answer = self._answer(method, path, body, headers | (_FORM if body else {}))
        text = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.split(";")[0].partition("=")
            self.cookies[name] = value
        self.location = answer.headers.get("Location", "")
        return answer.status, text

    def _answer(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> HTTPResponse:
        """The server closes a connection that was idle for some seconds: then a new one."""
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()

    def log_in(self, username: str) -> None:
        """Log in by the form."""
        password = next(one.password for one in LOGINS if one.username == username)
        fields = self.fields("/login") | {"username": username, "password": password}
        status, _ = self.ask("POST", "/login", fields)
        if status not in (302, 303):
            raise RuntimeError(f"log-in answered {status}")

    def fields(self, path: str) -> dict[str, str]:
        """The fields of the forms on a page."""
        status, text = self.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        found = _Fields()
        found.feed(text)
        return found.values


@contextmanager
def server(settings: Settings) -> Iterator[tuple[int, psutil.Process]]:
    """The web server of an installation: a free port of this machine, and its first process."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name[:5] != "ANQI_"}
    environment |= {
        "ANQI_DATA": str(settings.data_dir),
        "ANQI_PORT": str(port),
        "ANQI_DEMO": "1",
        "ANQI_LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-c", "from service.cli import main; main(['serve'])"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port, psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            if Client(port).ask("GET", "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"the server did not answer within {_START_SECONDS} seconds")


def run(settings: Settings) -> list[Measured]:
    """Requests a second and the time in which 95 of 100 are answered, for each page."""
    with server(settings) as (port, process):
        clients = [Client(port) for _ in range(CLIENTS)]
        for client in clients:
            client.log_in("director")
        number = _case_number(clients[0])
        forms = {client: client.fields("/register/mediation") for client in clients}
        pages: dict[str, Callable[[Client], int]] = {
            "/healthz": lambda client: client.ask("GET", "/healthz")[0],
            "list of cases": lambda client: client.ask("GET", "/cases")[0],
            "list, overdue": lambda client: client.ask("GET", "/cases?due=overdue")[0],
            "case": lambda client: client.ask("GET", f"/cases/{number}")[0],
            "report": lambda client: client.ask("GET", "/reports?month=2026-10")[0],
            "registering": lambda client: _register(client, forms[client]),
        }
        for page in pages.values():
            _measured(clients, page, WARM_SECONDS)
        rows = list(_plain_rows(_measured(clients, pages["/healthz"])))
        for name, page in list(pages.items())[1:]:
            before = _spent(process, clients, pages["/healthz"], BESIDE_SECONDS)
            found = _spent(process, clients, page, SECONDS)
            after = _spent(process, clients, pages["/healthz"], BESIDE_SECONDS)
            rows += _rows(name, found, [(x + y) / 2 for x, y in zip(before, after, strict=True)])
        return rows


def _spent(
    process: psutil.Process,
    clients: list[Client],
    page: Callable[[Client], int],
    seconds: float,
) -> tuple[float, float, float]:
    """As `_measured`, and the milliseconds of processor time the server spent on a request."""
    began, started = time.monotonic(), _processor_time(process)
    speed, p95 = _measured(clients, page, seconds)
    requests = speed * (time.monotonic() - began)
    return speed, p95, (_processor_time(process) - started) / requests * 1000


def _processor_time(process: psutil.Process) -> float:
    every = [process, *process.children(recursive=True)]
    times = [one.cpu_times() for one in every]
    return sum(one.user + one.system for one in times)


def _plain_rows(found: Sequence[float]) -> Iterator[Measured]:
    yield Measured("web", "/healthz: requests", found[0], "requests/s")
    yield Measured("web", "/healthz: p95", found[1], "ms")


def _rows(name: str, found: Sequence[float], plain: Sequence[float]) -> Iterator[Measured]:
    """Requests a second and p95 of a page, and both beside /healthz just before and after."""
    yield Measured("web", f"{name}: requests", found[0], "requests/s")
    yield Measured("web", f"{name}: p95", found[1], "ms")
    yield Measured("web", f"{name}: processor time of the server", found[2], "ms")
    fewer, longer = plain[0] / found[0], found[1] / plain[1]
    yield Measured("web", f"{name}: requests, /healthz in the same time", fewer, "times", 10)
    yield Measured("web", f"{name}: p95 against /healthz", longer, "times", 10)
    # The only one of the three that other work on the machine hardly changes.
    dearer = found[2] / plain[2]
    yield Measured("web", f"{name}: processor time against /healthz", dearer, "times")


def _case_number(client: Client) -> str:
    found = re.search(
        r'href="/cases/([A-Z]+-[A-Z]+-[0-9]{4}-[0-9]+)"', client.ask("GET", "/cases")[1]
    )
    if found is None:
        raise RuntimeError("the list of cases names none")
    return found.group(1)


def _register(client: Client, form: dict[str, str]) -> int:
    """Send the form with new names; the answer leads to the case."""
    serial = next(_NUMBERS)
    fields = {
        name: value for name, value in form.items() if not name.startswith(("add", "csrf_token"))
    }
    fields |= {
        "csrf_token": form["csrf_token"],
        "parties-0-name": f"测量{serial}",
        "parties-1-name": f"上海测量{serial}有限公司",
    }
    before = dict(client.cookies)
    status, text = client.ask("POST", "/register/mediation", fields)
    # A browser opens the case now, which takes the confirmation out of the cookie again.
    client.cookies = before
    if status != 302:
        problems = re.findall(r'class="field-error".*?</div>\s*</div>', text, re.DOTALL)
        raise RuntimeError(f"registering answered {status}: {problems[:3]}")
    return 200


def _measured(
    clients: list[Client], page: Callable[[Client], int], seconds: float = SECONDS
) -> tuple[float, float]:
    """All clients ask for the page again and again for some seconds.

    Requests a second, and the milliseconds in which 95 of 100 were answered.
    """
    taken: list[float] = []
    wrong: list[object] = []
    until = time.monotonic() + seconds

    def ask(client: Client) -> None:
        try:
            while time.monotonic() < until:
                started = time.perf_counter()
                status = page(client)
                taken.append(time.perf_counter() - started)
                if status != 200:
                    wrong.append(status)
                    return
        except (OSError, RuntimeError) as error:
            wrong.append(error)

    started = time.monotonic()
    threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"not answered as it should be: {wrong[0]}")
    taken.sort()
    return len(taken) / (time.monotonic() - started), taken[int(len(taken) * 0.95)] * 1000
