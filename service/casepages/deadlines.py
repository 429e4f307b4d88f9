"""The deadlines of a case as its page shows them: explained, drawn, the pressing ones first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.citing import Citation
from rules.deadlines import derive
from rules.differing import Differing
from rules.matter import OURS, Clock, Matter
from rules.rulebook import Rulebook
from service import wording
from service.casepages.bars import Segment, bar
from service.casepages.blueprint import blueprint
from service.explaining import ExplainedClock, explain_matter


@blueprint.app_template_global()
def clock_kind_note(kind: str) -> str:
    """What a deadline of this kind is; nothing for the bureau's plain duties and targets."""
    return str(wording.CLOCK_KINDS.get(kind, ""))


@dataclass(frozen=True, slots=True)
class Shown:
    """A deadline with its bar, and with why its date is what it is.

    `unit` is the one that `days_left` and `extended_days` count in. `caution` says what
    kind of promise it is, where it is no plain statutory limit.
    """

    clock: Clock
    status: str
    unit: str
    obligation: str
    caution: str
    bar: Sequence[Segment]
    steps: Sequence[str]
    sources: Sequence[Citation]
    differing: Differing | None

    @property
    def ours(self) -> bool:
        """Is it for the bureau to keep?"""
        return self.clock.kind in OURS


@dataclass(frozen=True, slots=True)
class Explained:
    """All deadlines of a case, and what contradicts itself in its events."""

    deadlines: Sequence[Shown]
    findings: Sequence[str]
    notes: Sequence[str]


_ORDER = {
    "overdue": 0,
    "running": 1,
    "paused": 2,
    "met_late": 3,
    "met": 4,
    "lapsed": 5,
    "cancelled": 6,
}


def explained(matter: Matter, rulebook: Rulebook, today: date, language: str) -> Explained:
    """The deadlines of a matter with steps and articles: our own before the parties' and the
    computed days, of each those that press first."""
    derivation = derive(matter, rulebook, today)
    explanation = explain_matter(matter, derivation, rulebook, today, language)
    shown = [_shown(one, rulebook, today, language) for one in explanation.clocks]
    shown.sort(key=lambda one: (not one.ours, _ORDER[one.status], one.clock.due_on or date.max))
    return Explained(shown, explanation.findings, explanation.notes)


def _shown(one: ExplainedClock, rulebook: Rulebook, today: date, language: str) -> Shown:
    rule = rulebook.policy.rules[one.clock.rule]
    label, version = rule.label, rule.version_on(one.clock.version)
    measure = rulebook.measures.of_version(rule, one.clock.version)
    return Shown(
        clock=one.clock,
        # What lost its premise was neither done in time nor missed.
        status="lapsed" if one.clock.ended_by in rule.lapsed_by else one.status,
        unit=version.period.unit if version else "calendar_days",
        obligation=one.obligation,
        caution=label[language] if label else "",
        bar=bar(one.clock, measure, today),
        steps=one.steps,
        sources=one.citations,
        differing=one.differing,
    )
