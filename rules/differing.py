"""Where sources differ on a limit: which was followed, and the words of each."""

from dataclasses import dataclass

from rules.citing import Citation, cited, in_force
from rules.matter import Clock
from rules.rulebook import Rulebook
from rules.wording import Wording


@dataclass(frozen=True, slots=True)
class Differing:
    """What was decided between sources, also as a sentence that stands alone (`told`), and those
    of them in force when the clock began."""

    text: str
    told: str
    sources: list[Citation]


def differing(clock: Clock, rulebook: Rulebook, language: str) -> Differing | None:
    """Of a clock's rule, in "zh" or "en"; None where no source says otherwise."""
    conflict = rulebook.policy.rules[clock.rule].conflict
    if conflict is None:
        return None
    say = Wording(rulebook, language)
    basis = in_force(conflict.basis, clock.started_on, rulebook)
    text = conflict.text[say.language]
    return Differing(text, say("conflict", text=text), cited(basis, rulebook, language))
