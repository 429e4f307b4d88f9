"""What the jobs are told about the installation; without arguments it suits a test."""

from dataclasses import dataclass, fields
from email.utils import parseaddr
from typing import Any, Literal


@dataclass(frozen=True)
class JobSettings:
    """`public_url` has no slash at its end; no `mail_host` means that no mail is sent.

    `language` is for people who have not chosen one. Days are counted in `time_zone`.
    """

    jurisdiction: str = "chongming"
    language: str = "zh_CN"
    time_zone: str = "Asia/Shanghai"
    public_url: str = "http://127.0.0.1:8000"
    mail_host: str = ""
    mail_port: int = 25
    mail_security: Literal["none", "starttls", "tls"] = "none"
    mail_user: str = ""
    mail_password: str = ""
    mail_from: str = "anqi@localhost"

    @classmethod
    def of(cls, settings: Any) -> "JobSettings":
        """Take what the jobs need from the application's settings, by the same names."""
        return cls(**{item.name: getattr(settings, item.name) for item in fields(cls)})

    @property
    def mail_domain(self) -> str:
        """The right-hand side of our message ids."""
        return parseaddr(self.mail_from)[1].rpartition("@")[2] or "localhost"

    def __repr__(self) -> str:
        """Without the mail server's password, which would otherwise reach logs."""
        shown = (
            f"{item.name}={getattr(self, item.name)!r}"
            for item in fields(self)
            if item.name != "mail_password"
        )
        return f"JobSettings({', '.join(shown)})"
