"""Why a deadline is what it is: the clocks of a case with their steps and articles."""

import sys
from dataclasses import dataclass
from datetime import date
from typing import TextIO

from sqlmodel import Session, select

from jobs import recompute, rulebooks
from models import Case
from rules.citing import Citation
from rules.closing import shown_clocks
from rules.deadlines import derive
from rules.differing import Differing, differing
from rules.explain import citations, finding_text, steps
from rules.matter import Clock, Derivation, Matter, Status
from rules.rulebook import Rulebook
from rules.unstarted import unstarted
from service import audit


@dataclass(frozen=True)
class ExplainedClock:
    """A clock, how it stands on the day asked for, and everything that made its date."""

    clock: Clock
    status: Status
    obligation: str
    steps: list[str]
    citations: list[Citation]
    differing: Differing | None = None


@dataclass(frozen=True)
class Explanation:
    """The clocks of a case, in the order they started, the contradictions in its events, and
    what a fact keeps from starting."""

    clocks: list[ExplainedClock]
    findings: list[str]
    notes: list[str]


def explain(
    session: Session, case: Case, rulebook: Rulebook, today: date, language: str
) -> Explanation:
    """The explanation of a case, in "zh" or "en"; derived anew, with nothing written."""
    matter = recompute.matter_of(session, case)
    return explain_matter(matter, derive(matter, rulebook, today), rulebook, today, language)


def explain_matter(
    matter: Matter, derivation: Derivation, rulebook: Rulebook, today: date, language: str
) -> Explanation:
    """The same for a matter that is not stored (a preview, the calculator)."""
    clocks = shown_clocks(matter, derivation, rulebook)
    ordered = sorted(clocks, key=lambda clock: (clock.started_on, clock.rule, clock.seq))
    return Explanation(
        [_explained(clock, matter, rulebook, today, language) for clock in ordered],
        [finding_text(finding, rulebook, language) for finding in derivation.findings],
        unstarted(matter, derivation, rulebook, language),
    )


def _explained(
    clock: Clock, matter: Matter, rulebook: Rulebook, today: date, language: str
) -> ExplainedClock:
    return ExplainedClock(
        clock=clock,
        status=clock.status(today),
        obligation=rulebook.policy.rules[clock.rule].obligation[language],
        steps=steps(clock, matter, rulebook, language),
        citations=citations(clock, rulebook, language),
        differing=differing(clock, rulebook, language),
    )


def explain_case(session: Session, number: str, language: str, out: TextIO, day: date) -> int:
    """Print the explanation of a case for the machine's owner; returns the exit status.

    The read is audited. `day` is today where the bureau is.
    """
    case = session.exec(select(Case).where(Case.number == number.strip().upper())).one_or_none()
    if case is None:
        sys.stderr.write(f"anqi: there is no case {number}\n")
        return 1
    audit.record(session, None, "case.read", case=case, subject="command line")
    session.commit()
    found = explain(session, case, rulebooks.current(session), day, language[:2])
    out.writelines(f"{line}\n" for line in as_lines(case, found))
    return 0


def as_lines(case: Case, explanation: Explanation) -> list[str]:
    """The explanation as text for a terminal; names no party."""
    lines = [f"{case.number}  {case.procedure}  {case.jurisdiction}  {case.state}"]
    for one in explanation.clocks:
        due = one.clock.due_on.isoformat() if one.clock.due_on else "–"
        lines += ["", f"{one.clock.rule} #{one.clock.seq}  {one.status}  {due}  {one.obligation}"]
        lines += [f"  {step}" for step in one.steps]
        if one.differing is not None:
            lines.append(f"  {one.differing.told}")
            lines += [f"    {source.place} ({source.verified})" for source in one.differing.sources]
    lines += [f"! {finding}" for finding in explanation.findings]
    return lines + [f"– {note}" for note in explanation.notes]
