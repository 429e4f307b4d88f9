"""`/healthz` for monitors: does this process reach its database?"""

from flask import Blueprint, Response
from sqlalchemy import text

from service.web import database

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer `ok` after one `SELECT 1`; a database that is away is an error 500."""
    database.session().connection().execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")
