"""Cases before they have a number: who, what, where, and how it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from models.case import CaseKind
from models.party import PartyRole
from service.cases.parties import REQUIRED
from service.cases.titles import title_from
from service.demo.data import bureau_data, one_of, weighted
from service.demo.histories import History, Story
from service.demo.offices import Bureau, Office
from service.demo.people import Known, Parties


@dataclass(slots=True)
class Draft:
    """A case with its parties, before number and ids.

    `founded` are the derived columns of the dispute, with the first case of it.
    """

    history: History
    office: Office
    handler_id: int
    parties: list[tuple[Known, PartyRole]]
    details: dict[str, Any]
    claims: list[tuple[str, Decimal]]
    summary: str
    dispute: int | None = None
    founded: Mapping[str, Any] | None = None

    @property
    def title(self) -> str:
        """The first party of each side, as the product makes it."""
        named = [(role, known.name) for known, role in self.parties]
        return title_from(self.history.kind, named)


@dataclass
class Writer:
    """Gives stories their parties and offices, and numbers the disputes."""

    rng: Random
    bureau: Bureau
    parties: Parties
    last_dispute: int = 0

    def drafts(self, story: Story) -> list[Draft]:
        """The cases of a story as it happens once more: one quarrel between the same parties."""
        kind = story.histories[0].kind
        parties, particulars = self._parties(kind), _particulars(self.rng, kind)
        drafts = [self._draft(history, parties, particulars) for history in story.histories]
        if story.dispute is not None:
            self.last_dispute += 1
            drafts[0].founded = story.dispute
            for draft in drafts:
                draft.dispute = self.last_dispute
        return drafts

    def _draft(
        self,
        history: History,
        parties: list[tuple[Known, PartyRole]],
        particulars: "_Particulars",
    ) -> Draft:
        office = self.bureau.taking[history.kind].one(self.rng)
        handler_id = one_of(self.rng, office.caseworker_ids)
        return Draft(history, office, handler_id, parties, *particulars)

    def _parties(self, kind: CaseKind) -> list[tuple[Known, PartyRole]]:
        make = self.parties
        if kind == "household":
            members: list[tuple[Known, PartyRole]] = [
                (make.person(), "member") for _ in range(1 + (self.rng.random() < 0.5))
            ]
            return [(make.person(), "household_head"), *members]
        return [
            (make.employer() if role in ("employer", "respondent") else make.person(), role)
            for role in REQUIRED[kind]
        ]


# Details, claims with their amounts in yuan, and the summary.
_Particulars = tuple[dict[str, Any], list[tuple[str, Decimal]], str]


def _particulars(rng: Random, kind: CaseKind) -> _Particulars:
    """What a matter of this kind is about."""
    data = bureau_data()
    if kind in ("arbitration", "mediation"):
        cause = weighted("causes").one(rng)
        one = data["causes"][cause]
        return {"cause": cause}, _claims(rng, one["claims"]), one["text"]
    if kind in ("complaint", "report"):
        violation = weighted("violations").one(rng)
        one = data["violations"][violation]
        kept = {"violation": violation, "channel": weighted("channels").one(rng)}
        return kept, _claims(rng, one["claims"]), one["text"]
    if kind == "petition":
        return _petition(rng)
    if kind == "work_injury":
        return _injury(rng)
    if kind == "wage_arrears":
        return _arrears(rng)
    skills = one_of(rng, data["skills"])
    if kind == "household":
        size = 2 + int(rng.random() * 3)
        return _employment("household", skills, size), [], data["household_text"]
    category = weighted("categories").one(rng)
    return _employment(category, skills, None), [], data["categories"][category]["text"]


def _petition(rng: Random) -> _Particulars:
    data = bureau_data()
    subject = weighted("petition_subjects").one(rng)
    kept = {
        "subject": subject,
        "channel": weighted("channels").one(rng),
        "passed_on_by": one_of(rng, data["petition_offices"]),
        "reference": data["petition_reference"].format(int(rng.random() * 900) + 100),
    }
    return kept, [], data["petition_subjects"][subject]["text"]


def _injury(rng: Random) -> _Particulars:
    injury = weighted("injuries").one(rng)
    one = bureau_data()["injuries"][injury]
    kept = {
        "injury_kind": injury,
        "diagnosis": one_of(rng, one["diagnoses"]),
    }
    return kept, [], one["text"]


def _arrears(rng: Random) -> _Particulars:
    data = bureau_data()
    industry = weighted("industries").one(rng)
    one = data["industries"][industry]
    kept = {
        "channel": "transferred",
        "passed_on_by": one_of(rng, data["arrears_offices"]),
        "reference": data["arrears_reference"].format(int(rng.random() * 90_000) + 10_000),
        "industry": industry,
        "project": one_of(rng, one["projects"]),
    }
    return kept, _claims(rng, ["wages"]), one["text"]


def _employment(category: str, skills: str, household_size: int | None) -> dict[str, Any]:
    return {"category": category, "skills": skills, "household_size": household_size}


def _claims(rng: Random, kinds: Sequence[str]) -> list[tuple[str, Decimal]]:
    """What is asked for, in yuan; a few thousand most often."""
    return [(kind, Decimal(int(rng.lognormvariate(9.6, 0.8) * 10)) / 10) for kind in kinds]
