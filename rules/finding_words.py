"""What a contradiction in words needs beside its event and its day."""

from rules.citing import quote
from rules.common import Text
from rules.matter import Finding
from rules.oddities import holds_elsewhere
from rules.rulebook import Rulebook
from rules.schema import Rule
from rules.wording import Wording


def held_elsewhere(rule: Rule | None, finding: Finding, rulebook: Rulebook) -> Text | None:
    """What more there is to say of what stops no clock here."""
    if rule is None or finding.code != "no_pause_here":
        return None
    return holds_elsewhere(finding.event, rule, rulebook.policy)


def capped(rule: Rule | None, finding: Finding, say: Wording) -> str:
    """The most that the rule may be extended by, in its unit, on the day of the finding."""
    version = rule.version_on(finding.on) if rule else None
    if version is None or not finding.detail.isdigit():
        return finding.detail
    return f"{finding.detail}{say.unit(version.period.unit, int(finding.detail))}"


def extending(rule: Rule | None, finding: Finding, rulebook: Rulebook, language: str) -> str:
    """The article by which the rule is extended, on the day of the finding."""
    version = rule.version_on(finding.on) if rule else None
    if version is None or version.extension is None:
        return ""
    return quote(version.extension.basis[:1], rulebook, language)[0]
