"""What the codes of a case are called on the screen: kinds, states, channels, causes, roles.

Events, rules and articles are named by the policy in both languages, not here.
"""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

KINDS: Mapping[str, LazyString] = {
    "complaint": _l("Inspection complaint"),
    "report": _l("Tip-off"),
    "arbitration": _l("Arbitration"),
    "mediation": _l("Mediation"),
    "person": _l("Person with employment difficulty"),
    "household": _l("Zero-employment household"),
    "petition": _l("Petition"),
    "work_injury": _l("Work injury"),
    "wage_arrears": _l("Wage arrears case"),
}
KIND_HINTS: Mapping[str, LazyString] = {
    "complaint": _l("A worker about their own rights: wages, overtime, contract, insurance."),
    "report": _l("Anyone about a violation by an employer; the reporter's identity is kept."),
    "arbitration": _l("An application to the arbitration commission."),
    "mediation": _l("An application to a mediation organisation near the parties."),
    "person": _l("Recognised as having difficulty finding work; to be placed in time."),
    "household": _l("Nobody in the household works; at least one member is to be placed."),
    "petition": _l("A petition received, passed on to us, or brought to us for review."),
    "work_injury": _l("An application for an injury finding, or for an appraisal of capacity."),
    "wage_arrears": _l("A lead to be dealt with, or an order to pay that was served."),
}
STATES: Mapping[str, LazyString] = {
    "open": _l("Open"),
    "closed": _l("Closed"),
    "voided": _l("Voided"),
}
CHANNELS: Mapping[str, LazyString] = {
    "window": _l("At the window"),
    "phone": _l("By phone"),
    "online": _l("Online"),
    "letter": _l("By letter"),
    "transferred": _l("Handed over by another office"),
}
VIOLATIONS: Mapping[str, LazyString] = {
    "wage_arrears": _l("Wage arrears"),
    "overtime": _l("Overtime or working hours"),
    "contract": _l("No written contract"),
    "social_insurance": _l("Social insurance not paid"),
    "minimum_wage": _l("Below the minimum wage"),
    "women_minors": _l("Protection of women and minors"),
    "agency": _l("Employment agency or labour dispatch"),
    "other": _l("Other"),
}
CAUSES: Mapping[str, LazyString] = {
    "wages": _l("Wages"),
    "overtime_pay": _l("Overtime pay"),
    "termination": _l("Termination of the contract"),
    "contract": _l("Conclusion or change of the contract"),
    "social_insurance": _l("Social insurance"),
    "work_injury": _l("Work injury benefits"),
    "other": _l("Other"),
}
CATEGORIES: Mapping[str, LazyString] = {
    "older": _l("Older unemployed person"),
    "disabled": _l("Person with a disability"),
    "low_income": _l("Recipient of minimum living allowance"),
    "long_term": _l("Unemployed for a long time"),
    "land_lost": _l("Farmer whose land was requisitioned"),
    "household": _l("Member of a zero-employment household"),
    "other": _l("Other"),
}
SUBJECTS: Mapping[str, LazyString] = {
    "wages": _l("Wages"),
    "social_insurance": _l("Social insurance"),
    "work_injury": _l("Work injury benefits"),
    "employment": _l("Employment and training"),
    "conduct": _l("How an office or its staff acted"),
    "suggestion": _l("Suggestion or question about a policy"),
    "other": _l("Other"),
}
INJURIES: Mapping[str, LazyString] = {
    "accident": _l("Accident at work"),
    "commuting": _l("Accident on the way to or from work"),
    "disease": _l("Occupational disease"),
    "other": _l("Other"),
}
INDUSTRIES: Mapping[str, LazyString] = {
    "construction": _l("Construction"),
    "manufacturing": _l("Manufacturing"),
    "services": _l("Services"),
    "other": _l("Other"),
}
CLAIM_KINDS: Mapping[str, LazyString] = {
    "wages": _l("Wages"),
    "overtime_pay": _l("Overtime pay"),
    "compensation": _l("Severance or damages"),
    "double_wages": _l("Double wages for want of a contract"),
    "social_insurance": _l("Social insurance"),
    "injury_medical": _l("Work injury medical costs"),
    "injury_other": _l("Other work injury benefits"),
    "work_injury": _l("Work injury benefits, not told apart"),
    "other": _l("Other"),
}
ROLES: Mapping[str, LazyString] = {
    "complainant": _l("Complainant"),
    "applicant": _l("Applicant"),
    "respondent": _l("Respondent"),
    "employer": _l("Employer"),
    "person": _l("Person"),
    "household_head": _l("Head of the household"),
    "member": _l("Member of the household"),
    "petitioner": _l("Petitioner"),
    "injured_worker": _l("Injured worker"),
    "worker": _l("Worker"),
}
TRACKS: Mapping[str, LazyString] = {
    "ordinary": _l("Ordinary procedure"),
    "simplified": _l("Simplified procedure"),
}
MEDIATION_BODIES: Mapping[str, LazyString] = {
    "other": _l("Township, section or other organisation"),
    "enterprise_committee": _l("Enterprise's mediation committee"),
}
# By fact, what its choices are called.
FACT_CHOICES: Mapping[str, Mapping[str, LazyString]] = {
    "track": TRACKS,
    "mediation_body": MEDIATION_BODIES,
}
DETAILS: Mapping[str, LazyString] = {
    "channel": _l("How it came"),
    "violation": _l("Violation"),
    "cause": _l("Cause"),
    "category": _l("Category"),
    "skills": _l("Skills and wishes"),
    "premediation_offered_on": _l("Mediation offered first"),
    "household_size": _l("Members of the household of working age"),
    "subject": _l("Subject"),
    "passed_on_by": _l("Passed on by"),
    "reference": _l("Document number"),
    "industry": _l("Industry"),
    "project": _l("Project or workplace"),
    "applied_by": _l("Who applied"),
    "injury_kind": _l("How it came about"),
}
# What a limit is that is not simply the bureau's own to keep; in a few words, beside it.
CLOCK_KINDS: Mapping[str, LazyString] = {
    "party": _l("the party's own limit"),
    "authority": _l("another authority's limit"),
    "bar": _l("no action after this day"),
    "advisory": _l("for guidance only"),
    "recurring": _l("recurs"),
    "deemed_date": _l("computed day"),
    "earliest": _l("not before this day"),
    "term": _l("ends of itself"),
    "retention": _l("keep until this day"),
}
BAR_PARTS: Mapping[str, LazyString] = {
    "elapsed": _l("elapsed"),
    "paused": _l("paused"),
    "left": _l("left"),
    "late": _l("late"),
    "unused": _l("not needed"),
}
STAGES: Mapping[str, LazyString] = {
    "due_soon": _l("Due soon"),
    "overdue": _l("Overdue"),
    "escalated": _l("Overdue, handed up"),
}
DUE: Mapping[str, LazyString] = {
    "overdue": _l("Overdue"),
    "today": _l("Today"),
    "week": _l("This week"),
    "later": _l("Later"),
}


def label(labels: Mapping[str, LazyString], code: str | None) -> str:
    """What `code` is called, or the code itself when the list does not know it."""
    if code is None:
        return ""
    return str(labels.get(code, code))


def at_the_head(text: str) -> str:
    """Words of the policy, which stand within sentences, where they begin a line."""
    return text[:1].upper() + text[1:]


def choices(labels: Mapping[str, LazyString]) -> list[tuple[str, LazyString]]:
    """The pairs a select field wants."""
    return list(labels.items())
