"""Invented histories that could be a bureau's: opened, taken on, worked on, ended.

At least five events each, in the order in which they happen. Unlike those of the oracle's test
these contradict nothing: pauses end, restarts fall while the clock runs, extensions are in time.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from rules.matter import Event, FactValue, Matter

TODAY = date(2026, 11, 22)
FEWEST = 5
_FIRST = date(2022, 1, 4)
_SPAN = 1_500
_PLACES = ("chongming",) * 6 + ("national", "quzhou", "lingyuan", "xuhui")


class _Pen:
    """Writes events day after day; `go` moves on by some days."""

    def __init__(self, rng: Random, day: date) -> None:
        self.rng, self.day = rng, day
        self.events: list[Event] = []

    def add(self, event: str, **details: Any) -> None:
        self.events.append(Event(event, self.day, **details))

    def go(self, most: int) -> "_Pen":
        self.day += timedelta(days=self.rng.randint(1, most))
        return self

    def may(self, share: float) -> bool:
        return self.rng.random() < share


def histories(number: int, seed: int = 1) -> Iterator[Matter]:
    """`number` matters of mixed procedures, the same for the same seed."""
    rng = Random(seed)
    writers = (_arbitration,) * 5 + (_inspection,) * 4 + (_mediation,) * 2 + (_wages,)
    for _ in range(number):
        pen = _Pen(rng, _FIRST + timedelta(days=rng.randrange(_SPAN)))
        place = rng.choice(_PLACES)
        procedure, facts = rng.choice(writers)(pen, place)
        yield Matter(procedure, place, tuple(pen.events), facts)


_Written = tuple[str, dict[str, FactValue]]


def _arbitration(pen: _Pen, place: str) -> _Written:
    simplified = place == "quzhou" and pen.may(0.5)
    pen.add("arb_application_received")
    if pen.may(0.06):
        pen.go(2).add("arb_application_defective")
        pen.add("correction_notice_issued")
        pen.go(4).add("materials_corrected")
    pen.go(4).add("case_accepted")
    pen.go(3).add("application_served")
    pen.go(2).add("tribunal_notice_served")
    _incident(pen, simplified=simplified)
    if pen.may(0.7):
        pen.go(3).add("defence_filed")
        pen.go(3).add("defence_served")
    for _ in range(pen.rng.choice((0, 1, 1, 1, 1, 1, 1, 1, 1, 2))):
        _hearing(pen)
    ends = ("award_issued",) * 5 + ("mediation_statement_signed",) * 3 + ("withdrawn",) * 2
    end = pen.rng.choice((*ends, "deemed_withdrawn"))
    pen.go(6).add(end)
    if end == "award_issued" and pen.may(0.9):
        pen.go(5).add("award_received")
        if pen.may(0.2):
            pen.go(12).add("lawsuit_filed")
    facts: dict[str, FactValue] = {"claimants": pen.rng.choice((1, 1, 1, 3, 12))}
    if simplified:
        facts["track"] = "simplified"
    return "arbitration", facts


def _incident(pen: _Pen, *, simplified: bool) -> None:
    """Up to three things that move the limit, in any order."""
    choices = ["restart", "pause", "party", "notice", "extension"]
    for name in pen.rng.sample(choices, pen.rng.choice((0,) * 12 + (1,) * 4 + (2,))):
        if name == "restart":
            pen.go(3).add("counterclaim_received")
            pen.go(2).add("counterclaim_accepted")
        elif name == "pause":
            pen.go(3).add("suspended")
            pen.go(30).add("resumed")
        elif name == "party":
            pen.go(3).add(pen.rng.choice(("party_added_decision", "claim_change_accepted")))
        elif name == "notice":
            pen.go(3).add("notice_published")
            pen.day += timedelta(days=14)
            pen.add("deemed_served")
        elif not simplified:
            pen.go(2).add("extension_approved", days=pen.rng.choice((5, 10, 15)))


def _hearing(pen: _Pen) -> None:
    notice = pen.day + timedelta(days=1)
    hearing = notice + timedelta(days=pen.rng.choice((8, 9, 10, 12)))
    pen.events.append(Event("hearing_date", hearing))
    pen.events.append(Event("hearing_notice_served", notice))
    pen.day = hearing
    pen.add("hearing_opened")


def _inspection(pen: _Pen, place: str) -> _Written:
    if pen.may(0.3):
        pen.add("report_received")
    else:
        pen.add("complaint_received")
        if pen.may(0.05):
            pen.go(3).add("materials_corrected")
        pen.go(4).add("complaint_accepted")
    pen.add("case_filed")
    pen.go(6).add("inquiry_notice_received")
    for event, after in (("inquiry_replied", 4), ("evidence_preserved", 5)):
        if pen.may(0.5):
            pen.go(after).add(event)
    if pen.events[-1].type == "evidence_preserved":
        pen.go(6).add("evidence_disposed")
    if place == "quzhou" and pen.may(0.3):
        pen.go(4).add("suspended")
        pen.go(40).add("resumed")
    if pen.may(0.12):
        pen.go(8).add("extension_approved", days=pen.rng.choice((10, 15, 30)))
    pen.go(20).add("investigation_completed")
    if pen.may(0.6):
        pen.go(5).add(pen.rng.choice(("correction_ordered", "penalty_decided", "handling_decided")))
        pen.go(4).add("decision_served")
    pen.go(9).add("case_closed")
    return "inspection", {}


def _mediation(pen: _Pen, _place: str) -> _Written:
    if pen.may(0.3):
        pen.add("negotiation_requested")
        pen.go(4).add("negotiation_replied")
    pen.go(3).add("mediation_application_received")
    pen.go(2).add("mediation_accepted")
    pen.go(12).add("mediation_agreement_reached")
    pen.go(2).add("mediation_agreement_effective")
    pen.go(20).add("judicial_confirmation_filed")
    return "mediation", {}


def _wages(pen: _Pen, _place: str) -> _Written:
    pen.add("construction_contract_signed")
    pen.go(20).add("construction_permit_obtained")
    pen.add("deposit_stored")
    pen.go(60).add("agreed_payday")
    pen.go(10).add("clue_assigned")
    pen.go(3).add("order_to_pay_served", pay_by=pen.day + timedelta(days=10))
    if pen.may(0.7):
        pen.go(10).add("arrears_paid")
    pen.go(5).add("clue_closed")
    return "wage_arrears", {}
