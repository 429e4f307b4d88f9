"""The forms of the kinds of cases. Every row of parties is named as the use case names it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import Length, ValidationError

from models.case import CaseKind
from models.party import PartyKind, PartyRole
from service import wording
from service.fields import (
    CodeField,
    DayField,
    NotAfterToday,
    PlainField,
    Required,
    WholeNumberField,
    YuanField,
    options,
)
from service.web.forms import Form as PageForm
from service.web.forms import add_error

MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of parties that stand together in a form: workers, employers, a household."""

    key: str
    title: LazyString
    kind: PartyKind
    roles: tuple[PartyRole, ...]
    several: bool = False
    add: LazyString | None = None

    @property
    def role(self) -> PartyRole:
        """The role a new row begins with."""
        return self.roles[0]


_WORKER = _l("Add another worker")
_EMPLOYER = _l("Add another employer")
_EMPLOYER_ONLY = Group("employers", _l("Employer"), "employer", ("employer",), True, _EMPLOYER)
_SIDES = (
    Group("workers", _l("Workers"), "person", ("applicant", "respondent"), True, _WORKER),
    Group("employers", _l("Employers"), "employer", ("respondent", "applicant"), True, _EMPLOYER),
)
_COMPLAINED_OF = Group(
    "complained_of", _l("Employer complained of"), "employer", ("employer",), True, _EMPLOYER
)
GROUPS: dict[CaseKind, tuple[Group, ...]] = {
    "complaint": (
        Group("workers", _l("Complainants"), "person", ("complainant",), True, _WORKER),
        _EMPLOYER_ONLY,
    ),
    "report": (_EMPLOYER_ONLY,),
    "arbitration": _SIDES,
    "mediation": _SIDES,
    "person": (Group("person", _l("Person"), "person", ("person",)),),
    "household": (
        Group("head", _l("Head of the household"), "person", ("household_head",)),
        Group(
            "members", _l("Other members"), "person", ("member",), True, _l("Add another member")
        ),
    ),
    "petition": (
        Group(
            "petitioners",
            _l("Petitioners"),
            "person",
            ("petitioner",),
            True,
            _l("Add another petitioner"),
        ),
        _COMPLAINED_OF,
    ),
    "work_injury": (
        Group("injured", _l("Injured worker"), "person", ("injured_worker",)),
        _EMPLOYER_ONLY,
    ),
    "wage_arrears": (
        _EMPLOYER_ONLY,
        Group("owed", _l("Workers who are owed wages"), "person", ("worker",), True, _WORKER),
    ),
}


class PartyForm(Form):
    """A worker or an employer. A row left blank is no party, unless its group needs one."""

    role = SelectField(_l("Role"), choices=options(wording.ROLES.items()))
    kind = HiddenField(default="person")
    # Somebody already known, chosen from what is offered; their numbers stay unseen.
    party_id = HiddenField()
    name = PlainField(_l("Name"), [Length(max=120, message=_l("At most 120 characters."))])
    id_number = CodeField(_l("Resident ID number"))
    phone = CodeField(_l("Phone"))
    credit_code = CodeField(_l("Unified social credit code"))
    address = PlainField(_l("Address"), [Length(max=200, message=_l("At most 200 characters."))])

    def blank(self) -> bool:
        """Was nothing typed in this row?"""
        typed = (self.name, self.id_number, self.phone, self.credit_code, self.address)
        return not any(field.data for field in typed)


class ClaimForm(Form):
    """Something that is asked for."""

    kind = SelectField(_l("What is claimed"), choices=options(wording.CLAIM_KINDS.items()))
    amount = YuanField(_l("Amount in yuan"))
    note = PlainField(_l("Note"), [Length(max=200, message=_l("At most 200 characters."))])

    def blank(self) -> bool:
        """Was nothing typed in this row?"""
        return self.amount.data is None and not self.note.data


class RegisterForm(PageForm):
    """What every kind asks: when it arrived, whom it concerns, who handles it."""

    kind: CaseKind
    received_on = DayField(
        _l("Received on"), [Required(_l("Type the day on which it arrived.")), NotAfterToday()]
    )
    parties = FieldList(FormField(PartyForm), max_entries=MOST_ROWS)
    summary = TextAreaField(
        _l("What happened"), [Length(max=5000, message=_l("At most 5,000 characters."))]
    )
    # The facts that classify a case hang on its kind and place: `service.register.circumstances`.
    unit_id = SelectField(_l("Unit"), coerce=int)
    handler_id = SelectField(_l("Handler"), coerce=int)

    def rows(self, group: Group) -> list[Any]:
        """The rows of one group, as the template shows them."""
        return [
            entry
            for entry in self.parties
            if entry.form.kind.data == group.kind and entry.form.role.data in group.roles
        ]

    def add_row(self, group: Group) -> Any:
        """A new blank row of a group, at the end of all parties."""
        entry = self.parties.append_entry({"role": group.role, "kind": group.kind})
        entry.form.role.data = group.role
        entry.form.kind.data = group.kind
        return entry

    def complete(self) -> None:
        """Give every group at least one row to type in, marked where it must be used."""
        for group in GROUPS[self.kind]:
            if not self.rows(group):
                self.add_row(group)
            if group.key not in _OPTIONAL:
                self.rows(group)[0].form.name.flags.required = True

    def validate(self, extra_validators: Any = None) -> bool:
        """All fields, and a name in each row that is not blank or that its group needs."""
        valid = super().validate(extra_validators)
        nameless = list(self._nameless())
        for entry in nameless:
            add_error(entry.form.name, _name_wanted(entry.form.kind.data))
        return bool(valid) and not nameless

    def _nameless(self) -> Iterable[Any]:
        for group in GROUPS[self.kind]:
            rows = self.rows(group)
            needed = rows[:1] if group.key not in _OPTIONAL else []
            for entry in rows:
                if not entry.form.name.data and (entry in needed or not entry.form.blank()):
                    yield entry


# Groups in which a blank first row is no mistake.
_OPTIONAL = frozenset({"members", "complained_of", "owed"})


def _name_wanted(kind: str) -> str:
    if kind == "employer":
        return _("Type the employer's name as it stands on its licence.")
    return _("Type the person's name.")


_WORKERS = _l("Number of workers")
_POSITIVE = _l("Type how many workers it concerns, at least 1.")


class _CountForm(RegisterForm):
    """Kinds that concern a number of people."""

    worker_count = WholeNumberField(_WORKERS, [Required(_POSITIVE)], default=1)

    def validate_worker_count(self, field: WholeNumberField) -> None:
        """At least one."""
        if field.data == 0:
            raise ValidationError(str(_POSITIVE))


class _ClaimsForm(_CountForm):
    """Kinds in which something is claimed for a number of workers."""

    claims = FieldList(FormField(ClaimForm), min_entries=1, max_entries=MOST_ROWS)


class _InspectionForm(_ClaimsForm):
    """Complaints and tip-offs."""

    channel = SelectField(_l("How it came"), choices=options(wording.CHANNELS.items()))
    violation = SelectField(_l("Violation"), choices=options(wording.VIOLATIONS.items()))


class ComplaintForm(_InspectionForm):
    """A worker about their own rights."""

    kind: CaseKind = "complaint"


class ReportForm(_InspectionForm):
    """A tip-off; whoever gave it stays confidential, and may stay unknown."""

    kind: CaseKind = "report"
    reporter_name = PlainField(
        _l("Reporter's name"), [Length(max=120, message=_l("At most 120 characters."))]
    )
    reporter_contact = PlainField(
        _l("How to reach the reporter"), [Length(max=120, message=_l("At most 120 characters."))]
    )


class _DisputeForm(_ClaimsForm):
    """Mediation and arbitration."""

    cause = SelectField(_l("Cause"), choices=options(wording.CAUSES.items()))
    premediation_offered_on = DayField(
        _l("Mediation near the parties offered on"), [NotAfterToday()]
    )
    linked_number = PlainField(_l("Case of the same dispute"), [Length(max=40)])
    common_claim = BooleanField(_l("The workers have a common claim"), default=True)
    collective_contract = BooleanField(_l("A dispute over a collective contract"))


class ArbitrationForm(_DisputeForm):
    """An application to the arbitration commission."""

    kind: CaseKind = "arbitration"
    track = RadioField(_l("Procedure"), choices=options(wording.TRACKS.items()), default="ordinary")


class MediationForm(_DisputeForm):
    """An application to a mediation organisation."""

    kind: CaseKind = "mediation"
    mediation_body = RadioField(
        _l("Who mediates"), choices=options(wording.MEDIATION_BODIES.items()), default="other"
    )


class _EmploymentForm(RegisterForm):
    """People and households to be placed into work."""

    category = SelectField(_l("Category"), choices=options(wording.CATEGORIES.items()))
    skills = TextAreaField(
        _l("Skills and wishes"), [Length(max=1000, message=_l("At most 1,000 characters."))]
    )
    willing_and_obeys = BooleanField(
        _l("Willing to work and to accept the placement offered"), default=True
    )


class PersonCaseForm(_EmploymentForm):
    """A person with employment difficulty."""

    kind: CaseKind = "person"


class HouseholdForm(_EmploymentForm):
    """A zero-employment household."""

    kind: CaseKind = "household"
    household_size = WholeNumberField(_l("Members of the household of working age"))


class _PassedOnForm(_CountForm):
    """Kinds that other offices pass on, with a document of theirs."""

    channel = SelectField(_l("How it came"), choices=options(wording.CHANNELS.items()))
    passed_on_by = PlainField(
        _l("Passed on by"), [Length(max=120, message=_l("At most 120 characters."))]
    )
    reference = PlainField(
        _l("Document number"), [Length(max=60, message=_l("At most 60 characters."))]
    )


class PetitionForm(_PassedOnForm):
    """A petition, in the first instance or for review by the authority above."""

    kind: CaseKind = "petition"
    opening = RadioField(_l("What came in"), default="petition_received")
    subject = SelectField(_l("Subject"), choices=options(wording.SUBJECTS.items()))
    worker_count = WholeNumberField(
        _l("Number of petitioners"),
        [Required(_l("Type how many petition, at least 1."))],
        default=1,
    )
    matter_class = SelectField(_l("Class of the petition (art. 31)"))
    petitioner_reachable = BooleanField(
        _l("The petitioner's name and address are clear"), default=True
    )


class WorkInjuryForm(RegisterForm):
    """An application for an injury finding, or for an appraisal of the capacity to work."""

    kind: CaseKind = "work_injury"
    opening = RadioField(_l("What came in"), default="injury_application_received")
    injured_on = DayField(_l("Day of the accident or diagnosis"), [NotAfterToday()])
    applied_by = SelectField(_l("Who applied"))
    injury_kind = SelectField(_l("How it came about"), choices=options(wording.INJURIES.items()))
    diagnosis = TextAreaField(
        _l("What was injured, or which disease"),
        [Length(max=500, message=_l("At most 500 characters."))],
    )
    track = RadioField(_l("Procedure"), choices=options(wording.TRACKS.items()), default="ordinary")
    appraisal_materials_complete = BooleanField(
        _l("The materials of the appraisal are complete"), default=True
    )


class WageArrearsForm(_PassedOnForm, _ClaimsForm):
    """A lead on wage arrears, or an order to pay."""

    kind: CaseKind = "wage_arrears"
    opening = RadioField(_l("What came in"), default="clue_assigned")
    pay_by = DayField(_l("To be paid by"))
    industry = SelectField(_l("Industry"), choices=options(wording.INDUSTRIES.items()))
    project = PlainField(
        _l("Project or workplace"), [Length(max=120, message=_l("At most 120 characters."))]
    )


FORMS: dict[CaseKind, type[RegisterForm]] = {
    "complaint": ComplaintForm,
    "report": ReportForm,
    "arbitration": ArbitrationForm,
    "mediation": MediationForm,
    "person": PersonCaseForm,
    "household": HouseholdForm,
    "petition": PetitionForm,
    "work_injury": WorkInjuryForm,
    "wage_arrears": WageArrearsForm,
}
RECEIVED: dict[CaseKind, LazyString] = {
    "complaint": _l("Complaint received on"),
    "report": _l("Tip-off received on"),
    "arbitration": _l("Application received on"),
    "mediation": _l("Application received on"),
    "person": _l("Recognised on"),
    "household": _l("Confirmed on"),
    "petition": _l("Received on"),
    "work_injury": _l("Application received on"),
    "wage_arrears": _l("Lead received or order served on"),
}
