"""A token is good for as long as its owner may work."""

from collections.abc import Callable

from tests.service.api.conftest import Program
from tests.support.office import Office


def test_a_token_works_once_its_owner_has_chosen_a_password(
    program: Callable[[str | None], Program], office: Office
):
    """Also not while a password that an administrator set anew waits to be replaced."""
    chen, owner = program("chen"), office.users["chen"]
    for waits, status in ((True, 401), (False, 200), (True, 401)):
        owner.must_change_password = waits
        office.session.commit()
        assert chen.get("/cases").status_code == status
