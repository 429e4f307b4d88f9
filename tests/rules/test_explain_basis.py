"""What a deadline says it rests on: the articles of the day and the place, and no others."""

import re
from datetime import date

import pytest

from rules.deadlines import derive
from rules.differing import differing
from rules.explain import citations, steps
from rules.matter import Event, FactValue, Matter
from rules.reliance import relied_on
from rules.rulebook import builtin_rulebook
from rules.whatif import describe
from rules.worked import load_cases
from tests.rules.test_explain import account

LIMITATION = "arb_application_limitation"


def _told(place: str, *events: Event, facts: dict[str, FactValue] | None = None) -> str:
    rulebook = builtin_rulebook()
    matter = Matter("arbitration", place, events, facts or {})
    clocks = derive(matter, rulebook, date(2025, 9, 1)).clocks
    clock = [one for one in clocks if one.rule == "arb_award"][-1]
    return "\n".join(steps(clock, matter, rulebook, "zh"))


def test_a_pause_names_the_article_of_what_stopped_it_and_no_other() -> None:
    accepted = Event("case_accepted", date(2025, 6, 3))
    stopped = (Event("suspended", date(2025, 6, 10)), Event("resumed", date(2025, 6, 20)))
    talks = (
        Event("settlement_talks_started", date(2025, 6, 10)),
        Event("settlement_talks_ended", date(2025, 6, 20)),
    )
    national = _told("national", accepted, *stopped)
    assert "中止的依据：办案规则第46条第（六）项" in national
    assert "中止的依据：浙江" not in national
    zhejiang = _told("zhejiang", accepted, *talks)
    assert "中止的依据：浙江调解仲裁条例第36条" in zhejiang
    assert "中止的依据：办案规则" not in zhejiang


def test_a_pause_that_lasts_through_a_restart_keeps_its_article() -> None:
    told = _told(
        "national",
        Event("case_accepted", date(2025, 6, 3)),
        Event("suspended", date(2025, 6, 10)),
        Event("party_added_decision", date(2025, 6, 12)),
        Event("resumed", date(2025, 6, 20)),
    )
    assert "中止的依据：办案规则第46条第（六）项" in told


def test_nothing_is_cited_that_came_later() -> None:
    rulebook = builtin_rulebook()
    events = (
        Event("right_infringement_known", date(2016, 3, 1)),
        Event("time_bar_interrupted", date(2016, 6, 1)),
    )
    limitation = account(
        Matter("arbitration", "national", events), LIMITATION, date(2016, 7, 1), seq=2
    )
    assert any("Basis of the recalculation" in one and "27 para 2" in one for one in limitation)
    assert not any("Rules for Handling" in one for one in limitation)
    award = Matter("arbitration", "national", (Event("case_accepted", date(2016, 5, 20)),))
    (clock,) = derive(award, rulebook, date(2016, 6, 1)).clocks
    assert {one.article for one in citations(clock, rulebook, "en")} == {"43"}


@pytest.mark.parametrize(("place", "named"), [("quzhou", True), ("shanghai", False)])
def test_a_places_own_law_is_named_there(place: str, named: bool) -> None:
    matter = Matter("inspection", place, (Event("complaint_received", date(2025, 3, 3)),))
    told = account(matter, "insp_complaint_decision", date(2025, 3, 4), "zh")
    here = [one for one in told if one.startswith("本地另有依据：浙江监察条例第23条")]
    assert len(here) == named
    assert all("V1+V3" in one for one in here)


FILED = Event("case_filed", date(2025, 3, 3))


@pytest.mark.parametrize("place", ["shanghai", "zhejiang"])
def test_where_sources_differ_each_is_quoted_with_its_mark(place: str) -> None:
    matter = Matter("inspection", place, (FILED,))
    rulebook = builtin_rulebook()
    clocks = derive(matter, rulebook, date(2025, 3, 4)).clocks
    clock = next(one for one in clocks if one.rule == "insp_investigation")
    found = differing(clock, rulebook, "zh")
    assert found is not None
    assert "辽宁条例的六十个工作日为结案" in found.text
    national, zhejiang, liaoning = found.sources
    assert national.place == "监察条例第17条"
    assert national.words is not None
    assert national.words.startswith("应当自立案之日起60个工作日内完成")
    assert zhejiang.place == "浙江监察条例第30条"
    assert (liaoning.place, liaoning.words, liaoning.verified) == (
        "辽宁劳动监察条例第17条", "应当自立案之日起60个工作日内结案", "V3",
    )  # fmt: skip
    (told,) = describe(matter, rulebook, date(2025, 3, 4), "zh")["deadlines"][:1]
    assert told["differing"]["sources"][2].endswith("结案」（核验：V3）")


def test_every_conflict_quotes_two_sources_that_it_speaks_of() -> None:
    policy = builtin_rulebook().policy
    conflicts = {one.id: one.conflict for one in policy.rules.values() if one.conflict}
    assert len(conflicts) > 20
    for name, conflict in conflicts.items():
        assert len({(one.source, one.article) for one in conflict.basis}) >= 2, name


# What a way of counting is called, and how sources differ, is no step of this date.
_NO_STEP = ("期限", "所依据的假设", "规定不一致的处理")


def test_every_assumption_that_a_step_names_is_among_those_relied_on() -> None:
    rulebook, missing = builtin_rulebook(), set()
    for case in load_cases():
        matter = case.matter()
        for clock in derive(matter, rulebook, case.today).clocks:
            told = steps(clock, matter, rulebook, "zh")
            counted = " ".join(step for step in told if not step.startswith(_NO_STEP))
            named = set(re.findall(r"A-\d+", counted))
            missing |= {(clock.rule, one) for one in named - {*relied_on(clock, matter, rulebook)}}
    assert missing == set()


def test_an_extended_petition_and_a_suspended_limitation_rest_on_how_that_is_counted() -> None:
    rulebook = builtin_rulebook()
    petition = Matter(
        "petition",
        "national",
        (
            Event("petition_accepted", date(2025, 3, 3)),
            Event("extension_approved", date(2025, 4, 1), days=10),
        ),
        {"matter_class": "§31(6)"},
    )
    limitation = Matter(
        "arbitration",
        "national",
        (
            Event("right_infringement_known", date(2025, 3, 3)),
            Event("time_bar_suspended", date(2025, 4, 1)),
            Event("time_bar_resumed", date(2025, 5, 1)),
        ),
    )
    for matter, rule, code in ((petition, "pet_conclude", "A-6"), (limitation, LIMITATION, "A-4")):
        clocks = derive(matter, rulebook, date(2025, 6, 2)).clocks
        (clock,) = [one for one in clocks if one.rule == rule]
        assert code in relied_on(clock, matter, rulebook)
