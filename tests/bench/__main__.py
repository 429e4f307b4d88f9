"""`python -m tests.bench`: measure, print a table, write JSON."""

import argparse
import json
import multiprocessing
import platform
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

from tests.bench import bureaus, computing, deriving, serving
from tests.bench.measures import Measured, as_json, table

PARTS = ("derive", "sweep", "rates", "web")
_MONTH = date(2026, 10, 1)


def main() -> None:
    """Run the parts that were asked for; the status is 1 when a goal was missed."""
    asked = _arguments()
    rows: list[Measured] = []
    if "derive" in asked.only:
        # A process of its own, so that caches are cold and peak memory is its own.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            rows += pool.submit(deriving.run, min(asked.cases, deriving.CASES)).result()
        print(table(rows), flush=True)
    if {"sweep", "rates", "web"} & set(asked.only):
        if asked.keep is not None:
            asked.keep.mkdir(parents=True, exist_ok=True)
            rows += _on_databases(asked.keep.resolve(), asked.cases, asked.only)
        else:
            with tempfile.TemporaryDirectory(prefix="anqi-bench-") as directory:
                Path(directory).chmod(0o755)
                rows += _on_databases(Path(directory), asked.cases, asked.only)
    print("\n" + table(rows))
    asked.json.write_text(json.dumps(_document(rows, asked.cases), indent=1, ensure_ascii=False))
    raise SystemExit(int(any(row.met is False for row in rows)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="size of the databases")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--keep", type=Path, help="keep the SQLite database here, and use it again")
    parser.add_argument("--json", type=Path, default=Path("bench-results.json"))
    return parser.parse_args()


def _on_databases(directory: Path, cases: int, only: Sequence[str]) -> list[Measured]:
    settings, loading = bureaus.sqlite_settings(directory, cases)
    rows = loading.measured(cases, "SQLite") if loading else []
    with bureaus.installation.opened(settings) as engine:
        if "sweep" in only:
            rows += computing.swept(engine, "SQLite")
        if "rates" in only:
            rows += computing.rated(engine, "SQLite", _MONTH)
    print(table(rows), flush=True)
    if {"sweep", "rates"} & set(only):
        with bureaus.postgres_engine(directory, cases) as (engine, loading):
            rows += loading.measured(cases, "PostgreSQL") if loading else []
            if "sweep" in only:
                rows += computing.swept(engine, "PostgreSQL")
            if "rates" in only:
                rows += computing.rated(engine, "PostgreSQL", _MONTH)
    if "web" in only:
        rows += serving.run(settings)
    return rows


def _document(rows: Sequence[Measured], cases: int) -> dict[str, object]:
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cases": cases,
        "results": as_json(rows),
    }


if __name__ == "__main__":
    main()
