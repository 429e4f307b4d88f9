"""What a browser sends for each kind of case."""

from typing import Any

from tests.support.office import credit_code, resident_id


def person(index: int, role: str, name: str = "李明", serial: int = 1) -> dict[str, str]:
    """A row of parties with a person."""
    return {
        f"parties-{index}-kind": "person",
        f"parties-{index}-role": role,
        f"parties-{index}-name": name,
        f"parties-{index}-id_number": resident_id(serial),
        f"parties-{index}-phone": "13800138000",
    }


def employer(index: int, role: str, name: str = "上海东滩物流有限公司") -> dict[str, str]:
    """A row of parties with an employer."""
    return {
        f"parties-{index}-kind": "employer",
        f"parties-{index}-role": role,
        f"parties-{index}-name": name,
        f"parties-{index}-credit_code": credit_code(1),
    }


_KINDS: dict[str, dict[str, str]] = {
    "complaint": {
        **person(0, "complainant"),
        **employer(1, "employer"),
        "channel": "window",
        "violation": "wage_arrears",
        "worker_count": "3",
        "claims-0-kind": "wages",
        "claims-0-amount": "12,500.00",
    },
    "report": {
        **employer(0, "employer"),
        "channel": "phone",
        "violation": "overtime",
        "worker_count": "20",
        "reporter_name": "赵知情",
        "reporter_contact": "13900139000",
        "claims-0-kind": "wages",
    },
    "arbitration": {
        **person(0, "applicant"),
        **employer(1, "respondent"),
        "cause": "wages",
        "worker_count": "1",
        "track": "ordinary",
        "common_claim": "y",
        "claims-0-kind": "compensation",
        "claims-0-amount": "8000",
    },
    "mediation": {
        **person(0, "applicant"),
        **employer(1, "respondent"),
        "cause": "wages",
        "worker_count": "1",
        "claims-0-kind": "wages",
    },
    "person": {**person(0, "person"), "category": "older", "willing_and_obeys": "y"},
    "household": {
        **person(0, "household_head"),
        "category": "household",
        "willing_and_obeys": "y",
        "household_size": "3",
    },
    "petition": {
        **person(0, "petitioner"),
        **employer(1, "employer"),
        "opening": "petition_received",
        "channel": "letter",
        "subject": "wages",
        "worker_count": "2",
        "matter_class": "§31(6)",
        "petitioner_reachable": "y",
    },
    "work_injury": {
        **person(0, "injured_worker"),
        **employer(1, "employer"),
        "opening": "injury_application_received",
        "injured_on": "2026-02-10",
        "applied_by": "worker",
        "injury_kind": "accident",
        "diagnosis": "右手食指骨折",
        "track": "ordinary",
    },
    "wage_arrears": {
        **employer(0, "employer"),
        "opening": "clue_assigned",
        "channel": "transferred",
        "passed_on_by": "区信访办",
        "reference": "XS-10001",
        "industry": "construction",
        "project": "东滩生态社区二期",
        "worker_count": "12",
        "claims-0-kind": "wages",
        "claims-0-amount": "86000",
    },
}


def entry(kind: str, office: Any, handler: str = "chen", **changed: str) -> dict[str, str]:
    """A complete entry of this kind by the township's caseworker; name what differs."""
    return {
        "received_on": office.today.isoformat(),
        "unit_id": str(office.town.id),
        "handler_id": str(office.users[handler].id),
        "summary": "Wages of January are unpaid.",
        **_KINDS[kind],
        **changed,
    }
