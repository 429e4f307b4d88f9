"""The blueprint that the admin pages share, and their first page."""

from flask import Blueprint, render_template

from service.web.gate import needs

blueprint = Blueprint("admin", __name__, template_folder="templates", url_prefix="/admin")


@blueprint.get("")
@needs("admin.people")
def index() -> str:
    """What there is to administer."""
    return render_template("admin/index.html")
