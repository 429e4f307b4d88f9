"""What a case is in law – collective, simplified, final, criminal – from facts, and why.

Nothing is guessed: what a fact, a wage or a local number is missing for is answered by `ask`,
with what is known. People may decide otherwise; that is kept where the case is, not here.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from rules.common import Text
from rules.policy import Policy
from rules.reasons import (
    CaseFacts,
    Classification,
    Holds,
    Reasons,
    both,
    either,
    reaches,
    truth,
    within,
)
from rules.thresholds import Bounds, MinimumWage, wages_on

__all__ = ["CaseFacts", "Classification", "Holds", "classify"]

_BARS = ("public_interest", "social_impact", "respondent_missing")
_Earlier = Mapping[str, Classification]


def classify(
    facts: CaseFacts,
    jurisdiction: str,
    on: date,
    policy: Policy,
    decided: Mapping[str, bool] = MappingProxyType({}),
) -> list[Classification]:
    """What may be said of the case by the law of a day, in the order of the policy.

    Only what its procedure and place know is among them, and only what can matter to it: the
    number of representatives of a collective case, the amounts of the crime where wages are
    known to be owed. What somebody `decided`, by code, holds in place of what the rules say,
    also for what rests on it. Raises KeyError for an unknown jurisdiction.
    """
    places = policy.chain(jurisdiction)
    found: dict[str, Classification] = {}
    for code, data in policy.classifications.classifications.items():
        here = facts.procedure in data.procedures and data.jurisdiction in places
        matters, judge = _JUDGES[code]
        if not here or not matters(facts, found):
            continue
        reasons = Reasons(code, facts, places, on, policy, found)
        if on < data.from_:
            reasons.common("not_in_force", from_on=data.from_, on=on)
            found[code] = reasons.result("no")
        else:
            found[code] = reasons.result(judge(reasons))
        if code in decided:
            found[code] = _as_decided(found[code], decided[code])
    return list(found.values())


def _as_decided(by_rules: Classification, holds: bool) -> Classification:
    return replace(by_rules, holds=truth(holds), asks=(), by_rules=by_rules.holds)


def _collective(reasons: Reasons) -> Holds:
    facts = reasons.facts
    if facts.collective_contract:
        reasons.says("contract")
        return "yes"
    least = reasons.value("collective_workers")
    if facts.claimants is None:
        return reasons.ask("claimants")
    if facts.claimants < least:
        reasons.says("few", claimants=facts.claimants, least=least)
        return "no"
    reasons.says("many", claimants=facts.claimants, least=least)
    if facts.common_claim is None:
        return truth(bool(reasons.assumed("common_claim")))
    reasons.says("common" if facts.common_claim else "not_common")
    return truth(facts.common_claim)


def _is_collective(_facts: CaseFacts, earlier: _Earlier) -> bool:
    return earlier["collective_case"].holds == "yes"


def _representatives(reasons: Reasons) -> Holds:
    version, number = reasons.number(reasons.code), reasons.facts.representatives
    claimants, most = reasons.facts.claimants, version.most
    span = f"{version.least}–{most}" if version.least else f"≤{most}"
    if number is None and version.least is None and claimants and most and claimants <= most:
        reasons.says("everyone", claimants=claimants, span=span)
        return "yes"
    if number is None:
        reasons.says("span", span=span)
        return reasons.ask("representatives")
    lawful = (version.least or 0) <= number and (most is None or number <= most)
    reasons.says("within" if lawful else "outside", representatives=number, span=span)
    return truth(lawful)


def _are_several(facts: CaseFacts, _earlier: _Earlier) -> bool:
    return facts.representatives is not None or (facts.claimants or 1) > 1


def _panel(reasons: Reasons) -> Holds:
    panel, collective = reasons.value("panel_of_three"), reasons.earlier["collective_case"]
    if collective.holds == "ask":
        reasons.says("unknown")
        return reasons.ask(*collective.asks)
    if collective.holds == "no":
        reasons.says("not_collective", panel=panel)
        return "no"
    track = reasons.facts.track or reasons.assumed("track")
    simplified = track == "simplified"
    reasons.says("simplified" if simplified else "collective", panel=panel)
    return truth(not simplified)


def _simplified(reasons: Reasons) -> Holds:
    facts = reasons.facts
    for bar in _BARS:
        if getattr(facts, bar):
            reasons.says(bar)
            return _not_simple(reasons)
    for ground in ("facts_clear", "both_agree"):
        if getattr(facts, ground):
            reasons.says(ground)
    grounds = either(truth(facts.facts_clear), truth(facts.both_agree), _small(reasons))
    if grounds == "no":
        reasons.says("no_ground")
        return _not_simple(reasons)
    if grounds == "ask":
        if facts.average_wage is None:
            reasons.says("no_wage")
        _ask_missing(reasons, "facts_clear", "both_agree", "amount", "average_wage")
    _ask_missing(reasons, *_BARS)
    return both(grounds, *("ask" if getattr(facts, bar) is None else "yes" for bar in _BARS))


def _not_simple(reasons: Reasons) -> Holds:
    """No; and it is said where the case goes on as if it were."""
    if reasons.facts.track == "simplified":
        reasons.says("recorded_so")
    return "no"


def _small(reasons: Reasons) -> Holds:
    """At most as much as the average yearly wage, which is entered: no source gives it."""
    amount, wage = reasons.facts.amount, reasons.facts.average_wage
    times = reasons.value("simplified_amount")
    if amount is None or wage is None:
        return "ask"
    small = amount <= times * wage
    reasons.says("small" if small else "large", amount=amount, ceiling=times * wage)
    return truth(small)


def _ask_missing(reasons: Reasons, *names: str) -> None:
    reasons.ask(*(name for name in names if getattr(reasons.facts, name) is None))


def _final(reasons: Reasons) -> Holds:
    months = reasons.value("final_award_months")
    reasons.says("reference", on=reasons.on)
    in_doubt = reasons.facts.items_in_doubt
    if in_doubt:
        reasons.says("in_doubt", open=in_doubt)
        reasons.ask("items_in_doubt")
    ceiling = _ceiling(reasons, months)
    if ceiling is None:
        return reasons.ask("minimum_wage")
    verdicts = {
        number: within(item, ceiling)
        for number, item in enumerate(reasons.facts.items, 1)
        if item is not None
    }
    numbers = {
        holds: tuple(number for number, one in verdicts.items() if one == holds)
        for holds in ("yes", "no", "ask")
    }
    if numbers["yes"] and numbers["no"]:
        return _mixed(reasons, numbers["yes"], numbers["no"])
    if not (numbers["ask"] or in_doubt):
        reasons.says("within" if numbers["yes"] else "above")
    if numbers["ask"]:
        reasons.says("open", open=numbers["ask"])
        reasons.ask("minimum_wage_tier")
    return "ask" if in_doubt else both(*verdicts.values())


def _claims_count(facts: CaseFacts, _earlier: _Earlier) -> bool:
    return bool(facts.items_in_doubt) or any(one is not None for one in facts.items)


def _mixed(reasons: Reasons, within: tuple[int, ...], above: tuple[int, ...]) -> Holds:
    """Some items are within the ceiling, some are not: what that comes to differs by place."""
    version = reasons.known("mixed_award")
    if version is None or version.holds is None:
        reasons.says("mixed_open", within=within, above=above)
        return reasons.ask()
    reasons.says("mixed", within=within, above=above, condition=version.condition)
    return version.holds


def _ceiling(reasons: Reasons, months: Decimal) -> Bounds | None:
    """The ceiling of an item for certain, the least and the most of the tiers that can be
    meant; None where a wage is missing or not verified. Says which wages it rests on."""
    facts = reasons.facts
    if facts.minimum_wage is not None:
        ceiling = months * facts.minimum_wage
        reasons.says("entered", monthly=facts.minimum_wage, months=months, ceiling=ceiling)
        return ceiling, ceiling
    wages, gaps = wages_on(
        reasons.policy.minimum_wages, reasons.on, reasons.places, facts.minimum_wage_tier
    )
    for gap in gaps:
        reasons.says("gap", gap=gap.gap)
    if not wages and not gaps:
        reasons.says("none")
    ceilings = [_ceiling_of(wage, months, reasons) for wage in wages]
    if not wages or not all(wage.certain for wage in wages):
        return None
    return min(ceilings), max(ceilings)


def _ceiling_of(wage: MinimumWage, months: Decimal, reasons: Reasons) -> Decimal:
    monthly = wage.monthly or Decimal()
    ceiling = months * monthly
    if wage.certain:
        reasons.marks.append(wage.verified)
    reasons.says(
        "ceiling" if wage.certain else "doubtful",
        monthly=monthly,
        tier="" if wage.tier is None else reasons.shared("tier", tier=wage.tier),
        source=wage.source,
        months=months,
        ceiling=ceiling,
    )
    return ceiling


def _crime(reasons: Reasons) -> Holds:
    facts = reasons.facts
    months, workers = reasons.value("crime_one_worker_months"), reasons.value("crime_many_workers")
    one = reasons.bounds("crime_one_worker_amount")
    every = reasons.bounds("crime_many_workers_amount")
    reasons.says("number", months=months, workers=workers, one=_span(one), all=_span(every))
    of_one = both(reaches(facts.unpaid_months, (months, months)), reaches(facts.unpaid_one, one))
    of_many = both(
        reaches(facts.unpaid_workers, (workers, workers)), reaches(facts.unpaid_total, every)
    )
    if of_one == "yes":
        _say_owed(reasons, "one", "unpaid_months", "unpaid_one")
    if of_many == "yes":
        _say_owed(reasons, "many", "unpaid_workers", "unpaid_total")
    holds = either(of_one, of_many)
    if holds == "no":
        reasons.says("neither")
    if holds == "ask":
        _crime_asks(reasons, of_one, of_many)
    reasons.says("only_amount")
    return holds


def _say_owed(reasons: Reasons, sentence: str, *names: str) -> None:
    reasons.says(sentence, **{name: getattr(reasons.facts, name) for name in names})


def _crime_asks(reasons: Reasons, of_one: Holds, of_many: Holds) -> None:
    """What would decide it: facts that are missing, else the local number."""
    limbs = ((of_one, "unpaid_months", "unpaid_one"), (of_many, "unpaid_workers", "unpaid_total"))
    open_limbs = [names for holds, *names in limbs if holds == "ask"]
    if any(all(getattr(reasons.facts, name) is not None for name in names) for names in open_limbs):
        reasons.says("between")
    for names in open_limbs:
        _ask_missing(reasons, *names)


def _span(bounds: Bounds | None) -> Text:
    """The number, or the span that it lies in."""
    if bounds is None:
        return Text(zh="（未定）", en="(not set)")
    least, most = (f"{one:f}" for one in bounds)
    return (
        Text(zh=least, en=least)
        if least == most
        else Text(zh=f"{least}–{most}", en=f"{least}–{most}")
    )


def _owes(facts: CaseFacts, _earlier: _Earlier) -> bool:
    known = (facts.unpaid_workers, facts.unpaid_months, facts.unpaid_one, facts.unpaid_total)
    return any(one is not None for one in known)


def _sanction(reasons: Reasons) -> Holds:
    facts, crime = reasons.facts, reasons.earlier.get("crime_amount")
    amount: Holds = "ask" if crime is None else crime.holds
    if crime is not None:
        reasons.rested_on.append(crime)
    if facts.order_expired_unpaid is not None:
        reasons.says("ordered" if facts.order_expired_unpaid else "not_ordered")
    if facts.order_expired_unpaid is False:
        return "no"
    reasons.says({"yes": "amount", "no": "small", "ask": "open"}[amount])
    if facts.group_or_extreme is not None:
        reasons.says("incident" if facts.group_or_extreme else "no_incident")
    cause = either(amount, truth(facts.group_or_extreme))
    _ask_missing(reasons, "order_expired_unpaid")
    if cause == "ask":
        reasons.ask(*(crime.asks if crime is not None else ("unpaid_one", "unpaid_total")))
        _ask_missing(reasons, "group_or_extreme")
    return both(truth(facts.order_expired_unpaid), cause)


def _may_be_sanctioned(facts: CaseFacts, earlier: _Earlier) -> bool:
    known = facts.order_expired_unpaid is not None or facts.group_or_extreme is not None
    return known or "crime_amount" in earlier


def _over_age(reasons: Reasons) -> Holds:
    covered = reasons.facts.over_age_matter
    if covered is None:
        return reasons.ask("over_age_matter")
    reasons.says("covered" if covered else "not_covered")
    return truth(covered)


def _advance(reasons: Reasons) -> Holds:
    ceiling, amount = reasons.value("district_advance"), reasons.facts.advance_amount
    if amount is None:
        return reasons.ask("advance_amount")
    reasons.says("district" if amount <= ceiling else "city", amount=amount, ceiling=ceiling)
    return truth(amount <= ceiling)


def _always(_facts: CaseFacts, _earlier: _Earlier) -> bool:
    return True


_Matters = Callable[[CaseFacts, _Earlier], bool]
# By code: whether it can matter to a case of which this is known, and the judgment.
_JUDGES: dict[str, tuple[_Matters, Callable[[Reasons], Holds]]] = {
    "collective_case": (_always, _collective),
    "collective_representatives": (_is_collective, _representatives),
    "complaint_representatives": (_are_several, _representatives),
    "petition_representatives": (_are_several, _representatives),
    "panel_of_three": (_always, _panel),
    "simplified_procedure": (_always, _simplified),
    "final_award": (_claims_count, _final),
    "crime_amount": (_owes, _crime),
    "joint_sanction": (_may_be_sanctioned, _sanction),
    "over_age_arbitration": (lambda facts, _: facts.over_age is True, _over_age),
    "over_age_inspection": (lambda facts, _: facts.over_age is True, _over_age),
    "district_advance": (lambda facts, _: facts.advance_amount is not None, _advance),
}
CODES = frozenset(_JUDGES)
