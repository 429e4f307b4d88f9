"""Sends one mail over SMTP through apprise, under a message id of our own."""

from email import message_from_string, policy
from email.utils import parseaddr
from typing import Any, NamedTuple

from apprise import Apprise, AppriseAttachment, NotifyFormat
from apprise.attachment.memory import AttachMemory
from apprise.exception import AppriseException
from apprise.plugins.email import NotifyEmail
from apprise.plugins.email.smtp import AppriseSMTPController

from jobs.settings import JobSettings
from jobs.workbook import MIME_TYPE

_MODES = {"none": "insecure", "starttls": "starttls", "tls": "ssl"}


class MailError(RuntimeError):
    """The mail server did not take the mail; the message says why, without credentials."""


class Attachment(NamedTuple):
    """An Excel file to send along; the name in ASCII, as apprise garbles any other."""

    filename: str
    content: bytes


class Letter(NamedTuple):
    """One mail to one person. `message_id` stays the same however often it is sent."""

    message_id: str
    recipient: str
    subject: str
    body: str
    attachment: Attachment | None = None


class _OurMail(NotifyEmail):  # type: ignore[no-untyped-call]
    """apprise's mail, which makes a new Message-ID at every sending: ours replaces it.

    A header given to apprise would stand beside its own, and a mail has only one.
    """

    def __init__(self, letter: Letter, settings: JobSettings) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            host=settings.mail_host,
            smtp_host=settings.mail_host,
            port=settings.mail_port,
            user=settings.mail_user or None,
            password=settings.mail_password or None,
            secure=settings.mail_security != "none",
            secure_mode=_MODES[settings.mail_security],
            from_addr=settings.mail_from,
            targets=letter.recipient,
        )
        self.message_id = letter.message_id
        self.settings = settings
        self.failure = "the mail server refused the recipient"

    def send(
        self,
        body: str,
        title: str = "",
        notify_type: Any = None,  # noqa: ARG002
        attach: Any = None,
        body_format: Any = None,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> bool:
        """Send to the recipient; False when the server did not take it."""
        prepared = NotifyEmail.prepare_emails(
            subject=title,
            body=body,
            notify_format=NotifyFormat.TEXT,
            from_addr=self.from_addr,
            to=self.targets,
            smtp_host=self.smtp_host,
            attach=attach,
            names=self.names,
            tzinfo=self.tzinfo,
        )
        try:
            return all(self._hand_over(message) for message in prepared)
        except (OSError, RuntimeError, AppriseException) as error:
            self.failure = f"{type(error).__name__}: {error}"
            return False

    def _hand_over(self, message: Any) -> bool:
        text = message_from_string(message.body, policy=policy.SMTP)
        del text["Message-ID"]
        text["Message-ID"] = self.message_id
        with AppriseSMTPController(
            host=self.smtp_host,
            port=self.settings.mail_port,
            secure_mode=_MODES[self.settings.mail_security],
            user=self.user,
            password=self.password,
        ) as server:
            sender = parseaddr(self.settings.mail_from)[1]
            return server.sendmail(sender, message.to_addrs, text.as_string())


def send(letter: Letter, settings: JobSettings) -> None:
    """Hand a letter to the mail server. Raises MailError when it was not taken."""
    mail = _OurMail(letter, settings)
    if not mail.targets or mail.targets[0][1] != letter.recipient:
        raise MailError("the recipient's address is not a mail address")
    notifier = Apprise()
    notifier.add(mail)
    result = notifier.notify(
        body=letter.body, title=letter.subject, attach=_attached(letter.attachment)
    )
    # apprise answers None when there was nobody to notify: that is no success either.
    if not result:
        raise MailError(mail.failure)


def _attached(attachment: Attachment | None) -> AppriseAttachment | None:
    if attachment is None:
        return None
    held = AttachMemory(  # type: ignore[no-untyped-call]
        content=attachment.content, name=attachment.filename, mimetype=MIME_TYPE
    )
    return AppriseAttachment(held)
