"""What handlers of the demo bureau entered to say what a case is in law, and decided."""

from collections.abc import Collection, Mapping
from random import Random
from typing import Any

from service.demo.data import bureau_data, one_of

_ENTERED, _DECIDED = 0.25, 0.04
# How likely each answer is yes.
_ANSWERS: Mapping[str, Mapping[str, float]] = {
    "arbitration": {
        "facts_clear": 0.5,
        "both_agree": 0.6,
        "public_interest": 0.02,
        "social_impact": 0.05,
        "respondent_missing": 0.1,
    },
    "complaint": {"group_or_extreme": 0.05, "order_expired_unpaid": 0.3},
}
_DECIDABLE = "simplified_procedure"


def entered(rng: Random, kind: str, claims: Collection[str]) -> dict[str, Any]:
    """The circumstances of a case of this kind; of most none are entered."""
    answers = _ANSWERS.get(kind)
    if answers is None or rng.random() >= _ENTERED:
        return {}
    if kind == "complaint" and "wages" not in claims:
        return {}
    return {name: rng.random() < likely for name, likely in answers.items() if rng.random() < 0.8}


def decided(rng: Random, kind: str, known: Mapping[str, Any]) -> tuple[str, bool, str, str] | None:
    """Code, decision, what the rules left open, and the reason; seldom."""
    open_still = kind == "arbitration" and not known
    if not open_still or rng.random() >= _DECIDED:
        return None
    return _DECIDABLE, True, "ask", one_of(rng, bureau_data()["simple_reasons"])
