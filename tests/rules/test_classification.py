"""What a case is in law, by hand-computed tables; nothing unverified decides anything."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rules.classification import CODES, CaseFacts, Classification, classify
from rules.policy import Policy
from rules.rulebook import builtin_rulebook

DAY = date(2025, 8, 1)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return builtin_rulebook().policy


def asked(
    policy: Policy, code: str, place: str = "national", on: date = DAY, **known: Any
) -> Classification:
    """The one classification of a case of which this is known."""
    facts = CaseFacts(**{"procedure": "arbitration", **known})
    return {one.code: one for one in classify(facts, place, on, policy)}[code]


def codes(policy: Policy, place: str = "national", **known: Any) -> set[str]:
    return {one.code for one in classify(CaseFacts(**known), place, DAY, policy)}


def test_every_code_of_the_policy_is_judged_and_every_question_is_a_fact(policy: Policy) -> None:
    assert set(policy.classifications.classifications) == set(CODES)
    names = {field.name for field in fields(CaseFacts)} - {"procedure"}
    assert set(policy.classifications.questions) == names


@pytest.mark.parametrize(
    ("claimants", "common", "contract", "holds"),
    [
        (10, True, False, "yes"),
        (9, True, False, "no"),
        (10, False, False, "no"),
        (2, False, True, "yes"),
        (None, True, False, "ask"),
        (10, None, False, "yes"),
    ],
)
def test_ten_workers_with_a_common_claim_are_collective(
    policy: Policy, claimants: int | None, common: bool | None, contract: bool, holds: str
) -> None:
    found = asked(
        policy,
        "collective_case",
        claimants=claimants,
        common_claim=common,
        collective_contract=contract,
    )
    assert found.holds == holds
    assert found.asks == (("claimants",) if claimants is None else ())
    assert ("推定" in found.why.zh) == (common is None)


@pytest.mark.parametrize(("number", "holds"), [(2, "no"), (3, "yes"), (5, "yes"), (6, "no")])
def test_a_collective_case_has_three_to_five_representatives(
    policy: Policy, number: int, holds: str
) -> None:
    for place in ("national", "quzhou"):
        found = asked(
            policy, "collective_representatives", place, claimants=12, representatives=number
        )
        assert found.holds == holds
        assert "3–5" in found.why.en


def test_representatives_of_a_single_claim_are_not_asked_for(policy: Policy) -> None:
    assert "collective_representatives" not in codes(policy, procedure="arbitration", claimants=3)
    assert not codes(policy, procedure="petition", claimants=1)
    assert not codes(policy, procedure="inspection", claimants=30)


@pytest.mark.parametrize(
    ("claimants", "number", "holds"),
    [(5, None, "yes"), (6, None, "ask"), (30, 5, "yes"), (30, 6, "no")],
)
def test_at_most_five_come_to_complain_in_zhejiang_or_to_petition(
    policy: Policy, claimants: int, number: int | None, holds: str
) -> None:
    known: dict[str, Any] = {"claimants": claimants, "representatives": number}
    complaint = asked(
        policy, "complaint_representatives", "zhejiang", procedure="inspection", **known
    )
    petition = asked(policy, "petition_representatives", procedure="petition", **known)
    assert (complaint.holds, petition.holds) == (holds, holds)


@pytest.mark.parametrize(
    ("claimants", "track", "holds"),
    [(12, "ordinary", "yes"), (12, None, "yes"), (12, "simplified", "no"), (9, None, "no")],
)
def test_a_collective_case_has_three_arbitrators_unless_simplified(
    policy: Policy, claimants: int, track: str | None, holds: str
) -> None:
    found = asked(policy, "panel_of_three", claimants=claimants, common_claim=True, track=track)
    assert found.holds == holds
    assert "3名" in found.why.zh


NO_BARS: dict[str, Any] = {
    "public_interest": False, "social_impact": False, "respondent_missing": False,
}  # fmt: skip


def test_simple_handling_asks_for_the_average_wage_no_source_gives(policy: Policy) -> None:
    found = asked(policy, "simplified_procedure", amount=Decimal(50_000), **NO_BARS)
    assert found.holds == "ask"
    assert found.asks == ("facts_clear", "both_agree", "average_wage")
    assert "average wage is in none of the sources" in found.why.en


@pytest.mark.parametrize(
    ("known", "holds"),
    [
        ({"amount": Decimal(90_000), "average_wage": Decimal(90_000)}, "yes"),
        (
            {
                "amount": Decimal("90000.01"),
                "average_wage": Decimal(90_000),
                "facts_clear": False,
                "both_agree": False,
            },
            "no",
        ),
        ({"facts_clear": True}, "yes"),
        ({"both_agree": True}, "yes"),
        ({"both_agree": True, "respondent_missing": True}, "no"),
        ({"both_agree": True, "public_interest": True}, "no"),
        ({"facts_clear": True, "social_impact": True}, "no"),
        ({"facts_clear": True, "social_impact": None}, "ask"),
    ],
)
def test_one_ground_allows_simple_handling_and_one_bar_forbids_it(
    policy: Policy, known: dict[str, Any], holds: str
) -> None:
    assert asked(policy, "simplified_procedure", **{**NO_BARS, **known}).holds == holds


# The ceilings of twelve months worked out by hand: place, tier, day, yuan.
CEILINGS = [
    ("chongming", None, date(2024, 6, 30), 32_280),
    ("xuhui", None, date(2025, 7, 1), 32_880),
    ("shanghai", None, date(2025, 6, 30), 32_280),
    ("shanghai", None, date(2023, 6, 30), 31_080),
    ("zhejiang", 1, date(2024, 1, 1), 29_880),
    ("zhejiang", 2, date(2025, 12, 31), 27_120),
    ("quzhou", 3, date(2025, 3, 3), 24_120),
    ("liaoning", 1, date(2021, 11, 1), 22_920),
    ("liaoning", 2, date(2023, 12, 31), 20_520),
    ("liaoning", 3, date(2022, 5, 5), 18_960),
    ("lingyuan", 4, date(2022, 5, 5), 17_040),
]


@pytest.mark.parametrize(("place", "tier", "on", "ceiling"), CEILINGS)
def test_an_item_is_final_up_to_twelve_months_of_the_wage_of_the_day(
    policy: Policy, place: str, tier: int | None, on: date, ceiling: int
) -> None:
    for cents, holds in ((0, "yes"), (1, "no")):
        item = Decimal(ceiling) + Decimal(cents) / 100
        found = asked(policy, "final_award", place, on, items=(item,), minimum_wage_tier=tier)
        assert found.holds == holds
        assert str(ceiling) in found.why.zh
        assert "未规定以哪一日" in found.why.zh
        assert found.verified == "P2"


@pytest.mark.parametrize(
    ("place", "tier", "on", "shown"),
    [
        # Not found; not confirmed; known only until when; a page that is no source.
        ("chongming", None, date(2026, 7, 1), None),
        ("liaoning", 1, date(2024, 1, 1), None),
        ("shanghai", None, date(2021, 6, 30), 29_760),
        ("zhejiang", 1, date(2023, 12, 31), 27_360),
        ("zhejiang", 1, date(2026, 1, 1), 31_920),
        ("zhejiang", 2, date(2026, 1, 1), 29_160),
        ("quzhou", 3, date(2026, 1, 1), 26_160),
        ("national", None, date(2025, 1, 1), None),
    ],
)
def test_an_unverified_wage_asks_and_shows_what_is_known(
    policy: Policy, place: str, tier: int | None, on: date, shown: int | None
) -> None:
    found = asked(policy, "final_award", place, on, items=(Decimal(1),), minimum_wage_tier=tier)
    assert (found.holds, found.asks) == ("ask", ("minimum_wage",))
    assert shown is None or f"{shown}元，仅供参考" in found.why.zh
    entered = asked(
        policy, "final_award", place, on, items=(Decimal(24_000),), minimum_wage=Decimal(2_000)
    )
    assert entered.holds == "yes"


def test_without_the_tier_only_what_every_tier_agrees_on_is_decided(policy: Policy) -> None:
    for amount, holds in ((24_120, "yes"), (24_121, "ask"), (29_880, "ask"), (29_881, "no")):
        found = asked(policy, "final_award", "quzhou", date(2025, 3, 3), items=(Decimal(amount),))
        assert found.holds == holds
        assert "衢州适用浙江哪一档未能确认" in found.why.zh
    assert asked(
        policy, "final_award", "quzhou", date(2025, 3, 3), items=(Decimal(29_880),)
    ).asks == ("minimum_wage_tier",)


def test_mixed_items_are_split_nationally_and_not_final_in_zhejiang(policy: Policy) -> None:
    items = (Decimal(100), Decimal(90_000), Decimal(200))
    shanghai = asked(policy, "final_award", "shanghai", items=items)
    zhejiang = asked(policy, "final_award", "zhejiang", items=items)
    assert (shanghai.holds, zhejiang.holds) == ("part", "no")
    assert "Items 1, 3 are within the ceiling, items 2 exceed it" in shanghai.why.en
    assert "分别制作裁决书" in shanghai.why.zh
    assert "浙江规定按非终局裁决处理" in zhejiang.why.zh
    assert ("zhejiang_mediation_arbitration_regulation", "37") in [
        (one.source, one.article) for one in zhejiang.basis
    ]


@pytest.mark.parametrize(
    ("place", "workers", "months", "one", "total", "holds"),
    [
        ("lingyuan", 1, 3, 10_000, 10_000, "yes"),
        ("lingyuan", 1, 3, 9_999, 9_999, "no"),
        ("lingyuan", 1, 2, 50_000, 50_000, "no"),
        ("lingyuan", 10, 1, 5_000, 50_000, "yes"),
        ("lingyuan", 9, 1, 9_000, 80_000, "no"),
        ("lingyuan", 10, 1, 4_999, 49_999, "no"),
        # Unverified places: certain outside the national span only.
        ("chongming", 1, 3, 5_000, 5_000, "ask"),
        ("chongming", 1, 3, 19_999, 19_999, "ask"),
        ("chongming", 1, 3, 20_000, 20_000, "yes"),
        ("chongming", 1, 3, 4_999, 4_999, "no"),
        ("quzhou", 10, 1, 3_000, 30_000, "ask"),
        ("quzhou", 10, 1, 10_000, 100_000, "yes"),
        ("quzhou", 10, 1, 2_999, 29_999, "no"),
    ],
)
def test_the_amount_of_the_crime_is_the_places_own(
    policy: Policy, place: str, workers: int, months: int, one: int, total: int, holds: str
) -> None:
    found = asked(
        policy,
        "crime_amount",
        place,
        procedure="wage_arrears",
        unpaid_workers=workers,
        unpaid_months=months,
        unpaid_one=Decimal(one),
        unpaid_total=Decimal(total),
    )
    assert found.holds == holds
    assert ("本地具体数额未能核实" in found.why.zh) == (place != "lingyuan")
    shown = (
        "10000元以上，或者10名以上劳动者且累计50000元" if place == "lingyuan" else "5000–20000元"
    )
    assert shown in found.why.zh
    assert found.verified == ("P2" if place == "lingyuan" else "V1")


def test_the_crime_asks_for_the_facts_that_would_decide_it(policy: Policy) -> None:
    found = asked(
        policy, "crime_amount", "lingyuan", procedure="inspection", unpaid_total=Decimal(60_000)
    )
    assert (found.holds, found.asks) == ("ask", ("unpaid_months", "unpaid_one", "unpaid_workers"))
    assert "crime_amount" not in codes(policy, procedure="inspection")


@pytest.mark.parametrize(
    ("one", "incident", "expired", "holds"),
    [
        (10_000, False, True, "yes"),
        (10_000, False, False, "no"),
        (10_000, False, None, "ask"),
        (9_999, False, True, "no"),
        (9_999, True, True, "yes"),
        (9_999, True, False, "no"),
    ],
)
def test_listing_needs_the_amount_or_an_incident_and_an_order_that_expired(
    policy: Policy, one: int, incident: bool, expired: bool | None, holds: str
) -> None:
    found = asked(
        policy,
        "joint_sanction",
        "liaoning",
        procedure="wage_arrears",
        unpaid_workers=1,
        unpaid_months=4,
        unpaid_one=Decimal(one),
        group_or_extreme=incident,
        order_expired_unpaid=expired,
    )
    assert found.holds == holds
    assert found.verified == "P2"


def test_listing_asks_where_the_local_number_is_unknown(policy: Policy) -> None:
    found = asked(
        policy,
        "joint_sanction",
        "chongming",
        procedure="wage_arrears",
        unpaid_workers=1,
        unpaid_months=4,
        unpaid_one=Decimal(9_000),
        order_expired_unpaid=True,
    )
    assert (found.holds, found.asks) == ("ask", ("group_or_extreme",))
    before = asked(
        policy,
        "joint_sanction",
        on=date(2021, 12, 31),
        procedure="wage_arrears",
        order_expired_unpaid=True,
    )
    assert before.holds == "no"
    assert "2022-01-01" in before.why.en


@pytest.mark.parametrize("procedure", ["arbitration", "inspection"])
def test_over_age_workers_are_admitted_from_july_2026(policy: Policy, procedure: str) -> None:
    code = f"over_age_{procedure}"
    known: dict[str, Any] = {"procedure": procedure, "over_age": True}
    article = {"arbitration": "19", "inspection": "20"}[procedure]
    for on, covered, holds in (
        (date(2026, 6, 30), True, "no"),
        (date(2026, 7, 1), True, "yes"),
        (date(2026, 7, 1), False, "no"),
        (date(2026, 7, 1), None, "ask"),
    ):
        found = asked(policy, code, on=on, over_age_matter=covered, **known)
        assert found.holds == holds
        assert [(one.source, one.article) for one in found.basis] == [
            ("over_age_provisions", article)
        ]
    assert code not in codes(policy, procedure=procedure, over_age=False)


def test_the_district_decides_on_advances_up_to_three_million(policy: Policy) -> None:
    for yuan, holds in (("3000000", "yes"), ("3000000.01", "no")):
        found = asked(
            policy,
            "district_advance",
            "chongming",
            procedure="wage_arrears",
            advance_amount=Decimal(yuan),
        )
        assert (found.holds, found.verified) == (holds, "P2")
    known = {"procedure": "wage_arrears", "advance_amount": Decimal(1)}
    assert "district_advance" not in codes(policy, "zhejiang", **known)
    assert "district_advance" not in codes(policy, "national", **known)


def test_every_answer_says_why_in_both_languages(policy: Policy) -> None:
    facts = CaseFacts(
        "arbitration", claimants=12, items=(Decimal(1), Decimal(99_999)), over_age=True
    )
    for found in classify(facts, "quzhou", date(2026, 7, 1), policy):
        assert found.why.zh.endswith("。")
        assert found.why.en.endswith(".")
        assert "{" not in found.why.zh + found.why.en
        assert found.basis
        assert all(one.article in policy.sources[one.source].articles for one in found.basis)
        assert (found.holds == "ask") or not found.asks
