"""One transaction per use case."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from sqlmodel import Session

P = ParamSpec("P")
R = TypeVar("R")


def one_transaction(
    use_case: Callable[Concatenate[Session, P], R],
) -> Callable[Concatenate[Session, P], R]:
    """Commit when the use case returns; when it raises, roll back everything it wrote."""

    @wraps(use_case)
    def run(session: Session, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            result = use_case(session, *args, **kwargs)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        return result

    return cast("Callable[Concatenate[Session, P], R]", run)
