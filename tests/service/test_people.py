"""People and their passwords: rules, lock-out, and what ends a session."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event
from sqlmodel import Session, select

from models import AuditEntry, User
from service import passwords, people
from service.access import Actor, Forbidden, NotFound, actor_for
from service.cases.problems import InvalidInput
from service.passwords import LOCKED_FOR, TRIES, is_password, password_problem
from tests.support.office import Office, open_office

NOW = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
PASSWORD = "纸上得来终觉浅 2026"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 is slow on purpose; here it may be quick."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)


@pytest.fixture
def office(session: Session) -> Office:
    return open_office(session)


@pytest.fixture
def admin(office: Office) -> Actor:
    return office.actor("admin")


@pytest.fixture
def zhou(office: Office, admin: Actor) -> User:
    """A person with a password of their own."""
    user, temporary = people.add_person(
        office.session, admin, people.PersonInput("zhou", "周", "caseworker", office.town.id or 0)
    )
    people.change_password(office.session, user, temporary, PASSWORD)
    office.session.commit()
    return user


def _log_in(session: Session, password: str = PASSWORD, at: datetime = NOW) -> object:
    return people.authenticate(session, "zhou", password, at)


def _codes(raised: pytest.ExceptionInfo[InvalidInput]) -> dict[str, str]:
    return {problem.field: problem.code for problem in raised.value.problems}


def test_a_new_person_gets_a_password_to_be_changed(office: Office, admin: Actor):
    entered = people.PersonInput(" Zhou ", "周", "supervisor", office.town.id or 0, "z@cm.gov.cn")
    user, password = people.add_person(office.session, admin, entered)
    assert (user.username, user.must_change_password) == ("zhou", True)
    assert is_password(user.password_hash, password)
    assert password not in user.password_hash
    assert user.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "Zhōu"}, "username"),
        ({"username": "chen"}, "username"),
        ({"name": " "}, "name"),
        ({"email": "nowhere"}, "email"),
        ({"role": "king"}, "role"),
        ({"unit_id": 999}, "unit_id"),
        ({"language": "fr"}, "language"),
    ],
)
def test_what_is_wrong_with_a_person_is_said_per_field(
    office: Office, admin: Actor, values: dict[str, object], field: str
):
    ordinary = {"username": "zhou", "name": "周", "role": "caseworker", "unit_id": office.town.id}
    entered = people.PersonInput(**{**ordinary, **values})  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as raised:
        people.add_person(office.session, admin, entered)
    assert set(_codes(raised)) == {field}
    assert raised.value.problems[0].message


@pytest.mark.parametrize("name", ["chen", "director", "analyst", "auditor"])
def test_only_administrators_manage_people(office: Office, name: str):
    actor, chen = office.actor(name), office.users["chen"]
    entered = people.PersonInput("zhou", "周", "caseworker", office.town.id or 0)
    with pytest.raises(Forbidden):
        people.add_person(office.session, actor, entered)
    with pytest.raises(Forbidden):
        people.disable_person(office.session, actor, chen.id or 0)
    with pytest.raises(Forbidden):
        people.reset_password(office.session, actor, chen.id or 0)


def test_an_administrator_reaches_only_their_own_part_of_the_tree(office: Office):
    local = office.users["boss"]
    local.role = "administrator"
    office.session.commit()
    actor = actor_for(office.session, local)
    with pytest.raises(NotFound):
        people.reset_password(office.session, actor, office.users["chen"].id or 0)
    assert {user.username for user, _ in people.people(office.session, actor)} == {"boss", "wang"}


@pytest.fixture
def local(office: Office) -> Actor:
    """An administrator of a township."""
    office.users["boss"].role = "administrator"
    office.session.commit()
    return actor_for(office.session, office.users["boss"])


@pytest.mark.parametrize("role", ["caseworker", "supervisor", "analyst", "administrator"])
def test_a_local_administrator_gives_roles_that_see_their_units(
    office: Office, local: Actor, role: str
):
    entered = people.PersonInput("zhou", "周", role, office.other_town.id or 0)  # type: ignore[arg-type]
    user, _ = people.add_person(office.session, local, entered)
    assert user.role == role


def test_only_an_administrator_at_the_top_gives_the_role_that_sees_all(
    office: Office, admin: Actor, local: Actor
):
    unit_id, wang = office.other_town.id or 0, office.users["wang"]
    for change in (
        lambda entered: people.add_person(office.session, local, entered("zhou")),
        lambda entered: people.change_person(office.session, local, wang.id or 0, entered("wang")),
        lambda entered: people.change_person(office.session, local, local.user_id, entered("boss")),
    ):
        with pytest.raises(InvalidInput) as raised:
            change(lambda name: people.PersonInput(name, "周", "auditor", unit_id))
        assert _codes(raised) == {"role": "role_of_the_top"}
    entered = people.PersonInput("zhou", "周", "auditor", unit_id)
    assert people.add_person(office.session, admin, entered)[0].role == "auditor"


def test_a_local_administrator_does_not_get_hold_of_an_auditor(office: Office, local: Actor):
    """Whoever gives a new password can log in with it."""
    auditor = office.users["auditor"]
    auditor.unit_id = office.other_town.id or 0
    office.session.commit()
    entered = people.PersonInput("auditor", "周", "analyst", auditor.unit_id)
    for change in (
        lambda: people.reset_password(office.session, local, auditor.id or 0),
        lambda: people.disable_person(office.session, local, auditor.id or 0),
        lambda: people.enable_person(office.session, local, auditor.id or 0),
        lambda: people.change_person(office.session, local, auditor.id or 0, entered),
    ):
        with pytest.raises(Forbidden):
            change()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_short"),
        ("x" * 129, "password_long"),
        ("my-zhou-2026", "password_name"),
        ("Password2026!", "password_common"),
        ("aaaaaaaaaaab", "password_simple"),
        (PASSWORD, None),
        ("correct horse battery", None),
    ],
)
def test_passwords_that_are_tried_first_are_refused(password: str, code: str | None):
    problem = password_problem(password, "zhou")
    assert (problem.code if problem else None) == code


def test_logging_in_takes_the_right_password(office: Office, zhou: User):
    assert _log_in(office.session) is zhou
    assert zhou.last_login_at == NOW
    assert _log_in(office.session, "wrong") is None
    assert people.authenticate(office.session, "nobody", PASSWORD, NOW) is None


def test_too_many_wrong_passwords_lock_the_name_also_for_the_right_one(office: Office, zhou: User):
    for _ in range(TRIES):
        assert _log_in(office.session, "wrong") is None
    office.session.rollback()
    assert _log_in(office.session) is None
    before = NOW + LOCKED_FOR - timedelta(seconds=1)
    assert _log_in(office.session, at=before) is None
    assert _log_in(office.session, at=NOW + LOCKED_FOR) is zhou
    query = select(AuditEntry).where(AuditEntry.action == "user.locked")
    assert office.session.exec(query).one().user_id == zhou.id


def test_a_refusal_does_the_same_work_whatever_it_refuses(
    office: Office, zhou: User, monkeypatch: pytest.MonkeyPatch
):
    """So that nobody learns from how long it takes which names there are."""
    done: list[str] = []
    check = passwords.is_password
    monkeypatch.setattr(
        passwords, "is_password", lambda *given: done.append("check") or check(*given)
    )
    engine = office.session.get_bind()
    event.listen(engine, "commit", lambda _connection: done.append("commit"))
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: done.append(statement.split()[0]),
    )
    office.users["chen"].disabled_at = NOW
    zhou.locked_until = None
    office.session.commit()

    def work(name: str) -> list[str]:
        done.clear()
        assert people.authenticate(office.session, name, "wrong", NOW) is None
        return [one for one in done if one not in ("PRAGMA", "BEGIN")]

    wrong = work("zhou")
    assert wrong == ["SELECT", "check", "UPDATE", "commit"]
    assert work("nobody") == work("chen") == wrong
    zhou.locked_until = NOW + LOCKED_FOR
    office.session.commit()
    assert work("zhou") == wrong
    failed = {user.username: user.failed_logins for user in office.session.exec(select(User))}
    assert {name for name, count in failed.items() if count} == {"zhou"}


def test_the_right_password_starts_the_count_anew(office: Office, zhou: User):
    for _ in range(TRIES - 1):
        _log_in(office.session, "wrong")
    _log_in(office.session)
    for _ in range(TRIES - 1):
        assert _log_in(office.session, "wrong") is None


def test_a_disabled_person_is_nobody(office: Office, zhou: User, admin: Actor):
    before = zhou.session_version
    people.disable_person(office.session, admin, zhou.id or 0)
    assert zhou.session_version == before + 1
    assert _log_in(office.session) is None
    people.enable_person(office.session, admin, zhou.id or 0)
    assert _log_in(office.session) is zhou


def test_changing_the_own_password_needs_the_old_one_and_ends_other_sessions(
    office: Office, zhou: User
):
    before = zhou.session_version
    with pytest.raises(people.WrongPassword):
        people.change_password(office.session, zhou, "wrong", "another sentence")
    with pytest.raises(people.WeakPassword, match="10"):
        people.change_password(office.session, zhou, PASSWORD, "short")
    with pytest.raises(people.WeakPassword):
        people.change_password(office.session, zhou, PASSWORD, PASSWORD)
    assert zhou.session_version == before
    people.change_password(office.session, zhou, PASSWORD, "another sentence")
    assert (zhou.session_version, zhou.must_change_password) == (before + 1, False)


def test_a_reset_unlocks_and_must_be_changed(office: Office, zhou: User, admin: Actor):
    for _ in range(TRIES):
        _log_in(office.session, "wrong")
    temporary = people.reset_password(office.session, admin, zhou.id or 0)
    assert _log_in(office.session, temporary) is zhou
    assert zhou.must_change_password
    assert isinstance(temporary, str)
    assert password_problem(temporary, "zhou") is None


def test_the_last_administrator_stays(office: Office, admin: Actor):
    user = office.users["admin"]
    with pytest.raises(InvalidInput) as raised:
        people.disable_person(office.session, admin, user.id or 0)
    assert _codes(raised) == {"user_id": "self_disable"}
    with pytest.raises(InvalidInput) as raised:
        people.disable_person(office.session, None, user.id or 0)
    assert _codes(raised) == {"role": "last_administrator"}
    demoted = people.PersonInput("admin", "admin", "caseworker", office.town.id or 0)
    with pytest.raises(InvalidInput) as raised:
        people.change_person(office.session, admin, user.id or 0, demoted)
    assert _codes(raised) == {"role": "last_administrator"}


def test_the_last_administrator_at_the_top_stays_there(office: Office, admin: Actor, local: Actor):
    """One of a township administers neither calendar nor law."""
    last = office.users["admin"]
    moved = people.PersonInput("admin", "admin", "administrator", office.town.id or 0)
    for change in (
        lambda: people.disable_person(office.session, None, last.id or 0),
        lambda: people.change_person(office.session, admin, last.id or 0, moved),
    ):
        with pytest.raises(InvalidInput) as raised:
            change()
        assert _codes(raised) == {"role": "last_administrator"}
    people.disable_person(office.session, admin, local.user_id)


def test_another_role_or_unit_ends_the_sessions_a_name_does_not(
    office: Office, zhou: User, admin: Actor
):
    before = zhou.session_version
    renamed = people.PersonInput("zhou", "周敏", "caseworker", office.town.id or 0)
    people.change_person(office.session, admin, zhou.id or 0, renamed)
    assert (zhou.name, zhou.session_version) == ("周敏", before)
    moved = people.PersonInput("zhou", "周敏", "caseworker", office.section.id or 0)
    people.change_person(office.session, admin, zhou.id or 0, moved)
    assert zhou.session_version == before + 1


def test_what_is_done_to_people_is_in_the_audit_log(office: Office, zhou: User, admin: Actor):
    people.disable_person(office.session, admin, zhou.id or 0)
    entries = office.session.exec(
        select(AuditEntry).where(AuditEntry.subject == f"user:{zhou.id}")
    ).all()
    assert [(entry.action, entry.user_id) for entry in entries] == [
        ("user.add", admin.user_id),
        ("user.password", zhou.id),
        ("user.disable", admin.user_id),
    ]
