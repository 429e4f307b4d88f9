"""Web server and scheduler as child processes that live and end together."""

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from types import FrameType

import click

from service import preloading
from service.config import ConfigError, Settings
from service.running import in_use

_START_SECONDS = 60
_STOP_SECONDS = 20
_PR_SET_PDEATHSIG = 1
_stop_asked = False


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """The socket of the configured address, taken before anything else is done.

    Raises ConfigError when the port is in use or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
            listener.listen(128)
        except OSError as error:
            raise ConfigError(_why_not(settings, error)) from None
        listener.set_inheritable(True)
        yield listener


def _why_not(settings: Settings, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {settings.port} is in use; choose another with ANQI_PORT"
    if error.errno == errno.EACCES:
        return f"port {settings.port} needs root; choose one from 1024 with ANQI_PORT"
    reason = error.strerror or str(error)
    return f"cannot listen on {settings.host} ({reason}); choose an address with ANQI_HOST"


def _web_command(settings: Settings, listener: socket.socket) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "service.wsgi:app"),
        f"--config=python:{preloading.__name__}",
        f"--bind=fd://{listener.fileno()}",
        "--worker-class=gthread",
        f"--workers={settings.processes}",
        f"--threads={settings.threads}",
        "--graceful-timeout=10",
        "--log-level=warning",
        "--no-control-socket",
        # We are named for the reader of `ps`; and what the proxy says is read by the
        # application, behind ANQI_BEHIND_PROXY, not believed here.
        "--name=anqi",
        "--forwarded-allow-ips=",
    ]


def _scheduler_command() -> list[str]:
    return [sys.executable, "-c", "from service.cli import main; main(['scheduler'])"]


def _die_with_parent() -> None:
    """Linux: SIGTERM when the parent is gone, even killed, so that nothing is left behind."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _start(
    command: Sequence[str], descriptors: Sequence[int] = (), stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches only us, and we stop the children in order.
    return subprocess.Popen(  # noqa: S603  # our own interpreter and modules
        command,
        stdin=stdin,
        pass_fds=descriptors,
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
    )


class _Stopped(BaseException):
    """SIGTERM or Ctrl-C came."""


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    global _stop_asked
    _stop_asked = True
    # A second one while stopping must not interrupt the stopping.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise _Stopped


def serve(
    settings: Settings,
    listener: socket.socket,
    prepare: Callable[[], None],
    *,
    with_scheduler: bool,
) -> int:
    """Serve until told to stop (status 0) or until a child ends by itself (status 1).

    `prepare` makes the installation ready; what it raises stops everything.
    """
    children: dict[str, subprocess.Popen[bytes]] = {}
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _on_signal)
    try:
        with in_use(settings.data_dir):
            _try_log_file(settings)
            web = _start(_web_command(settings, listener), [listener.fileno()], subprocess.PIPE)
            children["web server"] = web
            # Meanwhile the web server's first process imports the program.
            prepare()
            _tell_ready(web)
            return _serve(settings, children, with_scheduler=with_scheduler)
    except _Stopped:
        click.echo("stopping …")
        return 0
    finally:
        _stop(children)


def _try_log_file(settings: Settings) -> None:
    """Raises OSError here, in one line, rather than in each of the children."""
    if settings.log_file is not None:
        settings.log_file.open("a").close()


def _tell_ready(web: subprocess.Popen[bytes]) -> None:
    # A web server that has ended cannot be told; that is noticed where all are watched.
    if web.stdin is not None:
        with suppress(BrokenPipeError), web.stdin as told:
            told.write(preloading.READY)


def _serve(
    settings: Settings, children: dict[str, subprocess.Popen[bytes]], *, with_scheduler: bool
) -> int:
    greeting = _greeting(settings)
    ready = _wait_until_ready(settings, children)
    if ready:
        click.echo(greeting)
        sys.stdout.flush()
    # Afterwards, so that what it catches up does not delay the first page.
    if with_scheduler:
        children["scheduler"] = _start(_scheduler_command())
    ended = _wait_for_an_end(children)
    click.echo(f"anqi: the {ended} ended by itself; stopping", err=True)
    return 1


def _ended(children: dict[str, subprocess.Popen[bytes]]) -> str | None:
    # What a signal raises in the middle of a fork, Python drops.
    if _stop_asked:
        raise _Stopped
    return next((name for name, child in children.items() if child.poll() is not None), None)


def _wait_for_an_end(children: dict[str, subprocess.Popen[bytes]]) -> str:
    while (name := _ended(children)) is None:
        time.sleep(0.5)
    return name


def _wait_until_ready(settings: Settings, children: dict[str, subprocess.Popen[bytes]]) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and _ended(children) is None:
        if _answers(settings):
            return True
        time.sleep(0.1)
    return False


def _answers(settings: Settings) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    connection = HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _greeting(settings: Settings) -> str:
    """What stands on the screen while Anqi runs."""
    lines = ["", f"Anqi is at {settings.public_url}  (Ctrl-C stops it)", ""]
    if settings.demo:
        lines += [*_logins(settings), ""]
    if not settings.mail_host:
        lines.append("No mail server (ANQI_MAIL_HOST): mail waits in the outbox.")
    if settings.log_file:
        lines.append(f"The log is {settings.log_file}")
    return "\n".join(lines)


def _logins(settings: Settings) -> Iterator[str]:
    from service.account.demo_logins import shown
    from service.db import open_session
    from service.installation import opened

    yield "Demo log-ins:"
    with opened(settings) as engine, open_session(engine) as session:
        logins = shown(settings, session)
    for login in logins:
        yield f"  {login.username:<14} {login.password:<18} {login.role}"


def _stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask all to end, then wait; kill, with what it started, the one that does not."""
    running = [child for child in children.values() if child.poll() is None]
    for child in running:
        child.terminate()
    deadline = time.monotonic() + _STOP_SECONDS
    for child in running:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
