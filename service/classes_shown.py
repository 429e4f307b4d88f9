"""What a case is in law, in the words of a language, for pages and the API."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.citing import Citation, cited
from rules.rulebook import Rulebook
from service.cases.classifying import Classified, Decision


@dataclass(frozen=True, slots=True)
class ShownClass:
    """One classification: `holds` is yes, part, no or ask; `by_rules` what the rules say where
    somebody decided it, else None. `later` is what another day's standard says."""

    code: str
    label: str
    holds: str
    by_rules: str | None
    why: str
    later: str
    sources: Sequence[Citation]
    verified: str
    asks: Sequence[str]
    decision: Decision | None


def shown_classes(
    found: Iterable[Classified], rulebook: Rulebook, lang: str, *, personal: bool = True
) -> list[ShownClass]:
    """The classifications in "zh" or "en", in the order of the policy; the words of a decision,
    which may name people, only for those who read `personal` data."""
    return [_shown(one, rulebook, lang, personal) for one in found]


def _shown(one: Classified, rulebook: Rulebook, lang: str, personal: bool) -> ShownClass:
    decision = one.decision
    if decision is not None and not personal:
        decision = decision._replace(reason="")
    found, policy = one.found, rulebook.policy.classifications
    return ShownClass(
        code=found.code,
        label=policy.classifications[found.code].label[lang],
        holds=found.holds,
        by_rules=found.by_rules,
        why=found.why[lang],
        later=one.later.why[lang] if one.later else "",
        sources=cited(found.basis, rulebook, lang),
        verified=found.verified,
        asks=[policy.questions[name].label[lang] for name in found.asks],
        decision=decision,
    )
