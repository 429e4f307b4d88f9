"""The book of the law: what the policy says, rule by rule, for a lawyer to read and sign off.

Only its content; `rules.book_markdown` writes it for docs/law, the service as a page and a PDF.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.citing import marked, quote
from rules.closing import settled
from rules.common import Citation
from rules.explain import counted, finding_text
from rules.matter import Derivation
from rules.rulebook import Rulebook
from rules.schema import Pause, Rule, Statement, Version
from rules.wording import Wording
from rules.worked import WorkedCase

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what stands beside it."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A worked case in words."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One rule or statement: its lines, the words of its articles, its worked cases.

    `code` is shown beside the title: what the rule is called everywhere.
    """

    id: str
    title: str
    lines: tuple[Line, ...]
    articles: tuple[str, ...] = ()
    cases: tuple[ShownCase, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A procedure, or an appendix."""

    id: str
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """The whole book in one language, with the words for its headings."""

    language: str
    title: str
    lead: str
    words: Mapping[str, str]
    chapters: tuple[Chapter, ...]


def make_book(rulebook: Rulebook, cases: Sequence[WorkedCase], language: str) -> Book:
    """The book in `zh` or `en`; `cases` as of `rules.worked`."""
    return _Author(rulebook, cases, language).book()


class _Author:
    """Writes one book."""

    def __init__(self, rulebook: Rulebook, cases: Sequence[WorkedCase], language: str) -> None:
        self.rulebook, self.policy, self.language = rulebook, rulebook.policy, language
        self.say = Wording(rulebook, language)
        self.words = {name: text[language] for name, text in self.policy.book.items()}
        self.cases = cases

    def book(self) -> Book:
        """All chapters: the procedures, then the appendices."""
        procedures = [self._procedure(name) for name in self.policy.procedures]
        chapters = [*procedures, self._codes(), self._assumptions(), self._questions()]
        words = self.words
        return Book(self.language, words["title"], words["lead"], words, tuple(chapters))

    def _procedure(self, name: str) -> Chapter:
        rules = [one for one in self.policy.rules.values() if one.procedure == name]
        statements = [one for one in self.policy.statements.values() if one.procedure == name]
        sections = [*map(self._rule, rules), *map(self._statement, statements)]
        return Chapter(name, self.policy.procedures[name].label[self.language], tuple(sections))

    def _rule(self, rule: Rule) -> Section:
        lines = [
            *self._known(rule),
            *self._events(rule),
            *self._versions(rule),
            *self._remarks(rule),
        ]
        articles = quote(dict.fromkeys(_citations(rule)), self.rulebook, self.language)
        cases = tuple(self._case(one) for one in self.cases if rule.id in one.shows)
        title = rule.obligation[self.language]
        return Section(rule.id, title, tuple(lines), tuple(articles), cases, rule.id)

    def _statement(self, one: Statement) -> Section:
        lines = [*self._known(one), self._line("says", one.says[self.language])]
        lines.append(self._line("verified", one.verified))
        articles = quote(one.basis, self.rulebook, self.language)
        title = one.obligation[self.language]
        return Section(one.id, title, tuple(lines), tuple(articles), code=one.id)

    def _line(self, label: str, text: str) -> Line:
        return Line(self.words[label], text)

    def _known(self, one: Rule | Statement) -> Iterator[Line]:
        yield self._line("who", one.who[self.language])
        yield self._line("where", self._place(one.jurisdiction))
        yield self._line("use", self.words[f"use_{one.use}"])
        if isinstance(one, Rule):
            yield self._line("kind", self.words[f"kind_{one.kind}"])

    def _place(self, name: str) -> str:
        return self.policy.jurisdictions[name].label[self.language]

    def _events(self, rule: Rule) -> Iterator[Line]:
        ends = [name for name in rule.discharged_by if name not in rule.lapsed_by]
        listed = {
            "starts_on": rule.starts_on,
            "discharged_by": ends,
            "lapsed_by": rule.lapsed_by,
            "cancelled_by": rule.cancelled_by,
            "restarts_on": rule.restarts_on,
        }
        for label, events in listed.items():
            if events:
                named = (self.say.ending(rule, event) for event in events)
                yield self._line(label, self._listed(named))
        if rule.waits_for is not None:
            yield self._line("waits_for", self.say.event(rule.waits_for))
        for pause in rule.pauses:
            yield self._line("pauses", self._pause(pause, rule))
        if rule.requires:
            told = self._listed(map(self.say.condition, rule.requires))
            yield self._line("requires", told)
        if rule.replaces:
            replaced = self.policy.rules[rule.replaces].obligation[self.language]
            yield self._line("replaces", replaced)

    def _listed(self, texts: Iterable[str]) -> str:
        return self.say.template("list_separator").join(texts)

    def _pause(self, pause: Pause, rule: Rule) -> str:
        told = self.words["until"].format(
            from_=self.say.event(pause.from_), to=self.say.event(pause.to)
        )
        if pause.jurisdiction == rule.jurisdiction or pause.jurisdiction == "national":
            return told
        return told + self.words["pause_here"].format(place=self._place(pause.jurisdiction))

    def _versions(self, rule: Rule) -> Iterator[Line]:
        if not rule.versions:
            yield self._line("period", self.words["no_version"])
        if rule.verified is not None:
            yield self._line("verified", rule.verified)
        for version in rule.versions:
            yield from self._version(version, self._span(version, rule))
        for place, law in rule.also.items():
            told = self.words["also"].format(place=self._place(place), verified=law.verified)
            for text in quote(law.basis, self.rulebook, self.language):
                yield self._line("basis", told + text)

    def _span(self, version: Version, rule: Rule) -> str:
        """From when to when it holds; where only what it is cited by changed, since when."""
        last = rule.changed_after(version)
        code = "cited_since" if rule.only_cited_anew(version) else "version"
        if last is not None:
            code += "_to"
        return self.words[code].format(from_=version.from_, to=last)

    def _version(self, version: Version, span: str) -> Iterator[Line]:
        unit = self.say.unit(version.period.unit, version.period.length)
        length = version.period.length or ""
        after = [self.words["day_after"]] if version.reached == "day_after" else []
        yield self._line("period", " – ".join([f"{length}{unit}".strip(), *after, span]))
        counting = self.policy.counting[version.counting].text[self.language]
        code = f"{version.counting}: " if _of_the_tables(version.counting) else ""
        yield self._line("counting", code + counting)
        yield from self._extension(version)
        yield self._line("verified", version.verified)

    def _extension(self, version: Version) -> Iterator[Line]:
        if version.agreed_extension:
            yield self._line("extension", self.words["agreed"])
        if version.extension is None:
            return
        extension, unit = version.extension, version.period.unit
        code = "extension_uncapped" if extension.cap is None else "extension_capped"
        approver = extension.approver[self.language]
        text = self.words[code].format(
            cap=extension.cap, unit=self.say.unit(unit, extension.cap), approver=approver
        )
        yield self._line("extension", text)
        if extension.times is not None:
            yield self._line(
                "extension", self.words["extension_times"].format(times=extension.times)
            )
        for place, cap in extension.caps.items():
            told = self.words["extension_place"].format(
                place=self._place(place), cap=cap, unit=self.say.unit(unit, cap)
            )
            yield self._line("extension", told)

    def _remarks(self, rule: Rule) -> Iterator[Line]:
        yield from self._consequence(rule)
        if rule.label is not None:
            yield self._line("label", rule.label[self.language])
        if rule.conflict is not None:
            yield self._line("conflict", rule.conflict.text[self.language])
            for text in marked(rule.conflict.basis, self.rulebook, self.language):
                yield self._line("conflict_basis", text)
        if rule.ending is not None:
            yield self._line("ending", rule.ending[self.language])
        if rule.question is not None:
            yield self._line("question", rule.question[self.language])
        for question in self.policy.questions.values():
            if rule.id in question.concerns:
                yield self._line("open", question.text[self.language])

    def _consequence(self, rule: Rule) -> Iterator[Line]:
        """Of what is missed; of what arrives of itself, what comes then."""
        named = rule.consequence
        if not rule.can_be_missed:
            if named is not None:
                yield self._line("effect", named[self.language])
            return
        told = self.words["no_consequence"] if named is None else named[self.language]
        yield self._line("consequence", told)

    def _case(self, case: WorkedCase) -> ShownCase:
        events = self._listed(self._happened(case, *one) for one in case.happened())
        lines = [self._line("happened", events)]
        if case.jurisdiction != "national":
            lines.append(self._line("where", self._place(case.jurisdiction)))
        if case.facts:
            facts = self._listed(self.say.fact(*item) for item in case.facts.items())
            lines.append(self._line("facts", facts))
        lines.append(self._line("seen_on", case.today.isoformat()))
        lines += [self._line("then", self._expected(row)) for row in case.expected]
        derivation = settled(case.matter(), self.rulebook, case.today)
        lines += (self._line("findings", text) for text in self._found(case, derivation))
        lines += self._reasons(case, derivation)
        return ShownCase(case.title[self.language], tuple(lines))

    def _found(self, case: WorkedCase, derivation: Derivation) -> Iterator[str]:
        """What the case shows to be contradictory, in the product's own words."""
        for one in derivation.findings:
            if f"{one.code} {one.event}" in case.findings:
                yield finding_text(one, self.rulebook, self.language)

    def _reasons(self, case: WorkedCase, derivation: Derivation) -> Iterator[Line]:
        """The author's reasoning is in English; in Chinese the product's own steps stand."""
        if self.language == "en":
            yield self._line("reasoning", case.reasoning)
            return
        matter = case.matter()
        for clock in derivation.clocks:
            if clock.rule in case.shows:
                told = counted(clock, matter, self.rulebook, self.language)
                yield self._line("reasoning", "".join(told))

    def _happened(self, case: WorkedCase, kind: str, on: Any, details: Mapping[str, Any]) -> str:
        told = [self._detail(case, kind, name, value) for name, value in details.items()]
        more = self.words["details"].format(details=self._listed(told)) if told else ""
        return f"{on} {self.say.event(kind)}{more}"

    def _detail(self, case: WorkedCase, kind: str, name: str, value: Any) -> str:
        """A detail of an event: `by 15 calendar days`."""
        if name == "days":
            value = f"{value}{self._unit_extended(case, kind, value)}"
        elif name == "rule":
            value = self.policy.rules[value].obligation[self.language]
        elif name == "ground":
            event = self.policy.events[kind]
            grounds = event.grounds.get(case.procedure, {})
            value = grounds[value][self.language] if value in grounds else value
            if event.asks is not None:
                return self.say("fact", label=event.asks[self.language], value=value)
        return self.words[f"detail_{name}"].format(value=value)

    def _unit_extended(self, case: WorkedCase, kind: str, days: int) -> str:
        """The unit of the rule that the case shows extended; nothing where it shows none."""
        shown = [self.policy.rules[name] for name in case.shows]
        units = [one.versions[-1].period.unit for one in shown if kind in one.extended_by]
        return self.say.unit(units[0], days) if units else ""

    def _expected(self, row: Mapping[str, Any]) -> str:
        rule = self.policy.rules[row["rule"]]
        told = [rule.obligation[self.language]]
        if "state" in row:
            lapsed = row.get("ended_by") in rule.lapsed_by
            told.append(self.words["state_lapsed" if lapsed else f"state_{row['state']}"])
        if "due_on" in row:
            due = row["due_on"]
            told.append(self.words["due"].format(on=due) if due else self.words["no_due"])
        return self._listed(told)

    def _codes(self) -> Chapter:
        sections = []
        for code, counting in self.policy.counting.items():
            text = counting.text[self.language]
            articles = quote(counting.basis, self.rulebook, self.language)
            lines = [self._line("counting", text)]
            if counting.note is not None:
                lines.append(self._line("note", counting.note[self.language]))
            if counting.assumptions:
                lines.append(self._line("assumed", self._listed(counting.assumptions)))
            sections.append(Section(code, _headed(code, text), tuple(lines), tuple(articles)))
        return Chapter("counting", self.words["codes"], tuple(sections))

    def _assumptions(self) -> Chapter:
        sections = []
        for code, one in self.policy.assumptions.items():
            text, reading = one.text[self.language], one.readings[one.reading][self.language]
            lines = (
                self._line("says", text),
                self._line("question", self.words["reading"].format(text=reading)),
            )
            sections.append(Section(code, _headed(code, text), lines))
        return Chapter("assumptions", self.words["assumptions"], tuple(sections))

    def _questions(self) -> Chapter:
        asked = [
            Line(rule.obligation[self.language], rule.question[self.language])
            for rule in self.policy.rules.values()
            if rule.question is not None
        ]
        unread = [
            Line(f"{self.words['open']} {number}", one.text[self.language])
            for number, one in enumerate(self.policy.questions.values(), 1)
        ]
        sections = (
            Section("asked", self.words["question"], tuple(asked)),
            Section("unread", self.words["open"], tuple(unread)),
        )
        return Chapter("questions", self.words["questions"], sections)


def _of_the_tables(code: str) -> bool:
    """Is it a code that lawyers know (C1, A-1)? Others are named by their text alone."""
    return code[0].isupper()


def _headed(code: str, text: str) -> str:
    """The first clause of a text, behind its code where that is one of the tables."""
    clause = re.split("[;；]", text, maxsplit=1)[0]
    return f"{code} {clause}" if _of_the_tables(code) else clause


def _citations(rule: Rule) -> Iterator[Citation]:
    for version in rule.versions:
        yield from version.basis
        if version.extension:
            yield from version.extension.basis
    for basis in rule.restart_basis.values():
        yield from basis
    for pause in rule.pauses:
        yield from pause.basis
    yield from rule.consequence_basis
    yield from rule.basis
