"""The inbox gets each alert exactly once, a mail box each mail at least once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from jobs import deliver, mail, outbox, rates
from jobs.settings import JobSettings
from models import Alert, AlertReceipt, Case, Message, Unit, User
from rules.rulebook import builtin_rulebook
from service.db import open_session
from tests.support.bureau import Bureau
from tests.support.mail_server import MailServer, mail_server

TODAY = date(2026, 3, 5)
NOW = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
WITHOUT_SERVER = JobSettings(public_url="https://anqi.example")
POLICY = builtin_rulebook().policy.alerts.mail


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def settings(server: MailServer) -> JobSettings:
    return JobSettings(
        public_url="https://anqi.example",
        mail_host="127.0.0.1",
        mail_port=server.port,
        mail_from="anqi@bureau.example",
    )


@pytest.fixture
def case(bureau: Bureau) -> Case:
    """A case with an overdue alert, a handler who reads Chinese, a supervisor English."""
    section = bureau.unit("section")
    handler = bureau.user("handler", section)
    bureau.user("head", section, "supervisor", language="en")
    case = bureau.case(handler)
    case.title = "张三与某公司"
    bureau.alert(case)
    bureau.session.commit()
    return case


def messages(session: Session) -> list[Message]:
    query = select(Message).order_by(Message.id)
    return list(session.exec(query.execution_options(populate_existing=True)))


def test_an_alert_reaches_each_inbox_once_however_often_it_is_delivered(
    session: Session, case: Case
) -> None:
    first = deliver.run(session, TODAY, WITHOUT_SERVER)
    second = deliver.run(session, TODAY, WITHOUT_SERVER)
    assert (first["alerts"], first["receipts"]) == (1, 2)
    assert (second["alerts"], second["receipts"]) == (0, 0)
    receipts = session.exec(select(AlertReceipt)).all()
    assert len({one.user_id for one in receipts}) == len(receipts) == 2


def test_a_crash_before_the_commit_leaves_the_alert_to_be_received_once(
    session: Session, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_message", crash)
        with pytest.raises(KeyboardInterrupt):
            deliver.run(session, TODAY, WITHOUT_SERVER)
    session.rollback()
    assert session.exec(select(AlertReceipt)).all() == []
    deliver.run(session, TODAY, WITHOUT_SERVER)
    assert len(session.exec(select(AlertReceipt)).all()) == 2
    assert len(messages(session)) == 2


def test_without_a_mail_server_the_outbox_keeps_mail_and_says_so(
    session: Session, case: Case
) -> None:
    result = deliver.run(session, TODAY, WITHOUT_SERVER)
    assert result["kept"] == 2
    assert result["mail"] == "no mail server: the outbox keeps mail"
    assert {one.state for one in messages(session)} == {"waiting"}


def test_mail_kept_meanwhile_is_sent_once_there_is_a_server(
    session: Session, case: Case, server: MailServer, settings: JobSettings
) -> None:
    deliver.run(session, TODAY, WITHOUT_SERVER)
    assert deliver.run(session, TODAY, settings)["sent"] == 2
    assert deliver.run(session, TODAY, settings)["sent"] == 0
    assert sorted(server.recipients) == ["handler@bureau.example", "head@bureau.example"]


def test_mail_is_in_the_recipients_language_and_names_nobody(
    session: Session, case: Case, server: MailServer, settings: JobSettings
) -> None:
    deliver.run(session, TODAY, settings)
    texts = {one["To"]: (one["Subject"], one.get_content()) for one in server.mails}
    subject, body = texts["handler@bureau.example"]
    assert "已超期" in subject
    assert f"https://anqi.example/cases/{case.number}" in body
    assert "至今超期3天" in body
    subject, body = texts["head@bureau.example"]
    assert subject.startswith(f"[Anqi] {case.number}:")
    assert "overdue: 3." in body
    for subject, body in texts.values():
        assert "张三" not in subject + body


def test_every_mail_has_one_message_id_and_it_is_ours(
    session: Session, case: Case, server: MailServer, settings: JobSettings
) -> None:
    deliver.run(session, TODAY, settings)
    sent = [one.get_all("Message-ID") for one in server.mails]
    assert sorted(sent) == sorted([one.message_id] for one in messages(session))


def test_a_crash_between_sending_and_marking_sends_again_under_the_same_id(
    session: Session,
    case: Case,
    server: MailServer,
    settings: JobSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def crash(*_given: object, **_values: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(deliver, "_mark", crash)
        with pytest.raises(KeyboardInterrupt):
            deliver.run(session, TODAY, settings, now=NOW + timedelta(days=365))
    session.rollback()
    before = [one["Message-ID"] for one in server.mails]
    assert len(before) == 1
    # Within its claim the mail is somebody's; afterwards whoever comes sends it again.
    later = NOW + timedelta(days=365, minutes=POLICY.claim_minutes)
    assert deliver.run(session, TODAY, settings, now=later - timedelta(seconds=1))["sent"] == 0
    assert deliver.run(session, TODAY, settings, now=later)["sent"] == 2
    again = [one["Message-ID"] for one in server.mails[1:]]
    assert before[0] in again
    assert len(set(again)) == 2


def queue_one(session: Session, bureau: Bureau) -> None:
    handler = bureau.user("handler", bureau.unit("section"))
    bureau.alert(bureau.case(handler), created_at=NOW)
    deliver.run(session, TODAY, WITHOUT_SERVER)
    for message in messages(session):
        message.next_try_at = NOW
        session.add(message)
    session.commit()


def test_a_failed_mail_is_tried_again_later_and_later(
    session: Session, bureau: Bureau, server: MailServer, settings: JobSettings
) -> None:
    queue_one(session, bureau)
    server.refuse = "451 try again later"
    moment = NOW
    for minutes in (1, 5, 15):
        assert deliver.run(session, TODAY, settings, now=moment)["failed"] == 1
        just_before = moment + timedelta(minutes=minutes, seconds=-1)
        assert deliver.run(session, TODAY, settings, now=just_before)["failed"] == 0
        moment += timedelta(minutes=minutes)
    server.refuse = None
    assert deliver.run(session, TODAY, settings, now=moment)["sent"] == 1
    (message,) = messages(session)
    assert (message.state, message.attempts, message.last_error) == ("sent", 4, None)


def test_a_mail_is_given_up_after_as_many_attempts_as_the_policy_says(
    session: Session, bureau: Bureau, server: MailServer, settings: JobSettings
) -> None:
    queue_one(session, bureau)
    server.refuse = "550 no such person"
    for attempt in range(POLICY.give_up_after_attempts + 2):
        deliver.run(session, TODAY, settings, now=NOW + timedelta(days=attempt))
    (message,) = messages(session)
    assert (message.state, message.attempts) == ("given_up", POLICY.give_up_after_attempts)
    assert message.last_error


def test_a_server_that_is_down_is_a_failure_with_its_reason(
    session: Session, bureau: Bureau, settings: JobSettings
) -> None:
    queue_one(session, bureau)
    nowhere = JobSettings(mail_host="127.0.0.1", mail_port=1, mail_password="secret")
    assert deliver.run(session, TODAY, nowhere, now=NOW)["failed"] == 1
    (message,) = messages(session)
    assert message.state == "waiting"
    assert "ConnectionRefusedError" in (message.last_error or "")
    assert "secret" not in (message.last_error or "") + repr(nowhere)


def test_a_server_that_takes_nothing_is_not_asked_for_every_mail(
    session: Session, bureau: Bureau, server: MailServer, settings: JobSettings
) -> None:
    handler = bureau.user("handler", bureau.unit("section"))
    for n in range(deliver.BATCH + 5):
        bureau.alert(bureau.case(handler), seq=n)
    server.refuse = "451 try again later"
    later = NOW + timedelta(days=365)
    assert deliver.run(session, TODAY, settings, now=later)["failed"] == deliver.BATCH
    assert [one.attempts for one in messages(session)].count(0) == 5


def test_two_deliverers_never_hold_the_same_mail(engine: Engine, bureau: Bureau) -> None:
    handler = bureau.user("handler", bureau.unit("section"))
    for n in range(30):
        bureau.alert(bureau.case(handler), seq=n)
    deliver.run(bureau.session, TODAY, WITHOUT_SERVER)
    moment = NOW + timedelta(days=365)
    with open_session(engine) as one, open_session(engine) as other:
        first = deliver.claim(one, POLICY, moment)
        second = deliver.claim(other, POLICY, moment)
        third = deliver.claim(one, POLICY, moment)
    claimed = [message.id for message in (*first, *second, *third)]
    assert (len(first), len(second), len(third)) == (20, 10, 0)
    assert len(set(claimed)) == 30


def test_no_lock_is_held_while_a_mail_is_sent(
    engine: Engine, session: Session, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(letter: mail.Letter, settings: JobSettings) -> None:
        with open_session(engine) as other:
            user = other.exec(select(User)).first()
            assert user is not None
            user.name = letter.recipient
            other.add(user)
            other.commit()

    monkeypatch.setattr(mail, "send", send)
    server = JobSettings(mail_host="mail.example")
    assert deliver.run(session, TODAY, server)["sent"] == 2


def test_the_months_report_is_mailed_as_an_excel_file(
    session: Session, bureau: Bureau, server: MailServer, settings: JobSettings
) -> None:
    top = bureau.unit("bureau")
    bureau.case(bureau.user("reader", top, receives_reports=True), received_on=date(2026, 2, 2))
    rates.run(session, TODAY, settings)
    assert deliver.run(session, TODAY, settings)["sent"] == 1
    (message,) = server.mails
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "anqi-2026-02.xlsx"
    assert attachment.get_content().startswith(b"PK")


def test_an_alert_read_late_does_not_claim_that_days_are_left(
    session: Session, bureau: Bureau
) -> None:
    handler = bureau.user("handler", bureau.unit("section"), language="en")
    bureau.alert(bureau.case(handler), "due_soon_1", due_on=TODAY)
    bureau.alert(bureau.case(handler), "due_soon_3", due_on=TODAY - timedelta(2))
    deliver.run(session, TODAY, WITHOUT_SERVER)
    today, late = (one.subject for one in messages(session))
    assert "is due today" in today
    assert "is overdue" in late


def test_a_person_without_an_address_is_told_in_the_inbox_alone(
    session: Session, bureau: Bureau
) -> None:
    handler = bureau.user("handler", bureau.unit("section"), email=None)
    bureau.alert(bureau.case(handler))
    result = deliver.run(session, TODAY, WITHOUT_SERVER)
    assert (result["receipts"], result["queued"]) == (1, 0)


def test_thousands_of_alerts_are_delivered_in_batches(session: Session, bureau: Bureau) -> None:
    handler = bureau.user("handler", bureau.unit("section"))
    case = bureau.case(handler)
    for n in range(outbox.BATCH + 1):
        bureau.session.add(
            Alert(case_id=case.id, rule="arb_award", seq=n, stage="overdue", due_on=TODAY)
        )
    assert deliver.run(session, TODAY, WITHOUT_SERVER)["receipts"] == outbox.BATCH + 1
    assert session.get(Unit, handler.unit_id) is not None
