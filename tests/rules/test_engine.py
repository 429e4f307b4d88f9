"""durable_rules inside the narrow shape in which it is right, and no trace left behind."""

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import durable_rules_engine
import pytest

from rules import engine as engine_module
from rules.deadlines import derive
from rules.engine import BATCH, MOST_RULES_A_FACT, Engine, EngineError, compile_procedure
from rules.matter import Event, Matter
from rules.policy import Policy, load_policy
from rules.rulebook import load_rulebook
from rules.schema import Condition
from tests.rules.histories import TODAY, histories


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


@pytest.fixture(scope="module")
def engine(policy: Policy) -> Engine:
    return Engine(policy)


def fact(event: str, **flags: str | int) -> dict[str, str | int]:
    return {"type": event, "in_national": 1, **flags}


MIXED = [
    fact("case_accepted"),
    fact("award_received"),
    fact("complaint_received"),  # no rule of arbitration knows it
    fact("case_accepted", in_zhejiang=1, fact_track="simplified"),
    fact("suspended"),
]


def test_a_fact_fires_every_rule_that_matches_it(engine: Engine) -> None:
    accepted, _, unknown, zhejiang, suspended = engine.fire("arbitration", MIXED)
    assert "start:arb_award:case_accepted" in accepted
    assert "end:arb_acceptance_decision:case_accepted" in accepted
    assert "start:arb_simplified_award_zj:case_accepted" not in accepted
    assert unknown == frozenset()
    assert "start:arb_simplified_award_zj:case_accepted" in zhejiang
    assert suspended == {"pause:arb_award:0"}


def test_more_facts_than_one_batch_are_each_answered_in_order(engine: Engine) -> None:
    facts = MIXED * (3 * BATCH // len(MIXED) + 7)
    assert len(facts) > 3 * BATCH
    one_by_one = [engine.fire("arbitration", [one])[0] for one in MIXED]
    assert engine.fire("arbitration", facts) == one_by_one * (len(facts) // len(MIXED))


def test_nothing_stays_in_working_memory(engine: Engine) -> None:
    """A fact left behind would answer the same fact of the next batch, or refuse it."""
    first = engine.fire("inspection", [fact("case_filed")] * 5)
    for _ in range(50):
        assert engine.fire("inspection", [fact("case_filed")] * 5) == first
    handle = engine._ruleset("inspection")
    with pytest.raises(Exception, match=r"state|sid|[Ff]ound|error"):
        durable_rules_engine.get_facts(handle, engine_module.SESSION)


def test_words_beyond_ascii_are_compared(policy: Policy) -> None:
    """The engine by itself matches no text with a § or a Chinese character in it."""
    rule = policy.rules["arb_award"]
    wanted = "第三十一条§31(6)"
    asked = rule.model_copy(update={"requires": (Condition(fact="track", equals=wanted),)})
    changed = replace(policy, rules={**policy.rules, rule.id: asked})
    fired = Engine(changed).fire(
        "arbitration",
        [fact("case_accepted", fact_track=word) for word in (wanted, "第三十一条§31(5)")],
    )
    assert ["start:arb_award:case_accepted" in names for names in fired] == [True, False]


def test_no_facts_are_no_answers(engine: Engine) -> None:
    assert engine.fire("arbitration", []) == []


def test_a_lost_sentinel_is_an_error_and_the_next_batch_is_right(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = durable_rules_engine.assert_facts

    def dropping(handle: Any, rows: str) -> Any:
        return whole(handle, json.dumps(json.loads(rows)[:-1]))

    monkeypatch.setattr(durable_rules_engine, "assert_facts", dropping)
    with pytest.raises(EngineError, match="sentinel"):
        engine.fire("arbitration", MIXED)
    monkeypatch.undo()
    assert engine.fire("arbitration", MIXED[:1])[0]


def test_a_fact_that_cannot_be_read_is_an_error_not_a_gap(engine: Engine) -> None:
    facts = [fact("case_accepted"), fact("case_accepted", weird=float("inf")), *MIXED]  # type: ignore[arg-type]
    with pytest.raises(EngineError):
        engine.fire("arbitration", facts)
    assert engine.fire("arbitration", MIXED[:1])[0]


def test_more_rules_on_one_event_than_the_engine_bears_are_refused(policy: Policy) -> None:
    rule = policy.rules["arb_employer_set_aside"]

    def with_copies(number: int) -> Policy:
        copies = {
            f"{rule.id}_{n}": rule.model_copy(update={"id": f"{rule.id}_{n}"})
            for n in range(number - 1)
        }
        return Policy(**{**vars(policy), "rules": {**policy.rules, **copies}})

    assert compile_procedure(with_copies(MOST_RULES_A_FACT), "arbitration")
    with pytest.raises(EngineError, match=r"61 rules match (final_award_received|set_aside_filed)"):
        compile_procedure(with_copies(MOST_RULES_A_FACT + 1), "arbitration")


def test_the_most_rules_on_one_event_all_fire(policy: Policy) -> None:
    rule = policy.rules["arb_employer_set_aside"]
    copies = {
        f"{rule.id}_{n}": rule.model_copy(update={"id": f"{rule.id}_{n}"})
        for n in range(MOST_RULES_A_FACT - 1)
    }
    large = Engine(Policy(**{**vars(policy), "rules": {**policy.rules, **copies}}))
    fired = large.fire("arbitration", [fact("final_award_received")] * 10)
    assert {len(names) for names in fired} == {MOST_RULES_A_FACT}


def test_rules_that_are_off_are_not_compiled(policy: Policy) -> None:
    off = policy.rules["arb_award"].model_copy(update={"use": "off"})
    changed = Policy(**{**vars(policy), "rules": {**policy.rules, "arb_award": off}})
    names = compile_procedure(changed, "arbitration")
    assert not any(":arb_award:" in name for name in names)
    assert any(":arb_award:" in name for name in compile_procedure(policy, "arbitration"))


def test_compiling_does_not_change_what_is_compiled(engine: Engine, policy: Policy) -> None:
    engine.fire("arbitration", MIXED)
    assert engine.definitions == {
        name: compile_procedure(policy, name) for name in policy.procedures
    }


def test_the_engine_starts_no_thread(policy: Policy) -> None:
    before = set(threading.enumerate())
    Engine(policy).fire("arbitration", MIXED)
    assert set(threading.enumerate()) == before


def test_many_threads_get_the_same_answers() -> None:
    rulebook, alone = load_rulebook(), load_rulebook()
    matters = list(histories(400, seed=21))
    expected = [derive(matter, alone, TODAY) for matter in matters]

    def all_of_them(_number: int) -> list[object]:
        return [derive(matter, rulebook, TODAY) for matter in matters]

    with ThreadPoolExecutor(max_workers=6) as pool:
        for answer in pool.map(all_of_them, range(6)):
            assert answer == expected


def test_plans_forgotten_for_want_of_room_are_made_again() -> None:
    rulebook = load_rulebook()
    matter = Matter("arbitration", "national", (Event("case_accepted", date(2025, 6, 3)),))
    first = derive(matter, rulebook, TODAY)
    rulebook.planner.forget()
    assert derive(matter, rulebook, TODAY) == first


FORKING = """
import os, sys
from datetime import date
from rules.deadlines import derive
from rules.matter import Event, Matter
from rules.rulebook import builtin_rulebook

def due(on):
    matter = Matter("arbitration", "national", (Event("case_accepted", on),) * 1)
    other = Matter("inspection", "national", (Event("case_filed", on), Event("case_dropped", on)))
    book = builtin_rulebook()
    book.planner.forget()
    return [c.due_on for m in (matter, other) for c in derive(m, book, on).clocks]

expected = due(date(2025, 6, 3))
children = []
for _ in range(3):
    pid = os.fork()
    if pid == 0:
        os._exit(0 if all(due(date(2025, 6, 3)) == expected for _ in range(20)) else 1)
    children.append(pid)
same = all(due(date(2025, 6, 3)) == expected for _ in range(20))
codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
sys.exit(0 if same and codes == [0, 0, 0] else 1)
"""


def test_a_child_of_a_fork_has_an_engine_of_its_own() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", FORKING], cwd=root, timeout=120, check=False)
    assert done.returncode == 0
