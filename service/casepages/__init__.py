"""Case: one matter with its timeline, its deadlines and what may be done next."""

from service.casepages import (
    changes,
    classifying,
    decisions,
    editing,
    page,
    recording,
    revealing,
)
from service.casepages.blueprint import blueprint

# Importing the modules above hangs their routes on the blueprint.
__all__ = [
    "blueprint",
    "changes",
    "classifying",
    "decisions",
    "editing",
    "page",
    "recording",
    "revealing",
]
