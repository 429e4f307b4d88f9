"""Random histories, lawful and not, the same for the same seed."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from rules.matter import Event, FactValue, Matter

PLACES = (
    "national", "shanghai", "zhejiang", "liaoning", "chongming", "quzhou", "lingyuan", "xuhui",
)  # fmt: skip
TODAY = date(2026, 11, 22)
FIRST = date(2018, 6, 1)
SPAN = 3_000

# By procedure: how a matter begins, and what may happen, the frequent more often.
BEGINNINGS = {
    "arbitration": ["arb_application_received", "case_accepted"],
    "mediation": ["mediation_application_received"],
    "inspection": ["complaint_received", "complaint_accepted", "case_filed"],
    "wage_arrears": ["agreed_payday"],
    "employment": ["recognised", "household_confirmed"],
}
HAPPENINGS = {
    "arbitration": [
        *["suspended", "resumed", "extension_approved", "notice_published", "deemed_served"] * 4,
        *["party_added_decision", "claim_change_accepted", "counterclaim_accepted"] * 2,
        *["application_served", "defence_filed", "defence_served", "hearing_date"] * 2,
        *["hearing_notice_served", "tribunal_notice_served", "transfer_accepted"] * 2,
        *["evidence_commission_started", "evidence_commission_ended"] * 2,
        *["settlement_talks_started", "settlement_talks_ended"] * 2,
        *["finding_awaited", "finding_received", "materials_corrected"],
        *["premediation_consented", "premediation_ended", "case_accepted", "case_refused"],
        *["award_issued", "mediation_statement_signed", "withdrawn", "deemed_withdrawn"],
        *["case_revoked", "transferred_out", "proceedings_terminated"],
        *["award_received", "lawsuit_filed", "arb_application_received"],
    ],
    "mediation": ["mediation_agreement_reached", "mediation_failed", "withdrawn", "suspended"],
    "inspection": [
        *["suspended", "resumed", "extension_approved"] * 4,
        *["materials_corrected", "complaint_accepted", "complaint_refused", "case_filed"] * 2,
        *["investigation_completed", "case_dropped", "transferred_out", "case_closed"],
    ],
    "wage_arrears": ["agreed_payday", "arrears_paid"],
    "employment": [
        *["placed", "household_member_placed", "willingness_withdrawn", "deregistered"],
        *["recognised", "household_confirmed"],
    ],
}
WEIGHTS = {
    "arbitration": 12, "inspection": 8, "mediation": 1, "wage_arrears": 1, "employment": 2,
}  # fmt: skip


def histories(number: int, seed: int) -> Iterator[Matter]:
    """`number` matters, their events shuffled."""
    random = Random(seed)
    names, weights = list(WEIGHTS), list(WEIGHTS.values())
    for _ in range(number):
        procedure = random.choices(names, weights)[0]
        events = list(_events(procedure, random))
        random.shuffle(events)
        yield Matter(procedure, random.choice(PLACES), tuple(events), _facts(procedure, random))


def _facts(procedure: str, random: Random) -> dict[str, FactValue]:
    if procedure == "arbitration":
        facts: dict[str, FactValue] = {"claimants": random.choice((1, 9, 10, 40))}
        track = random.choice((None, "ordinary", "simplified", "simplified"))
        return facts if track is None else {**facts, "track": track}
    if procedure == "employment":
        given = random.choice((None, True, True, False))
        return {} if given is None else {"willing_and_obeys": given}
    return {}


def _events(procedure: str, random: Random) -> Iterator[Event]:
    day = FIRST + timedelta(days=random.randrange(SPAN))
    for beginning in BEGINNINGS[procedure]:
        if random.random() < 0.9:
            yield _event(beginning, day, random)
        day += timedelta(days=random.choice((0, 1, 3, 5, 7)))
    for _ in range(random.randrange(10)):
        yield _event(random.choice(HAPPENINGS[procedure]), day, random)
        if random.random() < 0.65:
            day += timedelta(days=random.choice((1, 2, 5, 9, 14, 23, 31, 45)))


def _event(name: str, day: date, random: Random) -> Event:
    if name != "extension_approved":
        return Event(name, min(day, TODAY) if name != "hearing_date" else day)
    rule = random.choice((None, None, None, "arb_award", "insp_investigation", "med_conclude_any"))
    return Event(name, min(day, TODAY), days=random.choice((1, 5, 7, 10, 15, 20, 30)), rule=rule)
