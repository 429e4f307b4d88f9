"""Tables. Imports nothing of ours; every other layer may import this one."""

from models.alert import Alert, AlertReceipt, Message
from models.approval import Approval
from models.audit import AuditEntry
from models.base import insert_row, metadata, plain_rows, table_of
from models.calendar_year import CalendarYear
from models.case import (
    Case,
    CaseCounter,
    CaseRevision,
    EmploymentDetails,
    InspectionDetails,
    MediationDetails,
    PetitionDetails,
    WageArrearsDetails,
    WorkInjuryDetails,
)
from models.classification import CaseCircumstances, ClassificationDecision
from models.deadline import Deadline
from models.dispute import Dispute
from models.draft import Draft
from models.duty import BureauDuty, DutyCharge, DutyEvent
from models.event import Event
from models.indicator import IndicatorValue
from models.job_run import JobRun, SchedulerBeat
from models.party import CaseParty, Claim, NameGram, Party
from models.rule_change import RuleChange
from models.unit import Unit
from models.user import ApiToken, User

__all__ = [
    "Alert",
    "AlertReceipt",
    "ApiToken",
    "Approval",
    "AuditEntry",
    "BureauDuty",
    "CalendarYear",
    "Case",
    "CaseCircumstances",
    "CaseCounter",
    "CaseParty",
    "CaseRevision",
    "Claim",
    "ClassificationDecision",
    "Deadline",
    "Dispute",
    "Draft",
    "DutyCharge",
    "DutyEvent",
    "EmploymentDetails",
    "Event",
    "IndicatorValue",
    "InspectionDetails",
    "JobRun",
    "MediationDetails",
    "Message",
    "NameGram",
    "Party",
    "PetitionDetails",
    "RuleChange",
    "SchedulerBeat",
    "Unit",
    "User",
    "WageArrearsDetails",
    "WorkInjuryDetails",
    "insert_row",
    "metadata",
    "plain_rows",
    "table_of",
]
