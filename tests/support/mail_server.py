"""A real local mail server that keeps what it takes, and can be told to refuse."""

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class MailServer:
    """`mails` are those taken, in order; `refuse` is an answer such as `451 later`."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refuse: str | None = None
        self.port = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Called by aiosmtpd for each mail."""
        if self.refuse:
            return self.refuse
        self.mails.append(
            email.message_from_bytes(envelope.content, EmailMessage, policy=email.policy.default)
        )
        self.recipients += envelope.rcpt_tos
        return "250 taken"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server on a free port of this machine, stopped at the end."""
    server = MailServer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server.port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
