"""What the API says of people depends on whose token asks."""

from collections.abc import Callable

import pytest

from tests.service.api.conftest import Program
from tests.support.office import Office, employer, worker


@pytest.mark.parametrize(("name", "reads"), [("chen", True), ("auditor", True), ("analyst", False)])
def test_an_analyst_is_told_nothing_that_somebody_typed_about_a_person(
    program: Callable[[str | None], Program], office: Office, name: str, reads: bool
):
    case = office.register(
        "complaint",
        parties=[worker("complainant", address="Dock Lane 9"), employer("employer")],
        title="Wages of Li at the dock",
        summary="She came three times.",
    )
    office.record(case, "complaint_accepted", office.today, note="With her brother.")
    number = case.number
    answers = [program(name).get(path).json for path in (f"/cases/{number}", "/cases")]
    for said in ("Dock Lane 9", "Wages of Li", "She came three times.", "With her brother."):
        assert (said in str(answers[0])) is reads, said
    assert ("Wages of Li" in str(answers[1])) is reads
