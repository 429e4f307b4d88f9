"""One of several schedulers: runs the same due runs as the others, in a process of its own.

    python -m tests.support.scheduler_process race|stuck FILE    (the database in TEST_DATABASE)

`race` does fifteen due runs and writes a line for each it was given; `stuck` begins one run,
says so, and never ends it.
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from jobs.runs import run_once
from service.db import engine_for, open_session

FIRST = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
RUNS = 15


def main(what: str, path: Path) -> None:
    """See the module."""
    engine = engine_for(os.environ["TEST_DATABASE"])

    def write(line: str) -> None:
        with path.open("a") as file:
            file.write(f"{line}\n")

    def stuck(_session: Session) -> dict[str, Any]:
        write("begun")
        time.sleep(60)
        return {}

    if what == "stuck":
        run_once(lambda: open_session(engine), "sweep", FIRST, stuck)
        return
    for number in range(RUNS):

        def work(_session: Session, number: int = number) -> dict[str, Any]:
            write(str(number))
            return {"by": os.getpid()}

        due_at = FIRST + timedelta(minutes=number)
        # Who finds another at work comes back, as a scheduler does a minute later.
        for _attempt in range(6):
            run_once(lambda: open_session(engine), "sweep", due_at, work)
            time.sleep(0.001)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
