"""Changes that a bureau enters: a new version of a rule, a commitment switched on or promised.

They are laid over the policy of the files and never written into it; taking one back gives the
policy before. Numbers come with their instrument and article like those of the files.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from rules.calendar import add_calendar_days
from rules.common import Citation, Text
from rules.origins import ArticleData, Source, Verified
from rules.policy import Policy
from rules.schema import Extension, Period, Rule, Version
from rules.thresholds import UNVERIFIED_MARKS

AmendmentKind = Literal["version", "switch_on", "promise"]
_PROMISED = "_promised"


class AmendmentError(ValueError):
    """The change cannot be laid over the policy: which field is wrong, and how to mend it.

    `code` names the reason; `values` fill it in.
    """

    def __init__(self, field: str, code: str, **values: object) -> None:
        self.field, self.code, self.values = field, code, values
        super().__init__(f"{field}: {code} {values}")


@dataclass(frozen=True, slots=True)
class Amendment:
    """One change. `id` tells it apart; `rule` is the rule it is about.

    `version`: a new number from `from_on` on, in the unit of the rule, with the most that it
    may be extended by (None: not at all). `switch_on`: a commitment that is off, in `place`,
    `length` only where the policy knows no number. `promise`: `place` promises to be quicker
    than the law. `instrument`, `article`, `words` say where the number stands, `verified` how
    that was read.
    """

    id: str
    kind: AmendmentKind
    rule: str
    from_on: date
    length: int | None
    place: str
    instrument: str
    article: str
    words: str
    verified: str
    cap: int | None = None


def amended(policy: Policy, amendments: Sequence[Amendment]) -> Policy:
    """The policy with the changes, in the order of their days. Raises AmendmentError."""
    rules, sources = dict(policy.rules), dict(policy.sources)
    for one in sorted(amendments, key=lambda each: (each.from_on, len(each.id), each.id)):
        rule = _apply(one, rules)
        earlier = rules.get(rule.id) if one.kind == "promise" else None
        rules[rule.id] = rule if earlier is None else _after(earlier, rule, one)
        sources[_source_id(one)] = _source(one)
    digest = hashlib.sha256(policy.files_digest.encode())
    digest.update(repr(sorted(amendments, key=lambda each: each.id)).encode())
    changed = digest.hexdigest() if amendments else policy.files_digest
    return replace(policy, rules=rules, sources=sources, files_digest=changed)


def amendable(policy: Policy, kind: AmendmentKind) -> list[Rule]:
    """The rules that such a change may be about."""
    return [rule for rule in policy.rules.values() if _fits(rule, kind)]


def _fits(rule: Rule, kind: AmendmentKind) -> bool:
    if kind == "switch_on":
        return rule.use == "off"
    if not rule.versions or rule.use not in ("law", "target"):
        return False
    countable = rule.versions[-1].period.unit not in ("stated", "same_day", "quarters")
    return countable and (kind == "version" or rule.kind in ("duty", "target"))


def _apply(one: Amendment, rules: Mapping[str, Rule]) -> Rule:
    rule = rules.get(one.rule)
    if rule is None or not _fits(rule, one.kind):
        raise AmendmentError("rule", "unknown_rule", rule=one.rule)
    if one.kind == "version":
        return _with_version(rule, one)
    return _switched_on(rule, one) if one.kind == "switch_on" else _promised(rule, one)


def _with_version(rule: Rule, one: Amendment) -> Rule:
    last = rule.versions[-1]
    if one.from_on <= last.from_:
        raise AmendmentError("from_on", "not_after_last", day=last.from_)
    if rule.use == "law" and set(one.verified.split("+")) <= set(UNVERIFIED_MARKS):
        raise AmendmentError("verified", "unverified_law", mark=one.verified)
    ended = last.model_copy(update={"to": add_calendar_days(one.from_on, -1)})
    extension = None
    if one.cap is not None:
        if last.extension is None:
            raise AmendmentError("cap", "no_extension")
        extension = last.extension.model_copy(update={"cap": one.cap, "basis": _basis(one)})
    fresh = _version(one, last, _length(one), extension)
    return rule.model_copy(update={"versions": (*rule.versions[:-1], ended, fresh)})


def _switched_on(rule: Rule, one: Amendment) -> Rule:
    if rule.versions:
        known = rule.versions[-1]
        length = known.period.length if one.length is None else one.length
        version = _version(one, known, length, known.extension)
    else:
        version = Version.model_validate(
            {
                "from": one.from_on,
                "period": Period(length=_length(one), unit="working_days"),
                "counting": "C2",
                "basis": _basis(one),
                "verified": one.verified,
            }
        )
    return rule.model_copy(
        update={"use": "target", "versions": (version,), "jurisdiction": one.place}
    )


def _promised(rule: Rule, one: Amendment) -> Rule:
    """Beside the law, never in its place: it ends, pauses and restarts with it."""
    last = rule.versions[-1]
    if _length(one) >= last.period.length:
        raise AmendmentError("length", "not_tighter", most=last.period.length - 1)
    version = _version(one, last, _length(one), None)
    obligation = Text(
        zh=f"{rule.obligation.zh}（本机关承诺）", en=f"{rule.obligation.en} (as promised)"
    )
    return rule.model_copy(
        update={
            "id": promised_of(rule.id),
            "use": "target",
            "kind": "commitment",
            "obligation": obligation,
            "label": Text(zh="本机关的承诺，不是法定期限", en="A promise of the bureau, not law"),
            "jurisdiction": one.place,
            "replaces": None,
            "also": {},
            "conflict": None,
            "question": None,
            "consequence": Text(zh="仅作考核", en="Assessment only"),
            "versions": (version,),
        }
    )


def _after(earlier: Rule, promised: Rule, one: Amendment) -> Rule:
    """A second promise follows the first from its day on."""
    last = earlier.versions[-1]
    if one.from_on <= last.from_:
        raise AmendmentError("from_on", "not_after_last", day=last.from_)
    ended = last.model_copy(update={"to": add_calendar_days(one.from_on, -1)})
    versions = (*earlier.versions[:-1], ended, *promised.versions)
    return promised.model_copy(update={"versions": versions})


def _length(one: Amendment) -> int:
    if one.length is None or one.length < 1:
        raise AmendmentError("length", "no_length")
    return one.length


def _version(one: Amendment, like: Version, length: int, extension: Extension | None) -> Version:
    return like.model_copy(
        update={
            "from_": one.from_on,
            "to": None,
            "period": like.period.model_copy(update={"length": length}),
            "extension": extension,
            "basis": _basis(one),
            "verified": one.verified,
        }
    )


def _source_id(one: Amendment) -> str:
    return f"entered_{one.id}"


def _basis(one: Amendment) -> tuple[Citation, ...]:
    return (Citation(source=_source_id(one), article=one.article),)


def _source(one: Amendment) -> Source:
    how = Text(zh="由管理员录入", en="entered by an administrator")
    return Source(
        id=_source_id(one),
        title=Text(zh=one.instrument, en=one.instrument),
        short=one.instrument,
        verified=Verified(mark=one.verified, how=how),
        articles={one.article: ArticleData(words=one.words or None)},
    )


def promised_of(rule: str) -> str:
    """What the promise beside a rule is called."""
    return rule + _PROMISED


def beside_of(rule: str) -> str | None:
    """The rule that a promised limit stands beside; None for one that is no promise."""
    return rule.removesuffix(_PROMISED) if rule.endswith(_PROMISED) else None
