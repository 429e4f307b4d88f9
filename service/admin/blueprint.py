"""The blueprint that the admin pages share, and their first page."""

from functools import partial

from flask import Blueprint, render_template

from service import access
from service.web import identity
from service.web.gate import needs

blueprint = Blueprint("admin", __name__, template_folder="templates", url_prefix="/admin")


@blueprint.get("")
@needs("admin.people")
def index() -> str:
    """What there is to administer."""
    return render_template("admin/index.html", may=partial(access.may, identity.actor()))
