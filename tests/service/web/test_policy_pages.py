"""The policy as of a day, what changed between two, and the book of the law."""

import pytest

from service.policy_pages import routes
from service.policy_pages.book import MissingFontsError


def test_a_rule_is_shown_as_of_a_day(logged_in) -> None:
    browser = logged_in("auditor")
    before = browser.get("/policy/rules/arb_award?on=2008-04-30").text
    assert "no version entered for this day" in before
    after = browser.get("/policy/rules/arb_award?on=2008-05-01").text
    assert "no version entered for this day" not in after
    assert "45 calendar days" in after


def test_where_sources_differ_both_are_shown_with_words_and_marks(logged_in) -> None:
    page = logged_in("auditor").get("/policy/rules/insp_investigation").text
    beside = page.partition("Where sources differ")[2].partition("</dd>")[0]
    assert "应当自立案之日起60个工作日内完成" in beside
    assert "应当自立案之日起60个工作日内结案" in beside
    assert "verified: V1+V3" in beside
    assert "verified: V3" in beside


def test_a_rule_without_a_number_shows_where_one_was_looked_for(logged_in) -> None:
    page = logged_in("auditor").get("/policy/rules/emp_difficult_recognition_zj").text
    assert "document 59 of 2025" in page
    assert "P2+UNVERIFIED" in page


def test_a_rule_that_nobody_can_miss_has_a_note(logged_in) -> None:
    browser = logged_in("auditor")
    assert "If it is missed" not in browser.get("/policy/rules/wage_blacklist_term").text
    page = browser.get("/policy/rules/inj_worker_apply").text
    assert "If it is missed" in page
    assert "the same period, cited since" in page
    assert "2014-06-17" not in page


def test_the_list_shows_what_was_in_force_on_the_day(logged_in) -> None:
    browser = logged_in("caseworker")
    assert "no version entered for this day" in browser.get("/policy?on=2004-11-30").text


@pytest.mark.parametrize("page", ["/policy?on=2026-02-30", "/policy/changes?from=tomorrow"])
def test_a_day_that_does_not_exist_is_named(logged_in, page: str) -> None:
    response = logged_in("auditor").get(page)
    assert "is not a day such as 2026-03-31" in response.text


def test_what_came_into_force_between_two_days_is_listed(logged_in) -> None:
    page = logged_in("auditor").get("/policy/changes?from=2008-04-30&to=2008-05-01").text
    assert "arb_award" in page
    assert "came into force" in page
    assert "insp_investigation" not in page
    every = logged_in("auditor").get("/policy/changes?from=2000-01-01&to=2026-11-22").text
    assert "arb_award" in every
    assert "arb_migrant_wage_30d" not in every
    quiet = logged_in("auditor").get("/policy/changes?from=2009-03-02&to=2009-03-03").text
    assert "No rule changed" in quiet


def test_what_is_only_cited_anew_is_not_called_a_change(logged_in) -> None:
    page = logged_in("auditor").get("/policy/changes?from=2025-01-01&to=2026-01-01").text
    row = page.partition("<code>inj_appraisal</code>")[2].partition("</tr>")[0]
    assert "the same period, cited otherwise" in row
    assert ">changed<" not in row
    other = logged_in("auditor").get("/policy/changes?from=2017-06-30&to=2017-07-01").text
    row = other.partition("<code>arb_award</code>")[2].partition("</tr>")[0]
    assert ">changed<" in row


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "Derived from a published text"), ("zh_CN", "由公布的文本推得")]
)
def test_what_follows_from_a_plan_is_not_said_to_follow_from_articles(
    logged_in, lang: str, told: str
) -> None:
    browser = logged_in("auditor")
    browser.post("/language", language=lang)
    page = browser.get("/policy/indicators").text
    assert page.count(told) == 4


def test_the_book_shows_a_rule_with_its_worked_cases(logged_in) -> None:
    browser = logged_in("caseworker")
    assert browser.get("/policy/book").location == "/policy/book/arbitration"
    page = browser.get("/policy/book/arbitration").text
    assert 'id="arb_award"' in page
    assert "四十五日内结束" in page
    assert "due on 2025-10-30" in page
    assert browser.get("/policy/book/astrology").status_code == 404


def test_the_book_comes_as_a_pdf(logged_in) -> None:
    response = logged_in("auditor").get("/policy/book.pdf")
    if response.status_code == 302:
        pytest.skip("no fonts with Chinese characters: apt-get install fonts-noto-cjk")
    assert response.mimetype == "application/pdf"
    assert response.data.startswith(b"%PDF-")
    assert len(response.data) > 100_000


def test_without_fonts_the_reader_is_told_what_to_install(
    logged_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_args: object) -> bytes:
        raise MissingFontsError

    monkeypatch.setattr(routes, "pdf_of", missing)
    browser = logged_in("auditor")
    assert browser.get("/policy/book.pdf").location == "/policy/book"
    assert "fonts-noto-cjk" in browser.get("/policy/book/arbitration").text
