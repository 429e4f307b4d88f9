"""Web server and scheduler start together, answer, and end together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from service import serving

_PATIENCE = 60


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`anqi serve --with-scheduler` as a user runs it, its output in a file."""

    def __init__(self, directory: Path, port: int, **more: str) -> None:
        self.port = port
        self.output = directory / "output"
        environment = {"PATH": os.environ["PATH"], "HOME": str(directory)}
        environment |= {"ANQI_DATA": str(directory / "data"), "ANQI_PORT": str(port)}
        environment |= more
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [Path(sys.executable).parent / "anqi", "serve", "--with-scheduler"],
                cwd=directory, env=environment, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    @property
    def shown(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while text not in self.shown:
            assert self.process.poll() is None, self.shown
            assert time.monotonic() < deadline, self.shown
            time.sleep(0.05)

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, word: str) -> psutil.Process:
        """The child with this word in its command; it may start just after what is shown."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            for child in psutil.Process(self.process.pid).children():
                if word in " ".join(child.cmdline()):
                    return child
            time.sleep(0.05)
        raise AssertionError(f"no child {word}: {self.shown}")


@contextmanager
def _running(directory: Path, **more: str) -> Iterator[Server]:
    server = Server(directory, _free_port(), **more)
    family: list[psutil.Process] = []
    try:
        server.wait_for("Ctrl-C stops it")
        family = server.family()
        yield server
        assert _all_gone(family), [process.cmdline() for process in family if process.is_running()]
    finally:
        for process in [*family, server.process]:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        server.process.wait()


def _all_gone(family: list[psutil.Process]) -> bool:
    _gone, alive = psutil.wait_procs(family, timeout=30)
    return all(process.status() == psutil.STATUS_ZOMBIE for process in alive)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_both_run_on_one_port_and_stop_cleanly(tmp_path: Path, stop: signal.Signals) -> None:
    with _running(tmp_path) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()
        me = psutil.Process(server.process.pid)
        listening = {
            found.laddr.port
            for process in [me, *server.family()]
            for found in process.net_connections()
            if found.status == psutil.CONN_LISTEN
        }
        assert listening == {server.port}
        server.process.send_signal(stop)
        assert server.process.wait(_PATIENCE) == 0
        assert "Traceback" not in server.shown
    assert f"http://127.0.0.1:{server.port}" in server.shown


@pytest.mark.parametrize(("word", "name"), [("gunicorn", "web server"), ("scheduler", "scheduler")])
def test_when_one_ends_the_other_is_stopped(tmp_path: Path, word: str, name: str) -> None:
    with _running(tmp_path) as server:
        server.child(word).kill()
        assert server.process.wait(_PATIENCE) == 1
    assert f"the {name} ended by itself" in server.shown


def test_nothing_is_left_when_it_is_killed(tmp_path: Path) -> None:
    with _running(tmp_path) as server:
        server.process.kill()
        server.process.wait()


def test_the_greeting_stands_alone_where_the_log_has_a_file(tmp_path: Path) -> None:
    log = tmp_path / "anqi.log"
    with _running(tmp_path, ANQI_LOG_FILE=str(log)) as server:
        deadline = time.monotonic() + _PATIENCE
        while "scheduler started" not in (text := log.read_text(encoding="utf-8")):
            assert time.monotonic() < deadline, text
            time.sleep(0.05)
        # That all is well is asked all the time, and is no news.
        assert "/healthz" not in text
        server.process.terminate()
        assert server.process.wait(_PATIENCE) == 0
    greeting = server.shown.splitlines()
    assert greeting[2] == f"Anqi is at http://127.0.0.1:{server.port}  (Ctrl-C stops it)"
    assert greeting[-2:] == [f"The log is {log}", "stopping …"]
    assert '{"at"' not in server.shown


def test_a_log_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    server = Server(tmp_path, _free_port(), ANQI_LOG_FILE=str(tmp_path / "nowhere" / "anqi.log"))
    assert server.process.wait(_PATIENCE) == 1
    assert len(server.shown.splitlines()) == 1
    assert "nowhere/anqi.log" in server.shown


def test_what_cannot_be_made_ready_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    with _running(tmp_path) as server:
        server.process.terminate()
        server.process.wait(_PATIENCE)
    (tmp_path / "data" / "keys.json").unlink()
    server = Server(tmp_path, server.port)
    assert server.process.wait(_PATIENCE) == 1
    assert server.shown.startswith("anqi: the database has data but its keys")
    assert len(server.shown.splitlines()) == 1
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", server.port))


def test_a_signal_is_heeded_where_its_exception_was_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_stop_asked", False)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert serving._ended({}) is None
    with suppress(serving._Stopped):
        serving._on_signal(signal.SIGTERM, None)
    with pytest.raises(serving._Stopped):
        serving._ended({})


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        server = Server(tmp_path, other.getsockname()[1])
        assert server.process.wait(_PATIENCE) == 1
    assert server.shown == f"anqi: port {server.port} is in use; choose another with ANQI_PORT\n"
    assert not (tmp_path / "data").exists()
